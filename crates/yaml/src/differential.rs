//! The fast reader against the complete one: the same tree, place by place, or none. Both against `yaml_serde`, which
//! is built on libyaml; and what must hold for every text whatever.

use proptest::prelude::*;

use crate::builder::Documents;
use crate::reader::{Source, read_events};
use crate::texts::{Dice, document, mutate};
use crate::{FileId, Limits, Node, Resolution, Value, parse, parse_documents, scanner, text};

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

/// Compares with another parser where both read the text; what readers are known to disagree on is left out.
fn agree_with_libyaml(text: &str) -> Result<(), TestCaseError> {
    let Ok(ours) = parse(text.as_bytes(), FileId(0), Resolution::Spec, &Limits::default()) else {
        return Ok(());
    };
    // It takes a byte order mark for a column.
    let Ok(theirs) = yaml_serde::from_str::<yaml_serde::Value>(text.trim_start_matches('\u{feff}')) else {
        return Ok(());
    };
    // It does not apply merge keys by itself, nor refuse other tags.
    if text.contains("<<") || text.contains('!') {
        return Ok(());
    }
    prop_assert!(same_value(&ours, &theirs), "{:?}\n{:?}\n{:?}", text, ours, theirs);
    Ok(())
}

fn same_value(ours: &Node, theirs: &yaml_serde::Value) -> bool {
    use yaml_serde::Value as Theirs;
    if ours.ambiguous {
        return true;
    }
    match (&ours.value, theirs) {
        (Value::Null, Theirs::Null) => true,
        (Value::Bool(ours), Theirs::Bool(theirs)) => ours == theirs,
        (Value::Number(ours), Theirs::Number(theirs)) => Some(ours.as_f64()) == theirs.as_f64(),
        (Value::String(ours), Theirs::String(theirs)) => ours == theirs,
        (Value::Sequence(ours), Theirs::Sequence(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(ours, theirs)| same_value(ours, theirs))
        }
        (Value::Mapping(ours), Theirs::Mapping(theirs)) => {
            let pairs = ours.iter().zip(theirs.iter());
            ours.len() == theirs.len()
                && pairs.into_iter().all(|(entry, (key, value))| {
                    key.as_str().is_none_or(|key| key == entry.key) && same_value(&entry.value, value)
                })
        }
        _ => false,
    }
}

fn places_hold(node: &Node, text: &str) -> Result<(), TestCaseError> {
    let range = node.span.range();
    prop_assert_eq!(node.span.file, FileId(7));
    prop_assert!(text.get(range.clone()).is_some(), "{:?} {:?}", text, node);
    // What lies below an alias keeps the places of the anchor.
    if text.contains('*') {
        return Ok(());
    }
    let mut reached = range.start;
    let mut inner = |span: crate::Span| {
        prop_assert!(span.range().start >= reached && span.range().end <= range.end, "{:?} {:?}", text, node);
        reached = span.range().end;
        Ok(())
    };
    for item in node.as_sequence().unwrap_or_default() {
        inner(item.span)?;
        places_hold(item, text)?;
    }
    for entry in node.as_mapping().into_iter().flatten() {
        if !text.contains("<<") {
            inner(entry.key_span)?;
            inner(entry.value.span)?;
        }
        places_hold(&entry.value, text)?;
    }
    Ok(())
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
    fn libyaml_reads_the_same_values(seed: u64) {
        let text = document(&mut Dice::new(seed));
        agree_with_libyaml(&text)?;
    }

    #[test]
    fn places_lie_in_the_text_and_in_each_other(seed: u64) {
        let mut dice = Dice::new(seed);
        let text = document(&mut dice);
        let text = if seed % 2 == 0 { mutate(&mut dice, &text) } else { text };
        for resolution in [Resolution::Spec, Resolution::Kubernetes] {
            match parse_documents(text.as_bytes(), FileId(7), resolution, &Limits::default()) {
                Ok(documents) => documents.iter().try_for_each(|node| places_hold(node, &text))?,
                Err(errors) => {
                    prop_assert!(!errors.is_empty());
                    for error in errors {
                        prop_assert!(text.get(error.span.range()).is_some(), "{:?} {:?}", text, error);
                        prop_assert!(!error.to_string().is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn any_bytes_end_in_a_tree_or_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..40), seed: u64) {
        let mut dice = Dice::new(seed);
        let text = document(&mut dice);
        let at = dice.roll(text.len() + 1);
        bytes.splice(0..0, text.bytes().take(at));
        let _ = parse_documents(&bytes, FileId(0), Resolution::Spec, &Limits::default());
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
