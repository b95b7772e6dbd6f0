//! The manual pages of the built-in rules.

use super::{BuiltInRule, ImpactRules};
use crate::{diff::expression::action, model::Impact};

/// The manual page of a rule, in Markdown: its impacts, why, whom it speaks of, and where to read on.
pub fn page(rule: &BuiltInRule) -> String {
    let impacts: Vec<&str> = rule.impacts.iter().map(Impact::name).collect();
    let mut page = format!("*{}*. {}\n\n", impacts.join("*, *"), rule.why.trim());
    page += &format!("- objects: {}\n", list(&rule.kinds));
    if !rule.fields.is_empty() {
        page += &format!("- fields: {}\n", list(&rule.fields));
    }
    if !rule.exceptions.is_empty() {
        page += &format!("- but not: {}\n", list(&rule.exceptions));
    }
    page += &format!("- when: {}\n", rule.actions.iter().copied().map(action).collect::<Vec<_>>().join(", "));
    page + &format!("- source: <{}>", rule.source)
}

/// The first sentence of a rule's page, without its full stop.
pub fn summary(rule: &BuiltInRule) -> &str {
    let why = rule.why.trim();
    why.split_once(". ").map_or(why, |(first, _)| first).trim_end_matches('.')
}

/// All pages, the most dangerous first: `docs/impact.md`.
pub fn manual() -> String {
    let mut manual = INTRODUCTION.to_owned();
    for impact in Impact::ALL.into_iter().rev() {
        manual += &format!("\n## {impact}\n\n{}\n", meaning(impact));
        for rule in ImpactRules::all().iter().filter(|rule| rule.impacts.level() == impact) {
            manual += &format!("\n### `{}`\n\n{}\n", rule.name, page(rule));
        }
    }
    manual
}

const INTRODUCTION: &str = "\
# Impact

What a change means is decided by rules. A change has the impacts of all rules that speak of it, and its level is the
most dangerous of them. `macadam explain <rule>` prints one of these pages.

Where no rule speaks, a rule of `default/` does. None of those says *cosmetic*: a field that nobody here knows is *config*,
and so is a new object of an unknown kind; an object of an unknown kind that is gone is *replace*, because its controller
may take away with it what it has made.

A change of identity (name, namespace, kind or group) is judged as an old object that goes and a new one that comes. A
field that is written in another way and means the same is *cosmetic*, whichever field it is, and so is one that says
what the API server takes without it.

## Rules of your own

```yaml
# macadam.yaml
apiVersion: macadam.dev/v1
kind: Platform
metadata: { name: acme }
spec:
  impacts:
    - name: queue-removed
      when: kind == 'Queue' && action == 'removed'
      impact: data-loss
      why: The messages in it are lost.
  gates:
    - { when: \"impact >= REPLACE && environment == 'production'\", require: '@acme/sre' }
```

`when` is CEL over one change. It can ask for:

| name | what |
|---|---|
| `impact` | the level; compare it with `COSMETIC`, `CONFIG`, `ROLLOUT`, `CAPACITY`, `PRIVILEGE`, `EXPOSURE`, `REPLACE`, `DATA_LOSS` |
| `impacts` | the names of all impacts, as in `'privilege' in impacts` |
| `environment`, `cluster`, `owner`, `workload` | where it happens; empty where there is none |
| `protected` | whether the environment is protected |
| `kind`, `group`, `name`, `namespace` | the object; empty where there is none |
| `action` | `added`, `removed`, `changed` or `renamed` |
| `path` | a field that is different, as people write it: `spec.replicas`. With many, one for which `when` holds is enough |

Functions: `contains`, `startsWith`, `endsWith`, `matches`, `size`, and `all` and `exists` over a list. Names, types and patterns
are checked when the file is read, and an impact is never compared with a text. A rule of your own adds to what the rules
of macadam say, and takes nothing away. One that cannot be evaluated counts as one that holds, and such a gate asks.
";

/// What an impact means, in a sentence.
fn meaning(impact: Impact) -> &'static str {
    match impact {
        Impact::Cosmetic => "Nothing that runs is different.",
        Impact::Config => "What programs read is different.",
        Impact::Rollout => "Pods are started again.",
        Impact::Capacity => "There is more or less of what is paid for or needed.",
        Impact::Privilege => "Somebody or something may do what it could not, or no longer may.",
        Impact::Exposure => "Somebody can reach what they could not, or no longer can.",
        Impact::Replace => "The object has to be made anew: it cannot be changed in place, or is gone.",
        Impact::DataLoss => "Stored data can be lost.",
    }
}

fn list(words: &[String]) -> String {
    let word = |word: &String| if word == "*" { "any".to_owned() } else { format!("`{word}`") };
    words.iter().map(word).collect::<Vec<_>>().join(", ")
}
