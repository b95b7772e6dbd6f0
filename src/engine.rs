//! The template engine: MiniJinja, contained, with every printed string as a numbered hole.
//!
//! Templates reach nothing but the context they are given and the other templates of their package: no file, clock,
//! environment variable, randomness or network. What they print never meets a parser: strings and structures travel in
//! a table beside the text, and are put into the parsed tree afterwards.

mod complaint;
mod context;
mod convert;
mod engines;
mod fill;
mod filters;
mod guard;
mod hcl;
mod hole;
mod name;
mod print;
mod quantity;
mod report;
mod sink;
mod splice;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use macadam_yaml::{FileId, Limits, Node, Resolution, Span, Value as Tree};
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};

pub use context::Context;
pub use engines::Engines;
pub use name::{dns_label, service_label, short_hash};

use crate::model::{Code, Finding, Outcome, OutputRule, Package, PackageKind, Spanned, Template};
use complaint::Complaint;
use fill::Filler;
use hole::{Hole, Table};
use report::Step;
use sink::{MAX_OUTPUT, Places, Sink, SourceRange};

/// Steps that one render may take: about a second of work at the very most.
const FUEL: u64 = 5_000_000;
/// Macros and includes within each other, in the engine's own unit.
const RECURSION: usize = 200;

/// Tells where a value of the context, such as `params.replicas`, was set: in a few words, and the place.
pub type Origins<'a> = &'a dyn Fn(&str) -> Option<(String, Span)>;

/// The templates of one package and its components, compiled once. Threads share it.
#[derive(Debug)]
pub struct Engine {
    env: Environment<'static>,
    /// The name in the environment, by file.
    names: HashMap<FileId, String>,
    files: HashMap<String, FileId>,
    ranges: Vec<SourceRange>,
}

/// What a template printed.
struct Rendered<'a> {
    text: Vec<u8>,
    places: Places<'a>,
    table: Table,
}

impl Engine {
    /// Compiles the templates of a package under their path below `templates/`, those of its components under
    /// `<component>/<path>`, and the expressions in a provisioner's outputs.
    ///
    /// Goes on after each finding (`template/syntax`, `template/limit`), so that all templates are told of. The value is
    /// there without errors only.
    pub fn new(package: &Package) -> Outcome<Self> {
        let mut findings = Vec::new();
        let mut engine = Self {
            env: Environment::new(),
            names: HashMap::new(),
            files: HashMap::new(),
            ranges: Vec::new(),
        };
        engine.configure();
        engine.add_package(package, "", &mut findings);
        if let PackageKind::Provisioner { outputs, .. } = &package.kind {
            engine.add_outputs(outputs, &mut findings);
        }
        engine.measure();
        if findings.is_empty() { Outcome::new(engine, findings) } else { Outcome::failed(findings) }
    }

    /// Renders a template of this package, and reads the YAML (or JSON) documents that it makes; empty ones are dropped.
    ///
    /// Every node's span is the place in the template that made it. One finding at most: `template/error`,
    /// `template/limit` or `template/output`, which never holds a value.
    pub fn documents(&self, template: &Template, context: &Context) -> Result<Vec<Node>, Finding> {
        self.documents_with_origins(template, context, &|_| None)
    }

    /// Renders as [`Engine::documents`] does; a finding also shows where the values in the failing expression came from.
    pub fn documents_with_origins(
        &self,
        template: &Template,
        context: &Context,
        origins: Origins<'_>,
    ) -> Result<Vec<Node>, Finding> {
        let Some(compiled) = self.names.get(&template.file).and_then(|name| self.env.get_template(name).ok())
        else {
            let message = format!("`{}` is no template of this package", template.path);
            return Err(Finding::new(Code::TemplateError, message));
        };
        let root = context.value();
        let rendered = self
            .run(&compiled, template.file, &root)
            .map_err(|error| self.report(&error, None, &root, origins))?;
        self.read(template, rendered)
    }

