//! The engines of all packages.

use std::{collections::HashMap, sync::Arc};

use rayon::prelude::*;

use super::Engine;
use crate::model::{Outcome, Package, PackageKey};

/// One engine for each package; looked up only, so that its order never shows.
#[derive(Debug, Default)]
pub struct Engines {
    by_package: HashMap<PackageKey, Engine>,
}

impl Engines {
    /// Compiles the templates of every package; one whose templates have findings gets no engine.
    pub fn prepare(packages: &[Arc<Package>]) -> Outcome<Self> {
        let prepared: Vec<_> =
            packages.par_iter().map(|package| (package.key(), Engine::new(package))).collect();
        let mut engines = Self::default();
        let mut findings = Vec::new();
        for (key, outcome) in prepared {
            if let Some(engine) = outcome.take(&mut findings) {
                engines.by_package.insert(key, engine);
            }
        }
        Outcome::new(engines, findings)
    }

    /// The engine of a package.
    pub fn get(&self, package: &Package) -> Option<&Engine> {
        self.by_package.get(&package.key())
    }
}
