use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Somebody may be surprised.
    Warning,
    /// An error that was there before the change that is looked at, and has nothing to do with it: it stops nobody.
    #[serde(rename = "already-broken")]
    AlreadyBroken,
}

impl Severity {
    /// The word that is printed.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::AlreadyBroken => "already broken",
        }
    }
}

macro_rules! codes {
    ($( $(#[doc = $page:expr])+ $name:ident = $slug:literal, $severity:ident; )+) => {
        /// The stable name of a kind of finding. A released code is never reused.
        ///
        /// Each variant's documentation is its manual page, which `explain <code>` prints.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $( $(#[doc = $page])+ $name, )+ }

        impl Code {
            /// Every code, in the order of the stages.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )+ ];

            /// The stable name, such as `score/unknown-field`.
            pub fn slug(self) -> &'static str {
                match self { $( Self::$name => $slug, )+ }
            }

            /// How bad it is, unless somebody lowers it.
            pub fn severity(self) -> Severity {
                match self { $( Self::$name => Severity::$severity, )+ }
            }

            /// Its manual page, in Markdown.
            pub fn page(self) -> String {
                match self { $( Self::$name => page(&[ $($page),+ ]), )+ }
            }
        }
    };
}

/// Joins documentation lines, without the space that each begins with.
fn page(lines: &[&str]) -> String {
    lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

impl Code {
    /// The code of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.slug() == slug)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slug = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_slug(&slug).ok_or_else(|| serde::de::Error::custom("unknown code"))
    }
}

codes! {
    // ---- load -------------------------------------------------------------------------------------------------

    /// A path in the repository cannot be an input.
    ///
    /// Links, names that are not UTF-8, and names with control or direction characters are not read, so that what is
    /// compiled is what a reviewer sees. Replace a link by the file it points at.
    RefusedPath = "load/refused-path", Error;

    /// A Score file names a file that cannot be read.
    ///
    /// `source` is a plain path relative to the Score file's folder. It may not leave the repository, pass a link or
    /// name something that Git ignores on principle (`.git`). Missing and forbidden files give this same finding.
    MissingSource = "load/missing-source", Error;

    /// A `.gitignore` is larger than is accepted.
    ///
    /// It decides which Score files are inputs, so it cannot be passed over. The limit, 256 KiB, is far above what
    /// anybody writes by hand; list folders instead of files.
    TooLarge = "load/too-large", Error;

    // ---- parse ------------------------------------------------------------------------------------------------

    /// The file is not YAML.
    ///
    /// The label marks the first place where reading stopped to make sense.
    YamlSyntax = "yaml/syntax", Error;

    /// A map has one key twice.
    ///
    /// Readers disagree on which one wins, so neither does. `1` and `"1"` are one key, because Kubernetes reads YAML
    /// through JSON.
    DuplicateKey = "yaml/duplicate-key", Error;

    /// The file is larger, deeper or has more nodes than is accepted.
    ///
    /// The limits keep a hostile file from using up memory or time; real files stay far below them.
    YamlLimit = "yaml/limit", Error;

    /// The file uses something of YAML that we refuse.
    ///
    /// Second documents, tags beyond the core set, recursive or explosive aliases, `.nan` and `.inf`, bytes that are
    /// not UTF-8 and NUL characters mean different things to different readers.
    YamlRefused = "yaml/refused", Error;

    /// An unquoted value is a string here, but other readers take it for something else.
    ///
    /// `yes`, `on`, `1:20` and `2001-12-14` are strings to Score's own reader and booleans, numbers or dates to
    /// others. Quotes make it a string for everybody.
    AmbiguousScalar = "yaml/ambiguous-scalar", Warning;

    // ---- validate: Score --------------------------------------------------------------------------------------

    /// The file is not a Score file of the version we read.
    ///
    /// `apiVersion` must be `score.dev/v1b1`.
    NotScore = "score/not-score", Error;

    /// A key that Score does not have.
    ///
    /// Score maps are closed: only `metadata` and the `params` and `metadata` of resources are open.
    UnknownField = "score/unknown-field", Error;

    /// A key that must be there is missing.
    ///
    /// The label marks the map that lacks it. `macadam schema score` says which keys a map must have.
    MissingField = "score/missing-field", Error;

    /// A value has another type than Score asks for.
    ///
    /// The most frequent case is an unquoted number where a string is wanted: write `"8080"`.
    WrongType = "score/wrong-type", Error;

    /// A value has the right type but not the right form.
    ///
    /// The message says which form is wanted: CPU as `250m` or `0.5`, memory as `128Mi`, a file's mode as `"0644"`.
    InvalidValue = "score/invalid-value", Error;

    /// A name that Score does not accept.
    ///
    /// Names have 2 to 63 lower-case letters, digits and `-`, and start and end with a letter or digit.
    InvalidName = "score/invalid-name", Error;

    /// A deprecated form that still works.
    ///
    /// `files` and `volumes` are maps by target path since Score v1b1 was revised; the list forms are upgraded on
    /// reading.
    DeprecatedForm = "score/deprecated-form", Warning;

    /// Two entries of a list form name one target.
    ///
    /// score-go keeps the last one silently.
    DuplicateTarget = "score/duplicate-target", Error;

    /// A placeholder that is not well formed, or starts with an unknown root.
    ///
    /// `${metadata.key}` and `${resources.name.output}` are known everywhere; `${environment.*}` and `${cluster.*}`
    /// in the keys under `metadata.platform`. `$${` stands for a literal `${`.
    InvalidPlaceholder = "score/invalid-placeholder", Error;

    /// A placeholder names a resource that the workload does not declare.
    ///
    /// `${resources.db.host}` needs an entry `db` under `resources`. Add it, or correct the name.
    UnknownResource = "score/unknown-resource", Error;

    /// A placeholder names something in `metadata` that is not there.
    ///
    /// `${metadata.team}` needs a key `team` in the Score file's `metadata`; a dot inside a key is written `\.`.
    UnknownMetadata = "score/unknown-metadata", Error;

    /// `before` names a container that is not there, the container itself, or runs in a circle.
    ///
    /// `containers.a.before.b` means that `a` runs before `b`.
    InvalidBefore = "score/invalid-before", Error;

    /// Two Score files have one name.
    ///
    /// A workload's name is unique in the repository: it names folders, objects and links.
    DuplicateWorkload = "score/duplicate-workload", Error;

    /// A container asks for more than its limit.
    ///
    /// Kubernetes refuses such a pod. Raise the limit or lower the request; an overlay may have changed only one of the
    /// two.
    RequestAboveLimit = "score/request-above-limit", Error;

    /// A probe that checks nothing.
    ///
    /// The specification asks for `httpGet` or `exec`; the reference tools accept an empty probe. It is accepted here
    /// too, and has no effect. Add a check, or take the probe away.
    EmptyProbe = "score/empty-probe", Warning;

    /// A placeholder in a place where Score does not expand placeholders.
    ///
    /// They are expanded in variables, file contents (without `noExpand`), volume sources and the params of resources.
    /// Everywhere else (`image`, `command`, `args`, probes ..) they reach the container as they are written. Put the
    /// value into a variable and let the program, or a shell, read that.
    UnexpandedPlaceholder = "score/unexpanded-placeholder", Warning;

    // ---- validate: our own files ------------------------------------------------------------------------------

    /// There is no `macadam.yaml`, or it is not a `Platform`.
    ///
    /// Three lines are enough: `apiVersion: macadam.dev/v1`, `kind: Platform`, `metadata: { name: <name> }`. `macadam
    /// init` writes one.
    NotPlatform = "platform/not-a-platform", Error;

    /// A file of ours does not satisfy its schema.
    ///
    /// `macadam schema <kind>` prints the schema, for editors.
    InvalidConfig = "platform/invalid", Error;

    /// A file of ours has a key that is not known.
    ///
    /// A misspelt key would be passed over silently, so none is accepted. `macadam schema <kind>` prints the known
    /// ones.
    UnknownKey = "platform/unknown-key", Error;

    /// Two files of ours define one name.
    ///
    /// A name leads to one file only. Rename or remove one; both places are shown.
    DuplicateDefinition = "platform/duplicate", Error;

    /// A condition on a change cannot be used.
    ///
    /// Gates and impact rules are CEL over one change: `impact` (compared with the constants `COSMETIC` to `DATA_LOSS`),
    /// `impacts` (names, as in `'privilege' in impacts`), `environment`, `cluster`, `owner`, `workload`, `kind`, `group`,
    /// `name`, `namespace`, `action`, `path` and `protected`. A condition that cannot be used would never ask for
    /// anybody, so nothing goes on before it is mended.
    InvalidExpression = "platform/invalid-expression", Error;

    /// The repository needs another version of macadam.
    ///
    /// `spec.macadam` in `macadam.yaml` names the minor version, so that everybody renders the same bytes. Install that
    /// version, or change the line and render again.
    VersionMismatch = "platform/version-mismatch", Error;

    /// A package's folder or manifest is not well formed.
    ///
    /// A package is a folder with a manifest (`golden-path.yaml`, `component.yaml`, `provisioner.yaml`,
    /// `platform-package.yaml`) whose `metadata.name` is the folder's name, and templates under `templates/`.
    InvalidPackage = "package/invalid", Error;

    /// A parameter without a description.
    ///
    /// Descriptions are what developers see in their editor, in `new` and in the catalog. Say what the parameter does
    /// and what the default means.
    UndescribedParameter = "package/undescribed-parameter", Warning;

    // ---- plan -------------------------------------------------------------------------------------------------

    /// Something names an environment or a cluster that is not there.
    ///
    /// Environments are the files in `environments/`, clusters their `spec.clusters`. An overlay for one that is not
    /// there would be passed over silently, so it is an error.
    UnknownEnvironment = "plan/unknown-environment", Error;

    /// A workload's placement matches no cluster of any environment.
    ///
    /// The workload would run nowhere, which is most likely a spelling mistake in a label.
    EmptyPlacement = "plan/empty-placement", Error;

    /// A workload names an owner that `macadam.yaml` does not list.
    ///
    /// Add the owner under `spec.owners`, or correct the name. Without `spec.owners` any name is fine.
    UnknownOwner = "plan/unknown-owner", Error;

    /// A workload or environment asks for a golden path, component or platform package that is not there.
    ///
    /// The repository's own packages lie in `golden-paths/`, `resources/` and `platform/`; others are built in.
    UnknownPackage = "plan/unknown-package", Error;

    /// A package is there, but not in the version that is asked for.
    ///
    /// Only the version in the working tree, and the one that is built in, can be used. Correct the pin, or take it
    /// away.
    UnknownVersion = "plan/unknown-version", Error;

    /// A parameter that the package does not declare.
    ///
    /// The package's manifest lists its parameters under `spec.params`. Correct the name, or declare it there.
    UnknownParameter = "plan/unknown-parameter", Error;

    /// A parameter that the package needs is missing.
    ///
    /// Set it in any layer: `macadam.yaml`, the environment, the cluster, or `metadata.platform.params` of the
    /// workload.
    MissingParameter = "plan/missing-parameter", Error;

    /// A parameter's value does not satisfy the package's schema.
    ///
    /// The label marks the layer whose value won. The schema stands in the package's manifest under `spec.params`.
    InvalidParameter = "plan/invalid-parameter", Error;

    /// A parameter's value is outside of what the environment allows.
    ///
    /// Both places are shown: where the value was set, and where the bound is.
    ParameterBound = "plan/parameter-bound", Error;

    /// A parameter, a volume source or a piece of metadata refers to a secret.
    ///
    /// Only variables and files can hold what is not known until run time.
    ReferenceNotAllowed = "plan/reference-not-allowed", Error;

    /// A workload does not satisfy what its golden path requires.
    ///
    /// The golden path's manifest says under `spec.requires` what it needs, as a JSON Schema over the Score file.
    /// Change the workload, or choose another golden path.
    Requirement = "plan/requirement", Error;

    /// A workload asks for a resource type that no provisioner serves.
    ///
    /// Provisioners lie in `resources/<name>/`; some are built in. Correct the type or class, or write a provisioner
    /// for it.
    UnprovidedResource = "plan/unprovided-resource", Error;

    /// Two provisioners serve a resource equally well.
    ///
    /// Say which one in the environment: `resources: { <type>: <provisioner> }`.
    AmbiguousProvisioner = "plan/ambiguous-provisioner", Error;

    /// A placeholder names an output that the resource does not have.
    ///
    /// The provisioner's manifest declares what a resource tells its workloads under `spec.outputs`.
    UnknownOutput = "plan/unknown-output", Error;

    /// One `id`, two definitions with different parameters.
    ///
    /// Workloads that use one `id` share one resource, so it can have one set of parameters. Define them in one
    /// workload and leave them out of the others.
    ConflictingResource = "plan/conflicting-resource", Error;

    /// Resources of a workload need each other's outputs in a circle.
    ///
    /// Parameters that use outputs decide the order in which resources are resolved. Break the circle by writing one
    /// value out.
    ResourceCycle = "plan/resource-cycle", Error;

    /// A shared resource is used by an owner that it is not shared with.
    ///
    /// The defining workload says who may: `metadata.platform.sharedWith: { <resource>: [<owner>] }`.
    NotShared = "plan/not-shared", Error;

    /// A reference to a Secret in another namespace, which a pod cannot read.
    ///
    /// A pod reads Secrets of its own namespace only. Use a provisioner that gives each consumer's namespace a Secret
    /// of its own, or run the workloads in one namespace.
    SecretOutOfReach = "plan/secret-out-of-reach", Error;

    /// A link names a workload that is not there, or does not run in this environment and cluster.
    ///
    /// A `service` resource points at `params.workload`, else at the workload that is named like the resource. Both
    /// workloads must run on the same cluster.
    UnknownWorkload = "plan/unknown-workload", Error;

    /// A link names a port that the workload does not have.
    ///
    /// Ports are named in `service.ports` of the workload that is linked to. Correct the name, or add the port there.
    UnknownPort = "plan/unknown-port", Error;

    /// An address built from a link names a port that the workload's Service does not have.
    ///
    /// The connection would find nobody. Use the resource's `port` output, or add the port to `service.ports` of the
    /// other workload.
    UndeclaredPort = "plan/undeclared-port", Warning;

    /// A password reference stands in a URL without being marked `urlSafe`.
    ///
    /// A password with `@` or `/` breaks the URL. Use the resource's own `url` output: whoever fills the Secret encodes it.
    UnsafeUrl = "plan/unsafe-url", Warning;

    /// A release names a container that the workload does not have, or leaves one without an image.
    ///
    /// `release.yaml` gives each container whose image is `.` an image, in every environment it lists.
    InvalidRelease = "plan/invalid-release", Error;

    /// Two instances would write into one folder, or two names are equal after cutting.
    ///
    /// Both places are shown. Rename one: long names are cut to what Kubernetes accepts, and may meet there.
    FolderClash = "plan/folder-clash", Error;

    /// A name is longer than Kubernetes accepts for the object it names.
    ///
    /// A workload's own name is not cut, as other workloads know it by that name. StatefulSets and CronJobs take 52
    /// characters, most others 63.
    NameTooLong = "plan/name-too-long", Error;

    // ---- render -----------------------------------------------------------------------------------------------

    /// A file's content mixes text and a secret reference.
    ///
    /// A file that is exactly one reference comes from the Secret. For a mixed one, put the reference into a variable.
    MixedFile = "lower/mixed-file", Error;

    /// A file is not UTF-8 text, so placeholders in it cannot be found.
    ///
    /// `noExpand: true` takes its bytes as they are.
    NotText = "lower/not-text", Error;

    /// An annotation that another Score tool obeys has no effect here.
    ///
    /// score-k8s reads the kind of a workload and the name of its Service from annotations. Here the golden path decides,
    /// by its parameters. The annotation may stay for the other tool.
    ForeignAnnotation = "lower/foreign-annotation", Warning;

    /// A container's files do not fit into a ConfigMap.
    ///
    /// Kubernetes refuses a ConfigMap over 1 MiB.
    FileTooLarge = "lower/file-too-large", Error;

    /// A volume's resource says neither what it is nor what to claim, or cannot be mounted this way.
    ///
    /// A provisioner for volumes has an output `source` (a Kubernetes volume source) or `claimSpec` (what a claim asks
    /// for).
    InvalidVolume = "lower/invalid-volume", Error;

    /// A combination of workload and golden path that Kubernetes cannot run.
    ///
    /// The message says what cannot go together, such as a claimed volume that several pods would write to.
    Unsupported = "lower/unsupported", Error;

    /// A golden path leaves an element of the workload unused.
    ///
    /// Files, volumes, ports and containers that a developer wrote must appear in the output: a golden path that
    /// cannot serve them says so with `requires`.
    UnusedElement = "lower/unused-element", Error;

    /// A template is not well formed.
    ///
    /// Templates are MiniJinja, which is Jinja: `{{ expression }}`, `{% statement %}`, `{# comment #}`.
    TemplateSyntax = "template/syntax", Error;

    /// A template failed while rendering.
    ///
    /// Everything that is undefined stops a template, as do structures printed without `to_yaml` and operations that a
    /// type does not have. The message tells the types it met, and where they came from; never their values.
    TemplateError = "template/error", Error;

    /// A template used up its budget of instructions, memory or output.
    ///
    /// The budget keeps a runaway loop from taking the machine. A template that needs more should render less at a
    /// time.
    TemplateLimit = "template/limit", Error;

    /// What a template made is not YAML, or has a key twice once values are in place.
    ///
    /// Printed strings are put in after reading, so that they cannot be the cause: look at the template's own text,
    /// most often its indentation.
    TemplateOutput = "template/output", Error;

    /// What a template made is not a Kubernetes object.
    ///
    /// Each document needs `apiVersion`, `kind` and `metadata.name`, and has no `status`. Cluster-scoped kinds have no
    /// `metadata.namespace`; labels and annotations are strings.
    InvalidManifest = "template/invalid-manifest", Error;

    /// A template made a Secret with content.
    ///
    /// What is in Git is read by many: no secret may be in the tree. Let an `ExternalSecret` fill the Secret, or refer
    /// to one that exists.
    PlainSecret = "template/plain-secret", Error;

    // ---- assemble ---------------------------------------------------------------------------------------------

    /// Two sources make one file.
    ///
    /// Nothing is overwritten silently, so neither is written. Paths that differ only in case or in Unicode form are
    /// one path on some computers.
    PathClash = "assemble/path-clash", Error;

    /// Two sources make one Kubernetes object in one cluster.
    ///
    /// A deployer would apply one over the other, again and again. Give one of them another name or namespace; both
    /// places are shown.
    ObjectClash = "assemble/object-clash", Error;

    // ---- write ------------------------------------------------------------------------------------------------

    /// A file in the output root that macadam did not write.
    ///
    /// The output root belongs to macadam. Move the file, or let Git ignore it.
    ForeignFile = "write/foreign-file", Error;

    /// A file that macadam wrote was edited by hand.
    ///
    /// It is rendered again. What an edit was meant to do belongs into the workload, the environment or the golden path.
    EditedFile = "write/edited-file", Warning;

    /// A file that would be removed was edited by hand.
    ///
    /// Its instance is gone, but its content is not what macadam wrote, so it is not removed. Remove it yourself.
    EditedStale = "write/edited-stale", Error;

    /// A run would remove more than 10 % of the files and more than 20.
    ///
    /// `--allow-removals` says that this is meant.
    TooManyRemovals = "write/too-many-removals", Error;

    /// A path that no output may have.
    ///
    /// Outputs are plain paths below the output root. Names on which Git or CI systems act (`.git`, `.gitattributes`,
    /// `.gitignore`, `.gitmodules`, `.github`), backslashes and invisible characters are refused, and so is a file
    /// inside of another file.
    RefusedOutput = "write/refused-output", Error;

    /// Something that is no plain file lies where a file has to be written.
    ///
    /// A link, a pipe, or a folder with files that macadam did not write. It is never followed, opened or replaced:
    /// remove it yourself.
    BlockedPath = "write/blocked-path", Error;

    /// `render --check` found a file that is not what would be written.
    ///
    /// Somebody changed sources without rendering, or edited rendered files. Run `macadam render` and commit what it
    /// writes.
    NotCurrent = "check/not-current", Error;

    // ---- verify -----------------------------------------------------------------------------------------------

    /// The output root is neither the old tree nor the new one.
    ///
    /// A run was stopped while it wrote. `macadam render` completes what was begun.
    TornTree = "verify/torn-tree", Error;

    /// The output root does not say which layout it has.
    ///
    /// `.macadam/format` is missing or holds no number: macadam has not written this folder, or the file was damaged.
    UnknownFormat = "verify/unknown-format", Error;

    /// A record of what is ours cannot be read to the end.
    ///
    /// Most often it holds conflict markers. `macadam render` writes it again.
    DamagedRecord = "verify/damaged-record", Error;

    /// A file that a record names is not there.
    ///
    /// A deployer would take its object for deleted. `macadam render` writes it again.
    MissingFile = "verify/missing-file", Error;

    /// A file that a record names has other content than was written.
    ///
    /// Somebody edited it, or a merge mixed two versions. `macadam render` writes it again; `git diff` shows what the edit was.
    ChangedFile = "verify/changed-file", Error;
}
