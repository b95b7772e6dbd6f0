use super::Finding;

/// What a stage made, and everything it found on the way.
///
/// `value` is `None` only when nothing useful could be made, so that one bad file never hides another.
#[derive(Debug, Clone)]
pub struct Outcome<T> {
    /// What was made.
    pub value: Option<T>,
    /// What was found, in no promised order: the printer sorts.
    pub findings: Vec<Finding>,
}

impl<T> Outcome<T> {
    /// A value with what was found while making it.
    pub fn new(value: T, findings: Vec<Finding>) -> Self {
        Self { value: Some(value), findings }
    }

    /// Nothing could be made.
    pub fn failed(findings: Vec<Finding>) -> Self {
        Self { value: None, findings }
    }

    /// Hands over the findings and keeps the value.
    pub fn take(self, findings: &mut Vec<Finding>) -> Option<T> {
        findings.extend(self.findings);
        self.value
    }

    /// Whether a finding of severity error is among the findings.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}
