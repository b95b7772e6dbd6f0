//! What a workload's platform keys come to, with the defaults of `macadam.yaml`.

use camino::Utf8Path;
use globset::{GlobBuilder, GlobMatcher};
use macadam_yaml::Node;

use crate::model::{Code, Defaults, Finding, Placement, PlatformKeys, Spanned, Workload};

/// The built-in golden path that serves a workload which names none.
const DEFAULT_GOLDEN_PATH: &str = "service";

/// The defaults of `macadam.yaml`, their globs compiled.
pub(crate) struct DefaultRules<'a> {
    rules: Vec<(GlobMatcher, &'a Defaults)>,
}

/// The platform keys of one workload: its own, else those of the first default that has the key.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) golden_path: Spanned<String>,
    pub(crate) owner: Option<Spanned<String>>,
    pub(crate) environments: Option<Vec<Spanned<String>>>,
    pub(crate) placement: Option<Placement>,
    /// Parameters of every matching default, strongest first: the maps are merged later, key by key.
    pub(crate) default_params: Vec<Node>,
}

impl<'a> DefaultRules<'a> {
    /// Compiles the globs; a bad one is a finding and matches nothing.
    pub(crate) fn new(defaults: &'a [Defaults], findings: &mut Vec<Finding>) -> Self {
        let mut rules = Vec::new();
        for default in defaults {
            match GlobBuilder::new(&default.pattern.value).literal_separator(true).build() {
                Ok(glob) => rules.push((glob.compile_matcher(), default)),
                Err(error) => findings.push(
                    Finding::new(Code::InvalidConfig, "`match` is not a glob")
                        .at(default.pattern.span, error.kind().to_string()),
                ),
            }
        }
        Self { rules }
    }

    /// The settings of a workload.
    pub(crate) fn settings(&self, workload: &Workload) -> Settings {
        let matching: Vec<&PlatformKeys> = self
            .rules
            .iter()
            .filter(|(glob, _)| matches(glob, &workload.path))
            .map(|(_, default)| &default.keys)
            .collect();
        let own = &workload.platform;
        let first = |pick: fn(&PlatformKeys) -> Option<&Spanned<String>>| {
            pick(own).or_else(|| matching.iter().find_map(|keys| pick(keys))).cloned()
        };
        Settings {
            golden_path: first(|keys| keys.golden_path.as_ref())
                .unwrap_or_else(|| Spanned::new(DEFAULT_GOLDEN_PATH.to_owned(), workload.name.span)),
            owner: first(|keys| keys.owner.as_ref()),
            environments: own
                .environments
                .clone()
                .or_else(|| matching.iter().find_map(|keys| keys.environments.clone())),
            placement: own
                .placement
                .clone()
                .or_else(|| matching.iter().find_map(|keys| keys.placement.clone())),
            default_params: matching.iter().filter_map(|keys| keys.params.clone()).collect(),
        }
    }
}

/// Whether a default's glob means this Score file: the file itself, or a folder that holds it.
fn matches(glob: &GlobMatcher, path: &Utf8Path) -> bool {
    path.ancestors().any(|folder| !folder.as_str().is_empty() && glob.is_match(folder))
}
