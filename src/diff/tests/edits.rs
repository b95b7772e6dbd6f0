//! Random edits of a repository: what people do to one between two commits.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::load::{Memory, fixtures};

/// The files of a repository.
pub(super) type Files = BTreeMap<String, String>;

/// One edit; numbers choose the file and the line, whatever there is.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// A digit of a line becomes another one.
    Digit(usize, usize, u8),
    /// A line goes.
    RemoveLine(usize, usize),
    /// A word of a line becomes a word of another line.
    Word(usize, usize, usize),
    /// A line of a template gets a label or a comment.
    AddLine(usize, usize),
    /// A file goes.
    RemoveFile(usize),
    /// A workload appears under another name.
    CopyWorkload(usize, u8),
    /// A workload moves to another folder.
    MoveWorkload(usize, u8),
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let (file, line) = (any::<usize>(), any::<usize>());
    prop_oneof![
        6 => (file, line, 0_u8..10).prop_map(|(file, line, digit)| Edit::Digit(file, line, digit)),
        3 => (file, line).prop_map(|(file, line)| Edit::RemoveLine(file, line)),
        3 => (file, line, line).prop_map(|(file, line, other)| Edit::Word(file, line, other)),
        3 => (file, line).prop_map(|(file, line)| Edit::AddLine(file, line)),
        1 => file.prop_map(Edit::RemoveFile),
        1 => (file, 0_u8..3).prop_map(|(file, name)| Edit::CopyWorkload(file, name)),
        1 => (file, 0_u8..3).prop_map(|(file, name)| Edit::MoveWorkload(file, name)),
    ]
}

/// The example platform.
pub(super) fn shop() -> Files {
    let files = fixtures().files().filter_map(|(path, bytes)| {
        let path = path.strip_prefix("fixtures/shop").ok()?.to_string();
        Some((path, String::from_utf8(bytes.to_vec()).ok()?))
    });
    files.collect()
}

pub(super) fn world(files: &Files) -> Memory {
    files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect()
}

impl Edit {
    pub(super) fn apply(&self, files: &mut Files) {
        match self {
            Self::Digit(file, line, digit) => change_line(files, *file, *line, |line| {
                let at = line.rfind(|character: char| character.is_ascii_digit())?;
                Some(format!("{}{digit}{}", &line[..at], &line[at + 1..]))
            }),
            Self::RemoveLine(file, line) => change_line(files, *file, *line, |_| None),
            Self::Word(file, line, other) => {
                let word = pick(files, *file).and_then(|path| {
                    let words: Vec<&str> = files[&path].split_whitespace().collect();
                    words.get(other % words.len().max(1)).map(|word| (*word).to_owned())
                });
                change_line(files, *file, *line, |line| {
                    let (head, _) = line.rsplit_once(' ')?;
                    Some(format!("{head} {}", word?))
                });
            }
            Self::AddLine(file, line) => {
                change_line(files, *file, *line, |line| Some(format!("{line}\n# more")))
            }
            Self::RemoveFile(file) => {
                if let Some(path) = pick(files, *file).filter(|path| path != "macadam.yaml") {
                    files.remove(&path);
                }
            }
            Self::CopyWorkload(file, name) => copy(files, *file, *name, true),
            Self::MoveWorkload(file, name) => copy(files, *file, *name, false),
        }
    }
}

fn pick(files: &Files, index: usize) -> Option<String> {
    files.keys().nth(index % files.len().max(1)).cloned()
}

fn change_line(files: &mut Files, file: usize, line: usize, change: impl FnOnce(&str) -> Option<String>) {
    let Some(path) = pick(files, file) else { return };
    let mut lines: Vec<String> = files[&path].lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return;
    }
    let at = line % lines.len();
    match change(&lines[at]) {
        Some(changed) => lines[at] = changed,
        None => drop(lines.remove(at)),
    }
    files.insert(path, lines.join("\n") + "\n");
}

/// Copies the folder of a workload; with `rename`, under a new name as well, else the old one goes.
fn copy(files: &mut Files, index: usize, suffix: u8, rename: bool) {
    let scores: Vec<&String> = files.keys().filter(|path| path.ends_with("/score.yaml")).collect();
    let Some(score) = scores.get(index % scores.len().max(1)) else { return };
    let folder = score.trim_end_matches("score.yaml").to_owned();
    let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let copied: Vec<(String, String)> = files
        .iter()
        .filter(|(path, _)| path.starts_with(&folder))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    for (path, text) in copied {
        let target = path.replace(&folder, &format!("services/{name}-{suffix}/"));
        let text = if rename {
            text.replace(&format!("name: {name}\n"), &format!("name: {name}-{suffix}\n"))
        } else {
            text
        };
        if !rename {
            files.remove(&path);
        }
        files.insert(target, text);
    }
}
