//! The fast reader against the complete one: the same tree, place by place, or none.

use proptest::prelude::*;

use crate::builder::Documents;
use crate::reader::{Source, read_events};
use crate::texts::{Dice, document, mutate};
use crate::{FileId, Limits, Resolution, scanner, text};

/// Whether the fast reader read it; it must agree with the complete one then.
fn agree(input: &str, limits: &Limits) -> Result<bool, TestCaseError> {
    let file = FileId(7);
    if text::decode(input.as_bytes(), file, limits).is_err() {
        return Ok(false);
    }
    let mut fast_reads = false;
    for resolution in [Resolution::Spec, Resolution::Kubernetes] {
        for documents in [Documents::One, Documents::Any] {
            let source = Source { text: input, file, resolution, limits };
            if let Some(fast) = scanner::scan(source, documents) {
                fast_reads = true;
                prop_assert_eq!(Ok(fast), read_events(source, documents), "{:?}", input);
            }
        }
    }
    Ok(fast_reads)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(20_000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_readers_agree_on_documents(seed: u64) {
        agree(&document(&mut Dice::new(seed)), &Limits::default())?;
    }

    #[test]
    fn both_readers_agree_on_documents_with_mistakes(seed: u64) {
        let mut dice = Dice::new(seed);
        let text = document(&mut dice);
        agree(&mutate(&mut dice, &text), &Limits::default())?;
    }

    #[test]
    fn both_readers_agree_on_limits(seed: u64, depth in 0_usize..6, nodes in 0_usize..20) {
        let limits = Limits { depth, nodes, ..Limits::default() };
        agree(&document(&mut Dice::new(seed)), &limits)?;
    }
}

#[test]
fn the_fast_reader_reads_a_good_part_of_the_documents() {
    let read = (0..2_000).filter(|seed| {
        let text = document(&mut Dice::new(*seed));
        matches!(agree(&text, &Limits::default()), Ok(true))
    });
    let count = read.count();
    assert!(count > 400, "only {count} of 2,000");
}
