//! Trees, decoded and checked by our own rules.

use std::collections::HashSet;

use gix::ObjectId;

use crate::load::{Entry, EntryKind, is_git_name};

/// What lies in a folder, sorted as a world lists it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// A name in a folder, and what it names.
#[derive(Debug)]
pub(super) struct Node {
    entry: Entry,
    /// What has content of its own. Links, submodules and names that are not UTF-8 have none for us.
    target: Target,
}

/// Where the content of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A file's.
    Blob(ObjectId),
    /// That of a file which may be run.
    Program(ObjectId),
    /// A folder's.
    Tree(ObjectId),
    /// Nowhere that is looked at.
    Nothing,
}

impl Tree {
    /// Decodes a tree whose ids have this many bytes; the error says what is wrong with it.
    ///
    /// Refused, as `git fsck` has it: a name that is empty, `.`, `..` or has a slash; `.git` in any spelling; two
    /// entries of one name, also a file and a folder; an order that is not Git's; a mode that Git does not write.
    pub(super) fn decode(bytes: &[u8], id_length: usize) -> Result<Self, String> {
        let mut nodes = Vec::new();
        let mut names = HashSet::new();
        let mut last: Option<Raw<'_>> = None;
        let mut rest = bytes;
        while !rest.is_empty() {
            let (raw, after) = Raw::split(rest, id_length).ok_or("it is cut short")?;
            let node = raw.node()?;
            if !names.insert(raw.name) {
                return Err(format!("two entries are named `{}`", node.entry.name));
            }
            if last.is_some_and(|last| last.order().ge(raw.order())) {
                return Err(format!("`{}` is out of order", node.entry.name));
            }
            nodes.push(node);
            last = Some(raw);
            rest = after;
        }
        nodes.sort_by(|one, other| one.entry.cmp(&other.entry));
        Ok(Self { nodes })
    }

    /// What a name names; nothing for a name that is not there.
    pub(super) fn get(&self, name: &str) -> Target {
        // Names that only look alike because they are not UTF-8 come after the real one.
        let at = self.nodes.partition_point(|node| node.entry.name.as_str() < name);
        self.nodes.get(at).filter(|node| node.entry.name == name).map_or(Target::Nothing, |node| node.target)
    }

    /// Every name, sorted.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.nodes.iter().map(|node| node.entry.clone()).collect()
    }
}

/// One entry as it is stored: `<mode> <name>\0<id>`.
#[derive(Clone, Copy)]
struct Raw<'a> {
    mode: &'a [u8],
    name: &'a [u8],
    id: &'a [u8],
}

impl<'a> Raw<'a> {
    fn split(bytes: &'a [u8], id_length: usize) -> Option<(Self, &'a [u8])> {
        let space = bytes.iter().take(8).position(|byte| *byte == b' ')?;
        let (mode, rest) = (&bytes[..space], &bytes[space + 1..]);
        let zero = rest.iter().position(|byte| *byte == 0)?;
        let (name, rest) = (&rest[..zero], &rest[zero + 1..]);
        let (id, rest) = rest.split_at_checked(id_length)?;
        Some((Self { mode, name, id }, rest))
    }

    /// Git sorts folders as if their names ended with a slash.
    fn order(self) -> impl Iterator<Item = &'a u8> {
        let slash: &[u8] = if self.mode == b"40000" { b"/" } else { b"" };
        self.name.iter().chain(slash)
    }

    fn node(self) -> Result<Node, String> {
        let name = String::from_utf8_lossy(self.name);
        if matches!(self.name, b"" | b"." | b"..") || self.name.contains(&b'/') || is_git_name(&name) {
            return Err(format!("an entry is named `{name}`"));
        }
        let id = ObjectId::try_from(self.id).map_err(|_| "an id has the wrong length".to_owned())?;
        let (kind, target) = match self.mode {
            // The third is what Git wrote before 2005 was over.
            b"100644" | b"100664" => (EntryKind::File, Target::Blob(id)),
            b"100755" => (EntryKind::File, Target::Program(id)),
            b"40000" => (EntryKind::Folder, Target::Tree(id)),
            b"120000" => (EntryKind::Link, Target::Nothing),
            // A submodule: a folder, and not content.
            b"160000" => (EntryKind::Folder, Target::Nothing),
            mode => {
                let mode = String::from_utf8_lossy(mode);
                return Err(format!("`{name}` has mode `{mode}`"));
            }
        };
        if str::from_utf8(self.name).is_err() {
            let entry = Entry { name: name.into_owned(), kind: EntryKind::Other };
            return Ok(Node { entry, target: Target::Nothing });
        }
        Ok(Node { entry: Entry { name: name.into_owned(), kind }, target })
    }
}
