//! What can be written on the command line.

use camino::Utf8PathBuf;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

/// A compiler for platform repositories: Score workloads and golden paths in, rendered Kubernetes manifests out.
#[derive(Debug, Parser)]
#[command(
    name = "macadam",
    version,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 clean, 1 findings of severity error, 2 macadam could not work."
)]
pub struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Whether standard output is to be one JSON document of findings.
    pub(crate) fn wants_json(&self) -> bool {
        match &self.command {
            Command::Check(check) => check.format == FindingFormat::Json,
            Command::Verify(verify) => verify.format == FindingFormat::Json,
            Command::Render(render) => !render.stdout && render.format == Some(RenderFormat::Json),
            _ => false,
        }
    }
}

/// Options that every command has.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// The platform repository [default: the nearest folder upwards that has a macadam.yaml]
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub(crate) repository: Option<Utf8PathBuf>,
    /// When to colour; `auto` is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Say only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more, and cut no list
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingFormat {
    /// For people, on standard error
    #[default]
    Human,
    /// One JSON document on standard output (see `macadam schema findings`)
    Json,
}

/// How `render` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderFormat {
    /// Findings for people, on standard error
    Human,
    /// Findings as JSON; with --stdout, manifests as a Kubernetes List in JSON
    Json,
    /// With --stdout: manifests as YAML documents
    Yaml,
}

/// How `list` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table
    #[default]
    Human,
    /// A JSON document
    Json,
    /// A Markdown table
    Markdown,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a platform repository: environments, two workloads, pre-commit and CI files
    Init(Init),
    /// Start a workload from a golden path
    New(New),
    /// Compile everything and tell what is wrong, without writing
    Check(Check),
    /// Compile everything and write the rendered tree
    Render(Render),
    /// Show what a change does to the rendered output
    Diff(Diff),
    /// Show workloads, where they run, their golden paths and owners
    List(List),
    /// Explain the code of a finding, or an impact rule
    Explain(Explain),
    /// Tell whether the rendered tree is whole and as macadam wrote it
    Verify(Verify),
    /// Print the JSON Schema of a file format
    Schema(Schema),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page
    Man,
    /// Tour a small example platform in a temporary folder
    Demo(Demo),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder to fill [default: the current one]
    pub(crate) dir: Option<Utf8PathBuf>,
    /// The platform's name [default: the folder's name]
    #[arg(long)]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The golden path, such as `service`
    pub(crate) golden_path: String,
    /// The workload's name
    pub(crate) name: String,
    /// A parameter of the golden path; the value is read as YAML
    #[arg(long = "set", value_name = "KEY=VALUE", action = ArgAction::Append)]
    pub(crate) set: Vec<String>,
    /// The folder to fill, relative to the repository [default: the workload's name]
    #[arg(long)]
    pub(crate) dir: Option<Utf8PathBuf>,
}

/// What a command looks at instead of everything on disk, so that what is broken elsewhere stops nobody.
#[derive(Debug, Args)]
pub(crate) struct Against {
    /// Look at what would be committed now instead of the working tree; only what the commit breaks counts
    #[arg(long, visible_alias = "cached")]
    pub(crate) staged: bool,
    /// Only what is broken since this revision counts [with --staged: HEAD]
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// How to print findings
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FindingFormat,
    #[command(flatten)]
    pub(crate) against: Against,
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    /// Write nothing; fail where the rendered tree is not what would be written
    #[arg(long, conflicts_with_all = ["stdout", "allow_removals"])]
    pub(crate) check: bool,
    /// Only this environment; may be repeated
    #[arg(long = "env", value_name = "NAME", action = ArgAction::Append)]
    pub(crate) environments: Vec<String>,
    /// Only this cluster; may be repeated
    #[arg(long = "cluster", value_name = "NAME", action = ArgAction::Append)]
    pub(crate) clusters: Vec<String>,
    /// Only this workload; may be repeated
    #[arg(long = "workload", value_name = "NAME", action = ArgAction::Append)]
    pub(crate) workloads: Vec<String>,
    /// Print the manifests and write nothing
    #[arg(long, conflicts_with = "allow_removals")]
    pub(crate) stdout: bool,
    /// Remove files even if they are more than 10 % of the tree and more than 20
    #[arg(long)]
    pub(crate) allow_removals: bool,
    /// How to print: findings (human, json), or manifests with --stdout (yaml, json)
    #[arg(long)]
    pub(crate) format: Option<RenderFormat>,
    #[command(flatten)]
    pub(crate) against: Against,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// BASE, BASE..HEAD, or BASE...HEAD (from where the two part) [default: HEAD, against the working tree]
    #[arg(value_name = "BASE[..HEAD]")]
    pub(crate) range: Option<String>,
    /// Look at what would be committed now instead of the working tree
    #[arg(long, visible_alias = "cached")]
    pub(crate) staged: bool,
    /// Compare the rendered trees as they were committed, and compile nothing
    #[arg(long, conflicts_with_all = ["environments", "platform"])]
    pub(crate) rendered: bool,
    /// Compare two environments of one revision: `--env staging --env production`
    #[arg(long = "env", value_name = "NAME", action = ArgAction::Append, conflicts_with_all = ["staged", "platform"])]
    pub(crate) environments: Vec<String>,
    /// Whose platform head's workloads are compiled on: `base` for changes that nobody has approved yet
    #[arg(long, value_name = "SIDE")]
    pub(crate) platform: Option<PlatformSide>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DiffFormat,
    /// One line for each change
    #[arg(long, conflicts_with_all = ["unified", "word"])]
    pub(crate) stat: bool,
    /// Differences by line, as `git diff` prints them
    #[arg(long, conflicts_with = "word")]
    pub(crate) unified: bool,
    /// Differences by word
    #[arg(long)]
    pub(crate) word: bool,
    /// End with exit code 1 where there are differences
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// End with exit code 1 where a CEL expression holds for a change, such as 'impact >= REPLACE'
    #[arg(long, value_name = "EXPRESSION")]
    pub(crate) fail_on: Option<String>,
    /// With --format markdown: the most bytes of the page
    #[arg(long, value_name = "BYTES", default_value_t = 65_536)]
    pub(crate) budget: usize,
    /// With --format markdown: mention those whom a gate asks for
    #[arg(long)]
    pub(crate) mention: bool,
    /// With --format markdown: where the whole page is to be found, such as the address of a CI job's artifact
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) page: Option<String>,
    /// With --format markdown: tells this comment from others of macadam on the same pull request
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) key: String,
    /// Do not use a pager
    #[arg(long)]
    pub(crate) no_pager: bool,
}

/// Whose platform is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlatformSide {
    /// The base's: head's own golden paths, environments and `macadam.yaml` are not looked at
    Base,
}

/// How `diff` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people
    #[default]
    Human,
    /// For the comment of a pull request
    Markdown,
    /// One JSON document (see `macadam schema review`)
    Json,
    /// One page for a browser, which needs nothing else
    Html,
    /// For code scanning
    Sarif,
    /// Annotations in the log of GitHub Actions
    Github,
}

impl Diff {
    /// Whether findings are told on standard error, and not in the document itself.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format == DiffFormat::Human
    }
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code or rule, such as `score/unknown-field` or `kubernetes/workload-selector` [default: list all]
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// How to print findings
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FindingFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The kind of file, such as `environment` [default: list all]
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Keep the folder, to look around
    #[arg(long)]
    pub(crate) keep: bool,
}
