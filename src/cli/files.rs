//! Creates files for `init`, `new` and `demo`: never over one that exists.

#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests look at what was created"))]

use std::{
    fs::{self, OpenOptions},
    io::Write,
};

use camino::{Utf8Path, Utf8PathBuf};

use crate::{
    fault::Fault,
    load::{EntryKind, World},
};

/// A file that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewFile {
    /// Its path below the folder that is filled.
    pub(crate) path: Utf8PathBuf,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// Creates every file below a folder, or none: existing ones are named in the fault.
pub(crate) fn create(folder: &Utf8Path, files: &[NewFile]) -> Result<(), Fault> {
    let in_the_way = |file: &&NewFile| folder.join(&file.path).symlink_metadata().is_ok();
    let paths: Vec<_> = files.iter().filter(in_the_way).map(|file| file.path.clone()).collect();
    if !paths.is_empty() {
        return Err(Fault::Exists { paths });
    }
    for file in files {
        let path = folder.join(&file.path);
        let unwritable = |source| Fault::Unwritable { path: path.clone(), source };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(unwritable)?;
        }
        let mut handle = OpenOptions::new().write(true).create_new(true).open(&path).map_err(unwritable)?;
        handle.write_all(&file.bytes).map_err(unwritable)?;
    }
    Ok(())
}

/// Every file of a world below a folder, in path order.
pub(crate) fn below(world: &dyn World, folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Fault> {
    let mut files = Vec::new();
    for entry in world.list(folder)?.unwrap_or_default() {
        let path = folder.join(&entry.name);
        match entry.kind {
            EntryKind::File => files.push(path),
            EntryKind::Folder => files.extend(below(world, &path)?),
            EntryKind::Link | EntryKind::Other => {}
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_when_one_file_exists() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        fs::write(folder.join("b"), "mine").unwrap();
        let files = ["a/x", "b"].map(|path| NewFile { path: path.into(), bytes: b"new".to_vec() });
        let fault = create(folder, &files).unwrap_err();
        assert!(matches!(fault, Fault::Exists { paths } if paths == ["b"]));
        assert!(!folder.join("a").exists());
        assert_eq!(fs::read_to_string(folder.join("b")).unwrap(), "mine");
    }
}
