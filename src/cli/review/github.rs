//! A review as annotations of a GitHub pull request: commands in the log of a job, which GitHub shows beside the lines.
//!
//! Only our own commands stand at the start of a line. Data is escaped twice: as text that steers no log, and as a
//! command's value.

use camino::Utf8Path;

use super::{
    Phrase,
    brief::{self, Spot, Volume},
    words,
};
use crate::{
    cli::{
        report::{self, counted},
        safe,
    },
    model::{Finding, Impact, Review, Severity, Sources},
};

/// Annotations of one kind that GitHub shows for a step; it drops the others without a word.
const MOST: usize = 10;

/// Characters of a title and of a line of a message.
const LONGEST: usize = 400;

/// Prints a review as commands, one a line: at most ten of each kind, the last of them a count where there are more.
/// `root` is the folder of the rendered tree, from the repository's root.
pub(crate) fn github(review: &Review, sources: &Sources, root: &Utf8Path) -> String {
    let mut notes = findings(&review.findings.head, sources, None);
    notes.extend(review.merges.iter().map(|merge| Note {
        volume: if merge.protected { Volume::Warning } else { Volume::Note },
        place: None,
        title: "merge changes an environment at once".to_owned(),
        message: shown(&words::merge(merge, MOST)),
    }));
    notes.extend(review.rules.iter().map(rule));
    let levels = words::levels(review);
    let groups = levels.iter().flat_map(|(_, groups)| groups);
    notes.extend(groups.map(|(at, group)| Note {
        volume: Volume::of(group.impacts.level()),
        place: Some(Place::of(brief::spot(group, root))),
        title: title(group.impacts.level(), &words::title(group)),
        message: brief::lines(review, *at, group).iter().map(shown).collect::<Vec<_>>().join("\n"),
    }));
    notes.extend(findings(&review.findings.both, sources, Some(Volume::Note)));
    let print = |volume| print(&notes, volume);
    [Volume::Error, Volume::Warning, Volume::Note].map(print).concat()
}

/// One annotation. Its texts are safe for a log, but not escaped for a command.
struct Note {
    volume: Volume,
    place: Option<Place>,
    title: String,
    message: String,
}

/// Where an annotation stands.
struct Place {
    path: String,
    /// First and last line, from one.
    lines: Option<(usize, usize)>,
}

impl Place {
    fn of(spot: Spot) -> Self {
        let line = spot.line.and_then(|line| usize::try_from(line).ok());
        Self { path: spot.path, lines: line.map(|line| (line, line)) }
    }
}

fn rule(change: &crate::model::RuleChange) -> Note {
    let place = change.place.as_ref().map(|place| Spot { path: place.path.to_string(), line: place.line });
    Note {
        volume: Volume::of(change.impact),
        place: place.map(Place::of),
        title: "a rule that judges changes is changed".to_owned(),
        message: shown(&words::rule_change(change)),
    }
}

/// Findings of one side, in their own severity unless another is said.
fn findings(findings: &[Finding], sources: &Sources, volume: Option<Volume>) -> Vec<Note> {
    let items = report::items(&report::groups(findings, sources), sources);
    let note = |item: &report::Item<'_>| {
        let own = if item.severity == Severity::Error { Volume::Error } else { Volume::Warning };
        let help = item.help.map(|help| format!("\nhelp: {}", data(help))).unwrap_or_default();
        let place = item.place.as_ref().filter(|place| !place.built_in);
        Note {
            volume: volume.unwrap_or(own),
            place: place
                .map(|place| Place { path: place.path.clone(), lines: Some((place.line, place.end_line)) }),
            title: item.code.to_owned(),
            message: data(item.message) + &help,
        }
    };
    items.iter().map(note).collect()
}

fn title(level: Impact, phrase: &Phrase) -> String {
    format!("{}: {}", level.constant(), shown(phrase))
}

/// A phrase on one line, cut where it is very long.
fn shown(phrase: &Phrase) -> String {
    super::value::cut(&phrase.set(data), LONGEST)
}

/// Text of a repository: on one line, nothing hidden, nothing that a log takes for a command.
fn data(text: &str) -> String {
    safe::log(&safe::line(text)).replace("##", "#\\u{23}")
}

/// The commands of one kind.
fn print(notes: &[Note], volume: Volume) -> String {
    let word = match volume {
        Volume::Error => "error",
        Volume::Warning => "warning",
        Volume::Note => "notice",
    };
    let all: Vec<&Note> = notes.iter().filter(|note| note.volume == volume).collect();
    let most = if all.len() > MOST { MOST - 1 } else { MOST };
    let mut out: String = all.iter().take(most).map(|note| command(word, note)).collect();
    if all.len() > most {
        let left = counted(all.len() - most, "more annotation");
        out.push_str(&format!("::{word} title=macadam::and {left} of this kind; the report shows all\n"));
    }
    out
}

fn command(word: &str, note: &Note) -> String {
    let mut properties = Vec::new();
    if let Some(place) = &note.place {
        properties.push(format!("file={}", property(&data(&place.path))));
        if let Some((first, last)) = place.lines {
            properties.push(format!("line={first}"));
            properties.push(format!("endLine={last}"));
        }
    }
    properties.push(format!("title={}", property(&note.title)));
    let message = if note.message.is_empty() { &note.title } else { &note.message };
    format!("::{word} {}::{}\n", properties.join(","), value(message))
}

/// Text behind a command.
fn value(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property.
fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}
