//! A moving line on a terminal, while a long run is under way.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
use crate::compile::Progress;

/// Nothing is shown for fewer instances: they are over before anybody reads it.
const FEWEST: usize = 200;

/// The line, or nothing where standard error is no terminal.
pub(crate) struct Line(Option<ProgressBar>);

impl Line {
    pub(crate) fn new(terminal: &Terminal) -> Self {
        if !terminal.moves {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template("rendering {bar:30} {human_pos}/{human_len}") {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Self(Some(bar))
    }
}

impl Progress for Line {
    fn start(&self, instances: usize) {
        if let Some(bar) = self.0.as_ref().filter(|_| instances >= FEWEST) {
            bar.set_length(instances as u64);
        }
    }

    fn step(&self) {
        if let Some(bar) = self.0.as_ref().filter(|bar| bar.length().is_some()) {
            bar.inc(1);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