    /// Evaluates every string in a tree: one that is exactly one `{{ .. }}` gives the expression's own value, any other
    /// its text. Keys and everything that is no string stay as they are.
    pub fn evaluate(&self, node: &Node, context: &Context) -> Result<serde_json::Value, Finding> {
        use serde_json::Value as Json;
        match &node.value {
            Tree::String(text) => self.evaluate_text(text, node.span, &context.value()),
            Tree::Sequence(items) => items
                .iter()
                .map(|item| self.evaluate(item, context))
                .collect::<Result<_, _>>()
                .map(Json::Array),
            Tree::Mapping(map) => {
                let pairs =
                    map.iter().map(|entry| Ok((entry.key.clone(), self.evaluate(&entry.value, context)?)));
                pairs.collect::<Result<_, _>>().map(Json::Object)
            }
            _ => Ok(convert::json(node.clone())),
        }
    }

    /// Evaluates one expression, written with or without `{{ }}` around it, to its own value.
    pub fn expression(
        &self,
        expression: &Spanned<String>,
        context: &Context,
    ) -> Result<serde_json::Value, Finding> {
        self.evaluate_text(&bracketed(&expression.value), expression.span, &context.value())
    }
}

impl Engine {
    fn configure(&mut self) {
        let env = &mut self.env;
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_debug(false);
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(RECURSION);
        env.set_auto_escape_callback(
            |name| {
                if name.starts_with('\0') { print::EXPRESSION } else { print::YAML }
            },
        );
        env.set_formatter(print::print);
        filters::install(env);
    }

    fn add_package(&mut self, package: &Package, prefix: &str, findings: &mut Vec<Finding>) {
        for template in package.templates.iter().filter(|template| is_template(template)) {
            self.add_template(template, format!("{prefix}{}", template.path), findings);
        }
        for component in &package.components {
            let prefix = format!("{}/", component.name.value);
            let known = component.templates.iter().all(|template| self.names.contains_key(&template.file));
            if !known {
                self.add_package(component, &prefix, findings);
            }
        }
    }

    fn add_template(&mut self, template: &Template, name: String, findings: &mut Vec<Finding>) {
        if let Some(first) =
            self.files.insert(name.clone(), template.file).filter(|file| *file != template.file)
        {
            let finding = Finding::new(Code::TemplateSyntax, format!("two templates are `{name}`"))
                .at(Span::new(template.file, 0, 0), "the component's")
                .also(Span::new(first, 0, 0), "the package's");
            return findings
                .push(finding.help("a package's folder may not be called like a component it uses"));
        }
        let added = guard::check(&template.text, template.file).and_then(|()| {
            let added = self.env.add_template_owned(name.clone(), template.text.to_string());
            added.map_err(|error| syntax(&error, place(&error, template.file, &template.text)))
        });
        match added {
            Ok(()) => {
                self.names.insert(template.file, name);
            }
            Err(finding) => findings.push(finding),
        }
    }

    fn add_outputs(&mut self, outputs: &OutputRule, findings: &mut Vec<Finding>) {
        match outputs {
            OutputRule::Declared(outputs) => {
                for node in outputs.values() {
                    self.add_tree(node, findings);
                }
            }
            OutputRule::From(text) => self.add_text(&bracketed(&text.value), text.span, findings),
        }
    }

