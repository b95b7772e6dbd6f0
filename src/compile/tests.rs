//! Promises about the border of a job.

use crate::load::{Memory, fixtures};
use crate::model::InstanceInput;
use crate::render::render;

use super::{Compilation, Options, load};

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
    let mut made = Compilation::default();
    let loaded = load(&world, &Options::default(), &mut made).unwrap().expect("the example can be read");
    let plan = loaded.plan(&world, &made).unwrap().value.expect("the example can be planned");
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
