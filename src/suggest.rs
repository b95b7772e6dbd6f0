//! Did you mean.

/// The candidate nearest to a word, where one is near enough to be meant.
///
/// Near is at most one edit for every three characters (two at least for words of four), swapped neighbours counting as
/// one edit and case as none. Of equally near candidates the first wins.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().take(MOST) {
        let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        let limit = match word.len().max(other.len()) {
            0..=2 => 0,
            3 => 1,
            length => (length / 3).max(2),
        };
        if word.len().abs_diff(other.len()) > limit {
            continue;
        }
        let distance = distance(&word, &other);
        if distance <= limit && best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// The help that goes with a suggestion.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// How many candidates are looked at: hostile files have many.
const MOST: usize = 1000;

/// Names are shorter; what is longer is no misspelt name.
const LONGEST: usize = 100;

/// Edits between two words: insert, delete, replace, swap neighbours (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = Vec::with_capacity(right.len() + 1);
        row.push(i + 1);
        for (j, b) in right.iter().enumerate() {
            let replace = last[j] + usize::from(a != b);
            let mut edits = replace.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                edits = edits.min(before_last[j - 1] + 1);
            }
            row.push(edits);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let types = ["postgres", "redis", "dns", "route", "s3", "service"];
        let table = [
            ("postgress", Some("postgres")),
            ("psotgres", Some("postgres")),
            ("Redis", Some("redis")),
            ("rotue", Some("route")),
            ("dn", Some("dns")),
            ("dsn", Some("dns")),
            ("servce", Some("service")),
            ("kafka", None),
            ("", None),
            ("S3", Some("s3")),
        ];
        for (word, expected) in table {
            assert_eq!(suggest(word, types).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn a_very_long_word_costs_nothing() {
        assert_eq!(suggest(&"x".repeat(1_000_000), ["y"]), None);
    }
}
