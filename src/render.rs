//! stub
use crate::engine::Engines;
use crate::model::*;
/// stub
pub fn render(_: &InstanceInput, _: &Engines) -> InstanceOutput {
    InstanceOutput::default()
}
