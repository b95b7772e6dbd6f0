use super::{
    node::{Node, element, leaf, sentence, spoken, text},
    places, reasons, value,
};
use crate::{
    cli::review::{Phrase, words},
    model::{Action, FieldChange, FieldKind, Group, Impact, Impacts, ObjectChange},
};

/// Environments beyond this many are counted in a heading.
const MOST_ENVIRONMENTS: usize = 4;

/// What a group says while it is folded.
pub(super) fn summary(group: &Group, asked: &[&str]) -> Node {
    let action = words::action(group);
    let title = std::iter::once(sign(words::sign(action), words::happens(action)))
        .chain([element("span.title", sentence(words::title(group)))]);
    element(
        "summary",
        [
            element("span.head", [element("span.line", title), element("span.about", about(group, asked))]),
            element("span.side", impacts(group.impacts).chain(count(group))),
        ],
    )
}

/// The second line of a heading: why, whose it is, and who has to agree.
fn about(group: &Group, asked: &[&str]) -> Vec<Node> {
    let mut out = Vec::new();
    if let Some(first) = group.causes.first() {
        let more = group.causes.len() - 1;
        let phrase = Phrase::default().words("because ").then(words::cause(first, 1));
        let phrase = if more > 0 { phrase.words(format!(" and {more} more")) } else { phrase };
        out.push(element("span.because", sentence(phrase)));
    }
    out.extend(owners(group));
    if !asked.is_empty() {
        let names = Phrase::default().names(asked.iter().copied()).words(" has to agree");
        out.push(element("span.ask", sentence(names)));
    }
    out
}

/// Who owns what changes.
fn owners(group: &Group) -> Option<Node> {
    let owners: std::collections::BTreeSet<&str> =
        group.members.iter().filter_map(|member| member.instance.owner.as_deref()).collect();
    let phrase = match owners.len() {
        0 => return None,
        1..=MOST_ENVIRONMENTS => Phrase::default().words("owner ").names(owners),
        many => Phrase::default().words(format!("{many} owners")),
    };
    Some(element("span.owner", sentence(phrase)))
}

/// How many places, where there are several.
fn count(group: &Group) -> Option<Node> {
    let count = group.members.len();
    (count > 1).then(|| element("span.count", [text(format!("{count}×")), spoken(" places")]))
}

/// The impacts of a set, most dangerous first, each by name.
fn impacts(impacts: Impacts) -> impl Iterator<Item = Node> {
    let level = impacts.level();
    std::iter::once(badge(level)).chain(impacts.iter().skip(1).map(badge))
}

/// An impact by name, in its colour.
pub(super) fn badge(impact: Impact) -> Node {
    let shape = match impact {
        Impact::DataLoss => "span.badge.data-loss",
        Impact::Replace => "span.badge.replace",
        Impact::Exposure => "span.badge.exposure",
        Impact::Privilege => "span.badge.privilege",
        Impact::Capacity => "span.badge.capacity",
        Impact::Rollout => "span.badge.rollout",
        Impact::Config => "span.badge.config",
        Impact::Cosmetic => "span.badge.cosmetic",
    };
    leaf(shape, impact.name())
}

/// What happens, as a sign for the eye; `word` says it in the title.
fn sign(sign: char, word: &'static str) -> Node {
    let shape = match sign {
        '+' => "span.sign.added",
        '-' => "span.sign.removed",
        _ => "span.sign.changed",
    };
    leaf(shape, sign.to_string()).with("title", word)
}

/// Everything that a group says when it is open.
pub(super) fn body(group: &Group, at: usize) -> Node {
    let mut out: Vec<Node> = group.changes.iter().map(|change| object(change, group.whole)).collect();
    if group.members.len() > 1 {
        out.extend(words::exemplar(group).map(|phrase| element("p.exemplar", sentence(phrase))));
    }
    out.extend(reasons::reasons(group));
    out.extend(reasons::causes(group));
    out.extend(places::places(group));
    let id = format!("#change-{}", at + 1);
    out.push(element("p.permalink", [leaf("a", "Link to this change").with("href", id)]));
    element("div.body", out)
}

/// One object: its file, what must not be missed, its fields.
fn object(change: &ObjectChange, named: bool) -> Node {
    let action = change.action;
    let mut head = vec![sign(words::sign(action), words::happens(action))];
    if named {
        head.extend(sentence(words::object(change, true).words(format!(" {} ", words::happens(action)))));
    }
    head.push(leaf("code.file", change.path.as_str()));
    if named {
        head.extend(impacts(change.impacts));
    }
    let mut out = vec![element("div.object-head", head)];
    out.extend(
        change
            .marks
            .iter()
            .map(|mark| element("p.mark", [leaf("strong", "Look twice: "), text(words::mark(*mark))])),
    );
    let several =
        change.fields.iter().map(|field| field.impacts.level()).collect::<std::collections::BTreeSet<_>>();
    out.extend(change.fields.iter().map(|field| self::field(field, several.len() > 1)));
    if change.fields.is_empty() && !named {
        out.push(leaf("p.whole", format!("The whole object is {}.", words::happens(action))));
    }
    out.extend(lines(change));
    element("div.object", out)
}

/// One field with its two values.
fn field(field: &FieldChange, badged: bool) -> Node {
    let path = match field.path.0.is_empty() {
        true => leaf("span.path", "the whole document"),
        false => leaf("code.path", field.path.to_string()),
    };
    let word = words::field_happens(field.kind);
    let mut head = vec![sign(words::field_sign(field.kind), word), path];
    if field.kind == FieldKind::Added || field.kind == FieldKind::Removed {
        head.push(leaf("span.note", word));
    }
    head.extend(words::note(field).map(|note| leaf("span.note", note)));
    head.extend(badged.then(|| badge(field.impacts.level())));
    element("div.field", [element("div.where", head), value::values(field)])
}

/// The lines of a file, folded, where they are known.
fn lines(change: &ObjectChange) -> Option<Node> {
    let (old, new) = change.texts.as_ref()?;
    let title = match change.action {
        Action::Added | Action::Removed => "The whole file",
        Action::Changed | Action::Renamed => "Lines of the file that differ",
    };
    Some(element("details.lines", [leaf("summary", title), value::file(old, new)?]))
}
