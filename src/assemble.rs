//! Puts all outputs into one tree: names clashes of paths and of object identities.

use std::collections::{BTreeMap, btree_map::Entry};

use camino::Utf8PathBuf;
use macadam_yaml::Span;

use crate::model::{Code, Finding, InstanceInput, InstanceOutput, ObjectId, Outcome, Tree};
use crate::write::{FORMAT, STATE, record};

/// Puts the outputs of all instances into one tree, with the records of what is ours.
///
/// `outputs` come with their instances, in folder order. Finds two sources of one file, also where only letter case
/// differs, and two sources of one Kubernetes object in one cluster: clusters with one `server` are one cluster.
pub fn assemble<'a>(outputs: impl IntoIterator<Item = (&'a InstanceInput, InstanceOutput)>) -> Outcome<Tree> {
    let mut assembly = Assembly::default();
    for (input, output) in outputs {
        assembly.objects(input, &output);
        assembly.files(input, output);
    }
    assembly.tree.files.insert(format!("{STATE}/format").into(), format!("{FORMAT}\n").into_bytes());
    Outcome::new(assembly.tree, assembly.findings)
}

#[derive(Default)]
struct Assembly<'a> {
    tree: Tree,
    /// Paths in lower case, and who made them.
    paths: BTreeMap<String, &'a InstanceInput>,
    /// Objects by cluster, and who made them.
    objects: BTreeMap<(String, ObjectId), (&'a InstanceInput, Span)>,
    findings: Vec<Finding>,
}

impl<'a> Assembly<'a> {
    fn objects(&mut self, input: &'a InstanceInput, output: &InstanceOutput) {
        let cluster = cluster(input);
        for (object, span) in &output.facts.objects {
            match self.objects.entry((cluster.clone(), object.clone())) {
                Entry::Vacant(free) => {
                    free.insert((input, *span));
                }
                Entry::Occupied(taken) => {
                    let (other, there) = *taken.get();
                    self.findings.push(clash(object, (input, *span), (other, there)));
                }
            }
        }
    }

    fn files(&mut self, input: &'a InstanceInput, output: InstanceOutput) {
        if output.artifacts.is_empty() {
            return;
        }
        let entries = output.artifacts.iter().map(|artifact| (&artifact.digest, artifact.path.as_path()));
        let lines = record::format(entries);
        for artifact in output.artifacts {
            self.file(input, artifact.path, artifact.bytes);
        }
        self.file(input, record::path(&input.folder), lines.into_bytes());
    }

    fn file(&mut self, input: &'a InstanceInput, path: Utf8PathBuf, bytes: Vec<u8>) {
        if let Some(other) = self.paths.insert(path.as_str().to_lowercase(), input) {
            self.findings.push(
                Finding::new(Code::PathClash, format!("two sources make `{path}`"))
                    .at(input.span, "this one")
                    .also(other.span, "and this one")
                    .about(input.folder.as_str()),
            );
        }
        self.tree.files.insert(path, bytes);
    }
}

/// What tells one cluster from another: the server's address, where it is known.
fn cluster(input: &InstanceInput) -> String {
    match &input.cluster.server {
        Some(server) => server.value.clone(),
        None => format!("{}/{}", input.environment.name.value, input.cluster.name.value),
    }
}

fn clash(object: &ObjectId, here: (&InstanceInput, Span), there: (&InstanceInput, Span)) -> Finding {
    let finding = Finding::new(Code::ObjectClash, format!("two sources make `{object}` in one cluster"))
        .at(here.0.span, "this one")
        .also(there.0.span, "and this one");
    let finding = if here.1 == here.0.span { finding } else { finding.also(here.1, "made here") };
    let finding = if there.1 == here.1 { finding } else { finding.also(there.1, "and made here") };
    finding.about_object(here.0.folder.as_str(), object.to_string())
}
