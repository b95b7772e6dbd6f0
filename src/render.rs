//! One job an instance: lower the workload, run the templates, check and emit each object.

pub mod emit;
pub mod manifest;

use crate::engine::Engines;
use crate::model::*;
/// stub
pub fn render(_: &InstanceInput, _: &Engines) -> InstanceOutput {
    InstanceOutput::default()
}
