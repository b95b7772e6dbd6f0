//! Promises about the border of a job.

use crate::load::{Memory, Side, fixtures};
use crate::model::{InstanceInput, Sources};
use crate::render::render;

use super::{Options, prepare};

/// A job's input is complete and plain: written as JSON and read again, as a cache or another machine would, it is the
/// same input and gives the same output.
#[test]
fn an_instance_rendered_from_its_serialised_input_is_the_same() {
    let world: Memory = fixtures()
        .files()
        .filter_map(|(path, bytes)| {
            Some((path.strip_prefix("fixtures/shop").ok()?.to_owned(), bytes.to_vec()))
        })
        .collect();
    let side = Side::of(&world);
    let loaded = prepare(side, None, &Options::default(), &mut Sources::default()).unwrap();
    let plan = loaded.plan(side).unwrap().value.expect("the example can be planned");
    assert!(plan.instances.len() > 20, "only {} instances", plan.instances.len());
    for instance in &plan.instances {
        let text = serde_json::to_string(instance).unwrap();
        let again: InstanceInput = serde_json::from_str(&text).unwrap();
        assert_eq!(&again, instance, "{}", instance.folder);
        let (output, expected) = (render(&again, &loaded.engines), render(instance, &loaded.engines));
        assert_eq!(output, expected, "{}", instance.folder);
        assert!(!expected.artifacts.is_empty(), "{} is empty", instance.folder);
    }
}
