//! A world with some files of another one: what a repository would be with a part of a change.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::{ContentId, Entry, EntryKind, World};
use crate::fault::Fault;
use crate::model::WorldName;

/// One world, in which the named files are those of another: also where they are only there, or only here.
pub struct Layered<'a> {
    under: &'a dyn World,
    over: &'a dyn World,
    paths: BTreeSet<Utf8PathBuf>,
    /// Every folder above a named file.
    folders: BTreeSet<Utf8PathBuf>,
}

impl<'a> Layered<'a> {
    /// Lays the named files of `over` over `under`.
    pub fn new(under: &'a dyn World, over: &'a dyn World, paths: BTreeSet<Utf8PathBuf>) -> Self {
        let above = paths.iter().flat_map(|path| path.ancestors().skip(1));
        let folders = above.map(Utf8Path::to_owned).collect();
        Self { under, over, paths, folders }
    }

    fn world(&self, path: &Utf8Path) -> &'a dyn World {
        if self.paths.contains(path) { self.over } else { self.under }
    }

    /// The names of a folder that come from `over`: named files, and folders on the way to one.
    fn laid(&self, folder: &Utf8Path) -> Result<Vec<Entry>, Fault> {
        let mut entries = self.over.list(folder)?.unwrap_or_default();
        entries.retain(|entry| {
            let path = folder.join(&entry.name);
            match entry.kind {
                EntryKind::Folder => self.folders.contains(&path),
                _ => self.paths.contains(&path),
            }
        });
        Ok(entries)
    }
}

impl World for Layered<'_> {
    fn name(&self) -> WorldName {
        self.under.name()
    }

    fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>, Fault> {
        self.world(path).read(path)
    }

    fn list(&self, folder: &Utf8Path) -> Result<Option<Vec<Entry>>, Fault> {
        let under = self.under.list(folder)?;
        if !self.folders.contains(folder) {
            return Ok(under);
        }
        let laid = self.laid(folder)?;
        if under.is_none() && laid.is_empty() {
            return Ok(None);
        }
        let kept =
            under.into_iter().flatten().filter(|entry| !self.paths.contains(&folder.join(&entry.name)));
        let by_name: BTreeMap<String, EntryKind> =
            kept.chain(laid).map(|entry| (entry.name, entry.kind)).collect();
        Ok(Some(by_name.into_iter().map(|(name, kind)| Entry { name, kind }).collect()))
    }

    fn is_program(&self, path: &Utf8Path) -> Result<bool, Fault> {
        self.world(path).is_program(path)
    }

    fn id(&self, path: &Utf8Path) -> Result<Option<ContentId>, Fault> {
        if self.folders.contains(path) { Ok(None) } else { self.world(path).id(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Memory;

    fn world(files: &[(&str, &str)]) -> Memory {
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn files(world: &dyn World, folder: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for entry in world.list(folder.into()).unwrap().unwrap_or_default() {
            let path = Utf8Path::new(folder).join(&entry.name);
            if entry.kind == EntryKind::Folder {
                found.extend(files(world, path.as_str()));
            } else {
                let bytes = world.read(&path).unwrap().unwrap();
                found.push((path.to_string(), String::from_utf8(bytes).unwrap()));
            }
        }
        found
    }

    #[test]
    fn only_the_named_files_are_those_of_the_other_world() {
        let under = world(&[("a/x", "1"), ("a/y", "1"), ("b/z", "1")]);
        let over = world(&[("a/x", "2"), ("a/y", "2"), ("c/new", "2"), ("d/not", "2")]);
        let paths = ["a/x", "b/z", "c/new"].map(Utf8PathBuf::from).into_iter().collect();
        let layered = Layered::new(&under, &over, paths);
        let expected = [("a/x", "2"), ("a/y", "1"), ("c/new", "2")];
        assert_eq!(files(&layered, ""), expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
        assert_eq!(layered.read("b/z".into()).unwrap(), None);
        assert_eq!(layered.id("a".into()).unwrap(), None);
        assert_eq!(layered.id("a/y".into()).unwrap(), under.id("a/y".into()).unwrap());
    }
}
