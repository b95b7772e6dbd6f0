use super::{Phrase, phrase::Piece};
use crate::cli::{safe, terminal::Paint};

/// Fills a phrase into lines of a width: the first begins behind `first`, the others behind `rest`. Names are painted
/// and never broken.
pub(crate) fn wrap(phrase: &Phrase, first: &str, rest: &str, width: usize, paint: Option<Paint>) -> String {
    let mut out = first.to_owned();
    let mut column = visible(first);
    let mut fresh = true;
    for word in words(phrase, paint) {
        let blanks = usize::from(word.blank && !fresh);
        if !fresh && word.blank && column + blanks + word.width > width {
            out.push('\n');
            out.push_str(rest);
            column = rest.chars().count();
        } else {
            out.push_str(" ".get(..blanks).unwrap_or_default());
            column += blanks;
        }
        out.push_str(&word.text);
        column += word.width;
        fresh = false;
    }
    out
}

/// The width of text that we painted ourselves: without its colours.
fn visible(painted: &str) -> usize {
    let mut parts = painted.split('\u{1b}');
    let plain = parts.next().map_or(0, |part| part.chars().count());
    parts.fold(plain, |width, part| width + part.chars().skip_while(|c| *c != 'm').skip(1).count())
}

/// What stays on one line: text, its width without colour, and whether a blank is in front.
struct Word {
    text: String,
    width: usize,
    blank: bool,
}

/// Cuts a phrase at the blanks of our own words; what touches stays together.
fn words(phrase: &Phrase, paint: Option<Paint>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut blank = false;
    let mut add = |text: String, width: usize, blank: bool| match words.last_mut() {
        Some(last) if !blank => {
            last.text.push_str(&text);
            last.width += width;
        }
        _ => words.push(Word { text, width, blank }),
    };
    for piece in &phrase.0 {
        match piece {
            Piece::Name(name) => {
                let name = safe::line(name);
                let painted = paint.map_or_else(|| name.to_string(), |paint| paint.on(&name, true));
                add(painted, name.chars().count(), blank);
                blank = false;
            }
            Piece::Words(text) => {
                for (at, part) in text.split(' ').enumerate() {
                    blank |= at > 0;
                    if !part.is_empty() {
                        add(part.to_owned(), part.chars().count(), blank);
                        blank = false;
                    }
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_filled_and_names_stay_whole() {
        let phrase = Phrase::default().words("one ").name("two three").words(", four five").name("six");
        assert_eq!(wrap(&phrase, "! ", "  ", 16, None), "! one two three,\n  four fivesix");
        let painted = wrap(&phrase, "! ", "  ", 16, Some(Paint::Cyan));
        assert_eq!(painted, "! one \u{1b}[36mtwo three\u{1b}[0m,\n  four five\u{1b}[36msix\u{1b}[0m");
    }
}
