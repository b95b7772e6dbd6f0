/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Our own words: they need no care.
    Words(String),
    /// Data as it came, with whatever is in it.
    Name(String),
}

/// A sentence of our words and of data, kept apart so that each printer can set data in its own safe way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Phrase(pub(crate) Vec<Piece>);

impl Phrase {
    /// Adds our own words.
    #[must_use]
    pub(crate) fn words(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// Adds data.
    #[must_use]
    pub(crate) fn name(mut self, name: impl Into<String>) -> Self {
        self.0.push(Piece::Name(name.into()));
        self
    }

    /// Adds data with commas between.
    #[must_use]
    pub(crate) fn names<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().enumerate().fold(self, |phrase, (at, name)| {
            let phrase = if at == 0 { phrase } else { phrase.words(", ") };
            phrase.name(name)
        })
    }

    /// Adds all of another phrase.
    #[must_use]
    pub(crate) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The sentence, with data set by a function.
    pub(crate) fn set(&self, name: impl Fn(&str) -> String) -> String {
        self.0.iter().fold(String::new(), |mut out, piece| {
            match piece {
                Piece::Words(words) => out.push_str(words),
                Piece::Name(data) => out.push_str(&name(data)),
            }
            out
        })
    }
}
