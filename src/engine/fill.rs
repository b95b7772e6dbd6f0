//! Filling: putting what was printed into the parsed tree.

use std::collections::HashSet;

use macadam_yaml::{Entry, Mapping, Node, Span, Value as Tree};

use super::complaint::Complaint;
use super::hole::{self, Hole, MAX_BYTES, Table, Token, has_marks};
use super::sink::Places;

/// Fills trees that were parsed from one rendered text, and gives every node its place in the template.
pub(super) struct Filler<'a> {
    table: &'a Table,
    places: &'a Places<'a>,
    budget: usize,
}

/// What could not be filled, and where.
pub(super) type Failure = (Complaint, Span);

impl<'a> Filler<'a> {
    /// A filler for one text.
    pub(super) fn new(table: &'a Table, places: &'a Places<'a>) -> Self {
        Self { table, places, budget: MAX_BYTES }
    }

    /// Fills a node and everything below it.
    pub(super) fn fill(&mut self, node: &mut Node) -> Result<(), Failure> {
        node.span = self.place(node.span);
        match &mut node.value {
            Tree::String(text) if has_marks(text) => match self.filled(text, node.span)? {
                Filled::Text(text) => {
                    node.value = Tree::String(text);
                    node.ambiguous = false;
                }
                Filled::Tree(tree) => *node = tree,
            },
            Tree::Sequence(items) => {
                if items.iter().any(|item| self.spliced_item(item).is_some()) {
                    self.splice_items(items)?;
                } else {
                    for item in items {
                        self.fill(item)?;
                    }
                }
            }
            Tree::Mapping(map) if map.keys().any(has_marks) => {
                let entries = std::mem::take(map).into_entries();
                self.keys(entries, node)?;
            }
            Tree::Mapping(map) => {
                for entry in map {
                    entry.key_span = self.place(entry.key_span);
                    self.fill(&mut entry.value)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn place(&self, span: Span) -> Span {
        self.places.span(span.start as usize, span.end as usize)
    }

    fn spend(&mut self, bytes: usize, span: Span) -> Result<(), Failure> {
        self.budget = self.budget.checked_sub(bytes).ok_or((Complaint::too_much_output(), span))?;
        Ok(())
    }

    fn filled(&mut self, text: &str, span: Span) -> Result<Filled, Failure> {
        match hole::only(text).map(|token| self.table.get(token)) {
            Some(Some(Hole::Text(value))) => {
                let text = value.as_str().unwrap_or_default();
                self.spend(text.len(), span)?;
                Ok(Filled::Text(text.to_owned()))
            }
            Some(Some(Hole::Tree(tree))) => Ok(Filled::Tree(self.placed(tree, span)?)),
            _ => {
                let text = self.table.expand(text).map_err(|complaint| (complaint, span))?;
                self.spend(text.len(), span)?;
                Ok(Filled::Text(text))
            }
        }
    }

    /// A copy of a structure whose nodes all stand where its token stood.
    fn placed(&mut self, tree: &Node, span: Span) -> Result<Node, Failure> {
        let mut copy = tree.clone();
        self.put(&mut copy, span)?;
        Ok(copy)
    }

    fn put(&mut self, node: &mut Node, span: Span) -> Result<(), Failure> {
        node.span = span;
        match &mut node.value {
            Tree::String(text) => self.spend(text.len(), span),
            Tree::Sequence(items) => {
                self.spend(32 * items.len(), span)?;
                items.iter_mut().try_for_each(|item| self.put(item, span))
            }
            Tree::Mapping(map) => map.iter_mut().try_for_each(|entry| {
                self.spend(32 + entry.key.len(), span)?;
                entry.key_span = span;
                self.put(&mut entry.value, span)
            }),
            _ => Ok(()),
        }
    }

    /// The list that an item stands for, where the item is a splice.
    fn spliced_item(&self, item: &Node) -> Option<Token> {
        let map = item.as_mapping().filter(|map| map.len() == 1)?;
        let token = map.iter().next().and_then(splice_of)?;
        matches!(self.table.get(token), Some(Hole::Tree(node)) if node.as_sequence().is_some())
            .then_some(token)
    }

    fn splice_items(&mut self, items: &mut Vec<Node>) -> Result<(), Failure> {
        let mut filled = Vec::with_capacity(items.len());
        for mut item in std::mem::take(items) {
            match self.spliced_item(&item).and_then(|token| self.table.get(token)) {
                Some(Hole::Tree(Node { value: Tree::Sequence(more), .. })) => {
                    let span = self.place(item.span);
                    for item in more {
                        filled.push(self.placed(item, span)?);
                    }
                }
                _ => {
                    self.fill(&mut item)?;
                    filled.push(item);
                }
            }
        }
        *items = filled;
        Ok(())
    }

    /// Fills a map of which at least one key holds a token.
    fn keys(&mut self, entries: Vec<Entry>, node: &mut Node) -> Result<(), Failure> {
        let single = entries.len() == 1;
        let mut filled: Vec<Entry> = Vec::with_capacity(entries.len());
        for mut entry in entries {
            entry.key_span = self.place(entry.key_span);
            let span = entry.key_span;
            let tree = splice_of(&entry).and_then(|token| self.table.get(token));
            match tree {
                Some(Hole::Tree(tree)) if single && tree.as_sequence().is_none() => {
                    *node = self.placed(tree, span)?;
                    return Ok(());
                }
                Some(Hole::Tree(Node { value: Tree::Mapping(more), .. })) => {
                    for entry in more {
                        filled.push(Entry::new(entry.key.clone(), span, self.placed(&entry.value, span)?));
                    }
                }
                Some(Hole::Tree(Node { value: Tree::Null, .. })) => {}
                _ => {
                    entry.key = self.key(entry.key, span)?;
                    self.fill(&mut entry.value)?;
                    filled.push(entry);
                }
            }
        }
        node.value = Tree::Mapping(unique(filled)?);
        Ok(())
    }

    fn key(&mut self, key: String, span: Span) -> Result<String, Failure> {
        if !has_marks(&key) {
            return Ok(key);
        }
        match self.filled(&key, span)? {
            Filled::Text(text) => Ok(text),
            Filled::Tree(Node { value: Tree::String(text), .. }) => Ok(text),
            Filled::Tree(Node { value: Tree::Number(number), .. }) => Ok(number.to_string()),
            Filled::Tree(Node { value: Tree::Bool(value), .. }) => Ok(value.to_string()),
            Filled::Tree(tree) => {
                let message = format!("a {} cannot stand as a key", tree.kind_name());
                Err((
                    Complaint::new(message).help("a structure stands behind a `:`, or alone on its line"),
                    span,
                ))
            }
        }
    }
}

enum Filled {
    Text(String),
    Tree(Node),
}

/// The token of an entry that is a splice.
fn splice_of(entry: &Entry) -> Option<Token> {
    let mark = entry.value.as_str()?;
    let mut characters = mark.chars();
    if characters.next() != Some(hole::SPLICE) || characters.next().is_some() {
        return None;
    }
    hole::only(&entry.key)
}

fn unique(entries: Vec<Entry>) -> Result<Mapping, Failure> {
    let mut seen = HashSet::with_capacity(entries.len());
    for entry in &entries {
        if !seen.insert(entry.key.as_str()) {
            let mut complaint = Complaint::new(format!("duplicate key `{}`", entry.key));
            complaint.code = crate::model::Code::TemplateOutput;
            return Err((
                complaint.help("two keys of one map are equal once values are in place"),
                entry.key_span,
            ));
        }
    }
    Ok(entries.into_iter().collect())
}
