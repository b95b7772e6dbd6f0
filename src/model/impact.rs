use std::fmt;

use serde::{Deserialize, Serialize};

/// How dangerous a change is, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Nothing that runs is different.
    Cosmetic,
    /// What programs read is different.
    Config,
    /// Pods are started again.
    Rollout,
    /// More or less of what is paid for or needed.
    Capacity,
    /// What somebody or something may do.
    Privilege,
    /// Who can reach it.
    Exposure,
    /// The object has to be made anew.
    Replace,
    /// Stored data can be lost.
    DataLoss,
}

impl Impact {
    /// All of them, least dangerous first.
    pub const ALL: [Self; 8] = [
        Self::Cosmetic,
        Self::Config,
        Self::Rollout,
        Self::Capacity,
        Self::Privilege,
        Self::Exposure,
        Self::Replace,
        Self::DataLoss,
    ];

    /// Its name, such as `data-loss`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cosmetic => "cosmetic",
            Self::Config => "config",
            Self::Rollout => "rollout",
            Self::Capacity => "capacity",
            Self::Privilege => "privilege",
            Self::Exposure => "exposure",
            Self::Replace => "replace",
            Self::DataLoss => "data-loss",
        }
    }

    /// Its constant in expressions, such as `DATA_LOSS`.
    pub fn constant(self) -> &'static str {
        match self {
            Self::Cosmetic => "COSMETIC",
            Self::Config => "CONFIG",
            Self::Rollout => "ROLLOUT",
            Self::Capacity => "CAPACITY",
            Self::Privilege => "PRIVILEGE",
            Self::Exposure => "EXPOSURE",
            Self::Replace => "REPLACE",
            Self::DataLoss => "DATA_LOSS",
        }
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of impacts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Vec<Impact>", into = "Vec<Impact>")]
pub struct Impacts(u8);

impl Impacts {
    /// Adds an impact.
    pub fn insert(&mut self, impact: Impact) {
        self.0 |= 1 << impact as u8;
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether an impact is in the set.
    pub fn contains(self, impact: Impact) -> bool {
        self.0 & (1 << impact as u8) != 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The impacts, most dangerous first.
    pub fn iter(self) -> impl Iterator<Item = Impact> {
        Impact::ALL.into_iter().rev().filter(move |impact| self.contains(*impact))
    }

    /// The most dangerous one; cosmetic for the empty set.
    pub fn level(self) -> Impact {
        self.iter().next().unwrap_or(Impact::Cosmetic)
    }
}

impl From<Impact> for Impacts {
    fn from(impact: Impact) -> Self {
        let mut impacts = Self::default();
        impacts.insert(impact);
        impacts
    }
}

impl From<Vec<Impact>> for Impacts {
    fn from(impacts: Vec<Impact>) -> Self {
        impacts.into_iter().collect()
    }
}

impl From<Impacts> for Vec<Impact> {
    fn from(impacts: Impacts) -> Self {
        impacts.iter().collect()
    }
}

impl FromIterator<Impact> for Impacts {
    fn from_iter<I: IntoIterator<Item = Impact>>(impacts: I) -> Self {
        let mut set = Self::default();
        impacts.into_iter().for_each(|impact| set.insert(impact));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_a_set_is_its_most_dangerous_impact() {
        let impacts: Impacts = [Impact::Rollout, Impact::DataLoss, Impact::Config].into_iter().collect();
        assert_eq!(impacts.level(), Impact::DataLoss);
        assert_eq!(impacts.iter().map(Impact::name).collect::<Vec<_>>(), ["data-loss", "rollout", "config"]);
        assert_eq!(Impacts::default().level(), Impact::Cosmetic);
        let text = serde_json::to_string(&impacts).unwrap();
        assert_eq!(text, r#"["data-loss","rollout","config"]"#);
        assert_eq!(serde_json::from_str::<Impacts>(&text).unwrap(), impacts);
    }
}