    fn add_tree(&mut self, node: &Node, findings: &mut Vec<Finding>) {
        match &node.value {
            Tree::String(text) => self.add_text(text, node.span, findings),
            Tree::Sequence(items) => items.iter().for_each(|item| self.add_tree(item, findings)),
            Tree::Mapping(map) => map.iter().for_each(|entry| self.add_tree(&entry.value, findings)),
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str, span: Span, findings: &mut Vec<Finding>) {
        if !is_dynamic(text) {
            return;
        }
        let added = guard::check(text, span.file)
            .map_err(|finding| Finding { primary: None, ..finding }.at(span, ""));
        let added = added.and_then(|()| {
            let added = self.env.add_template_owned(format!("\0{text}"), text.to_owned());
            added.map_err(|error| syntax(&error, span))
        });
        findings.extend(added.err());
    }

    /// Notes where the text of each template lies in memory.
    fn measure(&mut self) {
        for (name, file) in &self.files {
            if let Ok(template) = self.env.get_template(name) {
                let text = template.source();
                let start = text.as_ptr().addr();
                self.ranges.push(SourceRange { start, end: start + text.len(), file: *file });
            }
        }
        self.ranges.sort_by_key(|range| range.start);
    }

    fn run(
        &self,
        template: &minijinja::Template<'_, '_>,
        file: FileId,
        root: &Value,
    ) -> Result<Rendered<'_>, minijinja::Error> {
        let mut sink = Sink::new(file, &self.ranges);
        let mut captured = template.render_captured_to(root.clone(), &mut sink)?;
        let table = captured.with_state_mut(|state| state.get_extension_mut::<Table>().map(std::mem::take));
        drop(captured);
        let (text, places) = sink.finish();
        Ok(Rendered { text, places, table: table.unwrap_or_default() })
    }

    fn read(&self, template: &Template, rendered: Rendered<'_>) -> Result<Vec<Node>, Finding> {
        let Rendered { text, mut places, table } = rendered;
        let mut text = String::from_utf8(text).unwrap_or_default();
        if template.text.ends_with('\n') {
            // The engine drops it, and with it the last line feed of a block of text.
            text.push('\n');
        }
        let text = match template.path.as_str().ends_with(".json.j2") {
            true => text,
            false => splice::mark(text, &table, &mut places),
        };
        let limits = Limits { bytes: MAX_OUTPUT + 1024 * 1024, ..Limits::default() };
        let parsed =
            macadam_yaml::parse_documents(text.as_bytes(), template.file, Resolution::Kubernetes, &limits);
        let mut documents = parsed.map_err(|errors| unreadable(&errors, template.file, &places))?;
        let mut filler = Filler::new(&table, &places);
        for document in &mut documents {
            filler.fill(document).map_err(|(complaint, span)| complained(complaint, span))?;
        }
        documents.retain(|document| !document.is_null());
        Ok(documents)
    }

    fn evaluate_text(&self, text: &str, span: Span, root: &Value) -> Result<serde_json::Value, Finding> {
        if !is_dynamic(text) {
            return Ok(serde_json::Value::from(text));
        }
        let report = |error: minijinja::Error| self.report(&error, Some((span, text)), root, &|_| None);
        let name = format!("\0{text}");
        let rendered = match self.env.get_template(&name) {
            Ok(template) => self.run(&template, span.file, root),
            Err(_) => {
                guard::check(text, span.file)
                    .map_err(|finding| Finding { primary: None, ..finding }.at(span, ""))?;
                self.env
                    .template_from_named_str(&name, text)
                    .and_then(|template| self.run(&template, span.file, root))
            }
        };
        let rendered = rendered.map_err(report)?;
        let value = native(rendered, text).map_err(|complaint| complained(complaint, span))?;
        value.ok_or_else(|| complained(Complaint::new("text is not UTF-8"), span))
    }

    fn report(
        &self,
        error: &minijinja::Error,
        inside: Option<(Span, &str)>,
        root: &Value,
        origins: Origins<'_>,
    ) -> Finding {
        let mut sources = Vec::new();
        for error in report::chain(error) {
            let template = self.env.get_template(error.name().unwrap_or_default()).ok();
            let source = template.map(|template| template.source().to_owned()).unwrap_or_default();
            sources.push((error.name().and_then(|name| self.files.get(name)).copied(), source, error));
        }
        let steps: Vec<_> = sources
            .iter()
            .filter_map(|(file, source, error)| match (file, inside) {
                (Some(file), _) => {
                    let span = place(error, *file, source);
                    Some(Step::new(span, source, span.range()))
                }
                (None, Some((span, text))) => {
                    Some(Step::new(span, text, error.range().unwrap_or(0..text.len())))
                }
                (None, None) => None,
            })
            .collect();
        report::finding(error, &steps, root, origins)
    }
}

