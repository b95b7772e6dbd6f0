//! Embeds the packages, environments and example repositories that macadam brings, as tables of path and bytes.
#![expect(clippy::disallowed_methods, reason = "a build script reads the source tree and writes the table")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// What every compilation can use.
const BUILT_IN: &[&str] = &["environments", "golden-paths", "platform", "resources"];
/// What `init`, `new` and `demo` write.
const FIXTURES: &[&str] = &["fixtures"];

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    println!("cargo::rerun-if-changed=build.rs");
    let mut text = table(Path::new(&root), "BUILT_IN", BUILT_IN)?;
    text.push_str(&table(Path::new(&root), "FIXTURES", FIXTURES)?);
    fs::write(Path::new(&out).join("embedded.rs"), text)
}

/// One table, in path order whatever order the file system lists.
fn table(root: &Path, name: &str, folders: &[&str]) -> io::Result<String> {
    let mut files = Vec::new();
    for folder in folders {
        println!("cargo::rerun-if-changed={folder}");
        if root.join(folder).is_dir() {
            collect(root, folder, &mut files)?;
        }
    }
    files.sort();
    let mut text = format!("static {name}: &[(&str, &[u8])] = &[\n");
    for file in files {
        let absolute = root.join(&file);
        writeln!(text, "    ({file:?}, include_bytes!({absolute:?})),").map_err(io::Error::other)?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// Adds every file below a folder, with `/`.
fn collect(root: &Path, folder: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::Error::other("a name is not UTF-8"))?;
        let path = format!("{folder}/{name}");
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else if name != ".DS_Store" {
            files.push(path);
        }
    }
    Ok(())
}
