//! Renders one instance: lowers its workload, runs its templates, checks what came out, writes canonical text.
//!
//! `render` is a function of its input alone. It never opens a file, never panics, and tells everything it finds.

#[cfg(test)]
pub(crate) mod bench;
mod complete;
pub(crate) mod context;
pub mod emit;
pub mod lower;
pub mod manifest;
mod port;
mod unused;

use crate::{
    engine::{Context, Engines},
    model::{
        Each, Finding, InstanceInput, InstanceKind, InstanceOutput, Label, Node, Package, PackageKind,
        Params, Provision, Span, Template, UnitInput, WideInput,
    },
};
use manifest::LeafInfo;

/// Renders an instance.
///
/// Artifacts come in path order. Every finding is about the instance's folder. A package whose templates were not well
/// formed renders nothing, as that was told when they were prepared.
pub fn render(input: &InstanceInput, engines: &Engines) -> InstanceOutput {
    let mut job =
        Job { input, engines, shared: context::shared(input), documents: Vec::new(), findings: Vec::new() };
    match &input.kind {
        InstanceKind::Unit(unit) => job.unit(unit),
        InstanceKind::Resource(resource) => job.provision(&resource.provision),
        InstanceKind::Wide(wide) => job.wide(wide),
    }
    job.finish()
}

/// Documents and the package that made them.
struct Made<'a> {
    package: &'a Package,
    documents: Vec<Node>,
}

struct Job<'a> {
    input: &'a InstanceInput,
    engines: &'a Engines,
    shared: Context,
    documents: Vec<Made<'a>>,
    findings: Vec<Finding>,
}

impl<'a> Job<'a> {
    fn unit(&mut self, unit: &'a UnitInput) {
        let Some(blocks) = lower::lower(unit, self.input).take(&mut self.findings) else { return };
        let context = context::unit(unit, &blocks, &self.shared);
        let complete = self.templates(&unit.package, Each::Once, &context, Some(&unit.params));
        if complete {
            let documents = self.documents.iter().flat_map(|made| &made.documents);
            unused::check(&blocks, documents, unit, &mut self.findings);
        }
        port::check_all(unit, &mut self.findings);
        for provision in &unit.provisions {
            self.provision(provision);
        }
    }

    fn provision(&mut self, provision: &'a Provision) {
        if port::unknown(&provision.resource).is_some() {
            return; // told of where the workload that defines it is rendered
        }
        let context = context::provision(provision, self.input, &self.shared);
        let found = self.findings.len();
        self.templates(&provision.package, Each::Once, &context, None);
        for finding in self.findings.get_mut(found..).unwrap_or_default() {
            finding.related.push(Label { span: provision.span, message: "asked for here".to_owned() });
        }
    }

    fn wide(&mut self, wide: &'a WideInput) {
        let (package, params) = (&wide.package, Some(&wide.params));
        let context = context::wide(wide, self.input, &self.shared);
        self.templates(package, Each::Once, &context, params);
        if renders(package, Each::Workload) {
            for summary in &wide.summaries {
                let context = context.with("item", context::workload_item(summary));
                self.templates(package, Each::Workload, &context, params);
            }
        }
        if renders(package, Each::Link) {
            for item in context::link_items(&wide.summaries) {
                self.templates(package, Each::Link, &context.with("item", item), params);
            }
        }
        if renders(package, Each::Aggregate) {
            let [(workloads, all), (namespaces, used)] = context::aggregate(&wide.summaries);
            let context = context.with(workloads, all).with(namespaces, used);
            self.templates(package, Each::Aggregate, &context, params);
        }
    }

    /// Renders the templates of a package, and of its components, that are rendered so often. Returns whether all worked.
    fn templates(
        &mut self,
        package: &'a Package,
        each: Each,
        context: &Context,
        params: Option<&Params>,
    ) -> bool {
        let Some(engine) = self.engines.get(package) else { return false };
        let origins = |path: &str| params.and_then(|params| origin(params, path));
        let mut documents = Vec::new();
        let mut complete = true;
        for template in templates(package, each) {
            match engine.documents_with_origins(template, context, &origins) {
                Ok(made) => documents.extend(made),
                Err(finding) => {
                    complete = false;
                    self.findings.push(finding);
                }
            }
        }
        documents.iter_mut().for_each(complete::name);
        self.documents.push(Made { package, documents });
        complete
    }

    fn finish(self) -> InstanceOutput {
        let Self { input, documents, mut findings, .. } = self;
        let mut output = InstanceOutput::default();
        for made in documents {
            let leaf = LeafInfo {
                folder: &input.folder,
                namespace: &input.namespace,
                header: &format!("{}, {} {}", input.origin, kind_word(made.package), made.package.name.value),
            };
            let documents = made.documents.into_iter().map(|node| {
                let span = node.span;
                (node, span)
            });
            let (artifacts, facts, found) = manifest::artifacts(documents.collect(), &leaf);
            output.artifacts.extend(artifacts);
            output.facts.objects.extend(facts.objects);
            findings.extend(found);
        }
        output.artifacts.sort_by(|left, right| left.path.cmp(&right.path));
        let folder = input.folder.as_str();
        output.findings = findings
            .into_iter()
            .map(|finding| if finding.subject.is_none() { finding.about(folder) } else { finding })
            .collect();
        output
    }
}

/// What a reader calls this kind of package.
fn kind_word(package: &Package) -> &'static str {
    match package.kind {
        PackageKind::GoldenPath => "golden path",
        PackageKind::Component => "component",
        PackageKind::Provisioner { .. } => "provisioner",
        PackageKind::PlatformPackage { .. } => "platform package",
    }
}

/// The templates of a package and of the components it uses, each component once.
fn templates(package: &Package, each: Each) -> Vec<&Template> {
    let mut packages = vec![package];
    let mut next = 0;
    while let Some(package) = packages.get(next).copied() {
        for component in &package.components {
            if !packages.iter().any(|known| known.key() == component.key()) {
                packages.push(component);
            }
        }
        next += 1;
    }
    let all = packages.into_iter().flat_map(Package::kubernetes_templates);
    all.filter(|template| template.each == each).collect()
}

fn renders(package: &Package, each: Each) -> bool {
    !templates(package, each).is_empty()
}

/// Which layer set a parameter, and where: `params.autoscaling.maxReplicas`, or the nearest map around it.
fn origin(params: &Params, path: &str) -> Option<(String, Span)> {
    let path = path.strip_prefix("params.")?;
    let mut node = &params.value;
    for key in path.split('.') {
        node = node.get(key)?;
    }
    let mut around = path;
    loop {
        if let Some(layer) = params.layers.get(around) {
            return Some((layer.describe().to_owned(), node.span));
        }
        around = around.rsplit_once('.')?.0;
    }
}

#[cfg(test)]
mod tests;