/// Whether a file of a package is for the engine.
fn is_template(template: &Template) -> bool {
    let name = template.path.file_name().unwrap_or_default();
    name.ends_with(".j2") || name.starts_with('_')
}

/// Whether a string is more than itself.
fn is_dynamic(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// An expression within the brackets that print it.
fn bracketed(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.starts_with("{{") && trimmed.ends_with("}}") {
        return trimmed.to_owned();
    }
    format!("{{{{ {trimmed} }}}}")
}

/// The value of a string that was a template: the printed value itself where nothing else was printed.
fn native(rendered: Rendered<'_>, source: &str) -> Result<Option<serde_json::Value>, Complaint> {
    use serde_json::Value as Json;
    let Rendered { text, mut table, .. } = rendered;
    let Ok(text) = String::from_utf8(text) else { return Ok(None) };
    let whole = source.starts_with("{{") && source.ends_with("}}") && table.prints == 1;
    if let (true, Some(token)) = (whole, hole::only(&text)) {
        return match table.holes.get_mut(token.0) {
            Some(Hole::Tree(node)) => {
                let node = std::mem::replace(node, Node::null(Span::default()));
                Ok(Some(convert::json(node)))
            }
            Some(Hole::Text(value)) => Ok(value.as_str().map(Json::from)),
            Some(Hole::Owned(text)) => Ok(Some(Json::from(std::mem::take(text)))),
            None => Err(Complaint::broken_hole()),
        };
    }
    if let (true, Some(value)) = (whole, &table.last) {
        match value.kind() {
            minijinja::value::ValueKind::None => return Ok(Some(Json::Null)),
            minijinja::value::ValueKind::Bool => return Ok(Some(Json::Bool(value.is_true()))),
            minijinja::value::ValueKind::Number => {
                let number = convert::number(value).map_err(|_| Complaint::new("a number is too large"))?;
                return Ok(Some(convert::json(Node::new(Span::default(), number))));
            }
            _ => {}
        }
    }
    table.expand(&text).map(|text| Some(Json::String(text)))
}

/// The place of an error in its template: the expression, else the line.
fn place(error: &minijinja::Error, file: FileId, text: &str) -> Span {
    let range = error.range().filter(|range| !range.is_empty() && text.get(range.clone()).is_some());
    let range = range.unwrap_or_else(|| {
        let line = error.line().unwrap_or(1).max(1);
        let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        start..end
    });
    Span::new(file, range.start as u32, range.end as u32)
}

fn syntax(error: &minijinja::Error, span: Span) -> Finding {
    let words = report::words(error);
    Finding::new(Code::TemplateSyntax, words.trim_start_matches("syntax error: ")).at(span, "")
}

fn complained(complaint: Complaint, span: Span) -> Finding {
    Finding::new(complaint.code, complaint.message).at(span, "").maybe_help(complaint.help)
}

/// The finding for a text that is not YAML.
fn unreadable(errors: &[macadam_yaml::Error], file: FileId, places: &Places<'_>) -> Finding {
    let Some(error) = errors.first() else {
        return Finding::new(Code::TemplateOutput, "the template does not make YAML")
            .at(Span::new(file, 0, 0), "");
    };
    let place = |span: Span| places.span(span.start as usize, span.end as usize);
    let words = hole::without_marks(&error.to_string());
    let mut finding = Finding::new(Code::TemplateOutput, format!("the template does not make YAML: {words}"))
        .at(place(error.span), "")
        .maybe_help(error.help());
    if let Some((span, words)) = error.related {
        finding = finding.also(place(span), words);
    }
    finding
}
