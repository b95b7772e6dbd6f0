//! `macadam init`: a working platform repository.

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    Exit,
    arguments::Init,
    files::{self, NewFile},
    name, repository, schema,
    terminal::Terminal,
};
use crate::{
    fault::Fault,
    load::{self, EntryKind, World},
};

/// The platform's name in the files that are copied.
const PLACEHOLDER: &str = "my-platform";

/// Where the schemas lie that the editor hints point at.
const SCHEMAS: &str = ".macadam/schemas";

/// The schemas of files that people write by hand in a new repository.
const HINTED: &[&str] = &["platform", "environment", "score", "release"];

pub(crate) fn run(terminal: &mut Terminal, arguments: &Init) -> Result<Exit, Fault> {
    let here = repository::working_directory()?;
    let folder = arguments.dir.as_ref().map_or_else(|| here.clone(), |dir| here.join(dir));
    let name = match &arguments.name {
        Some(name) if name::is_name(name) => name.clone(),
        Some(name) => return Err(name::refused(name, "platform")),
        None => folder.file_name().and_then(name::nearest).unwrap_or_else(|| "platform".to_owned()),
    };
    let files = contents(&name)?;
    files::create(&folder, &files)?;

    for file in &files {
        terminal.say(&format!("created {}", file.path));
    }
    let step = arguments.dir.as_ref().map_or(String::new(), |dir| format!("cd {dir} && "));
    terminal.say(&format!("next: {step}macadam render && macadam list"));
    Ok(Exit::Clean)
}

/// Every file of a new repository, in path order.
fn contents(name: &str) -> Result<Vec<NewFile>, Fault> {
    let mut files = Vec::new();
    for path in files::below(load::fixtures(), Utf8Path::new("fixtures/init"))? {
        let Some(bytes) = load::fixtures().read(&path)? else { continue };
        let text = String::from_utf8_lossy(&bytes).replace(PLACEHOLDER, name);
        let path = path.strip_prefix("fixtures/init").map_or(path.clone(), Utf8Path::to_owned);
        files.push(NewFile { path, bytes: text.into_bytes() });
    }
    for entry in load::built_in().list(Utf8Path::new("environments"))?.unwrap_or_default() {
        if entry.kind != EntryKind::File {
            continue;
        }
        let path = Utf8Path::new("environments").join(&entry.name);
        let Some(bytes) = load::built_in().read(&path)? else { continue };
        let hint = format!("# yaml-language-server: $schema=../{SCHEMAS}/environment.json\n");
        files.push(NewFile { path, bytes: [hint.as_bytes(), &bytes].concat() });
    }
    for kind in HINTED {
        if let Some(text) = schema::text(kind) {
            let path = Utf8PathBuf::from(format!("{SCHEMAS}/{kind}.json"));
            files.push(NewFile { path, bytes: text.as_bytes().to_vec() });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
