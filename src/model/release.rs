use indexmap::IndexMap;
use macadam_yaml::{FileId, Span};
use serde::{Deserialize, Serialize};

use super::Spanned;

/// One `release.yaml`: which images run where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The file it was read from.
    pub file: FileId,
    /// By environment.
    pub environments: IndexMap<String, Released>,
}

/// What is released in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Where the environment's key is written.
    pub span: Span,
    /// Image by container.
    pub images: IndexMap<String, Spanned<String>>,
    /// The commit whose files this environment compiles.
    pub revision: Option<Spanned<String>>,
}
