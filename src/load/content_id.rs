//! What content is called by its own hash, as Git calls it.

use std::fmt;

use gix::hash::{Kind, ObjectId, hasher};

/// The hash that a repository names its objects by (`extensions.objectFormat`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum ObjectFormat {
    /// What almost every repository has.
    #[default]
    Sha1,
    /// What `git init --object-format=sha256` makes.
    Sha256,
}

impl ObjectFormat {
    /// The format of that id.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Sha1 => Kind::Sha1,
            Self::Sha256 => Kind::Sha256,
        }
    }
}

/// The identity of a file's or a folder's content: the id of the Git blob or tree, printed in hexadecimal digits.
///
/// Equal ids mean equal content. Ids of two object formats are never equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentId(ObjectId);

impl ContentId {
    /// The id of a blob with these bytes.
    ///
    /// `None` for bytes that are made to collide with others under SHA-1: no id tells them apart.
    pub(super) fn of_blob(format: ObjectFormat, bytes: &[u8]) -> Option<Self> {
        let mut hasher = hasher(format.kind());
        hasher.update(format!("blob {}\0", bytes.len()).as_bytes());
        hasher.update(bytes);
        hasher.try_finalize().ok().map(Self)
    }
}

impl From<ObjectId> for ContentId {
    fn from(id: ObjectId) -> Self {
        Self(id)
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_have_the_ids_that_git_gives_them() {
        let id = |format, bytes| ContentId::of_blob(format, bytes).unwrap().to_string();
        assert_eq!(id(ObjectFormat::Sha1, b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(id(ObjectFormat::Sha1, b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
        let empty = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813";
        assert_eq!(id(ObjectFormat::Sha256, b""), empty);
    }
}
