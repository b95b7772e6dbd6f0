//! From the name of a revision to the id of its commit.

use gix::ObjectId;
use gix::objs::{Kind, TagRef};
use gix::revision::spec::parse::{Error as ParseError, ObjectKindHint, Options};

use super::commit::CommitId;
use super::name::{Name, Step, upstream_of};
use super::objects::{Objects, Reader, damaged};
use super::upstream::{remotes, upstream};
use crate::fault::{Fault, GitFault};
use crate::suggest::did_you_mean;

/// Tags of tags of tags: nobody has so many.
const TAG_LIMIT: usize = 32;

/// How many references are looked at for a suggestion.
const NEAR_LIMIT: usize = 1000;

/// Resolves a revision, once: from then on there is only the id.
pub(super) fn resolve(objects: &Objects, text: &str) -> Result<CommitId, Fault> {
    let name = Name::parse(text)?;
    objects.with(|reader| {
        let mut id = base(reader, name.base)?;
        id = peel(reader, id, text)?;
        for step in &name.steps {
            id = walk(reader, id, *step, text)?;
        }
        // The last one has not been looked at.
        reader.commit(id)?;
        Ok(CommitId(id))
    })
}

/// The commit that is checked out; `None` where the branch has none yet.
pub(super) fn head(objects: &Objects) -> Result<Option<CommitId>, Fault> {
    let is_unborn = |reader: &mut Reader| reader.repository.head().is_ok_and(|head| head.is_unborn());
    if objects.with(is_unborn) { Ok(None) } else { resolve(objects, "HEAD").map(Some) }
}

/// The object that a name without steps names.
fn base(reader: &mut Reader, base: &str) -> Result<ObjectId, Fault> {
    let repository = &reader.repository;
    let hash = repository.object_hash();
    if base.len() == hash.len_in_hex()
        && let Ok(id) = ObjectId::from_hex(base.as_bytes())
    {
        return if gix::objs::Exists::exists(&repository.objects, &id) {
            Ok(id)
        } else {
            Err(unknown(repository, base))
        };
    }
    if let Some(branch) = upstream_of(base) {
        let name = upstream(repository, Some(branch).filter(|branch| !matches!(*branch, "" | "HEAD")));
        return name.and_then(|name| reference(repository, &name)).ok_or_else(|| no_upstream(base));
    }
    if let Some(id) = reference(repository, base) {
        return Ok(id);
    }
    let options = Options { object_kind_hint: Some(ObjectKindHint::Committish), ..Options::default() };
    match gix::revision::Spec::from_bstr(base, repository, options) {
        Ok(spec) => {
            let single = spec.single().map(gix::Id::detach);
            single.ok_or_else(|| unknown(repository, base))
        }
        Err(error) => match error.downcast_any_ref::<ParseError>() {
            Some(ParseError::AmbiguousPrefix { candidates, .. }) => {
                let candidates = candidates.iter().map(|(id, _)| id.to_string()).collect();
                Err(GitFault::AmbiguousRevision { revision: base.to_owned(), candidates }.into())
            }
            _ => Err(unknown(repository, base)),
        },
    }
}

/// What a reference points at. Of the files in `.git` only those are references whose name says so: no `config`.
fn reference(repository: &gix::Repository, name: &str) -> Option<ObjectId> {
    let mut reference = repository.try_find_reference(name).ok()??;
    let full = reference.name().as_bstr().to_string();
    let is_special = full.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    if !is_special && !full.starts_with("refs/") {
        return None;
    }
    reference.follow_to_object().ok().map(gix::Id::detach)
}

/// The commit that a tag, or a tag of a tag, is for.
fn peel(reader: &mut Reader, mut id: ObjectId, text: &str) -> Result<ObjectId, Fault> {
    for _ in 0..TAG_LIMIT {
        let (kind, bytes) = reader.any(id, || format!("it is what `{text}` names"))?;
        match kind {
            Kind::Commit => return Ok(id),
            Kind::Tag => {
                let tag = TagRef::from_bytes(bytes, id.kind());
                id = tag.map_err(|_| damaged(id, "it is not a tag".to_owned()))?.target();
            }
            Kind::Tree | Kind::Blob => {
                let (revision, kind) = (text.to_owned(), kind.to_string());
                return Err(GitFault::NotACommit { revision, kind }.into());
            }
        }
    }
    Err(damaged(id, "too many tags point at each other".to_owned()))
}

/// One step to an older commit.
fn walk(reader: &mut Reader, mut id: ObjectId, step: Step, text: &str) -> Result<ObjectId, Fault> {
    let (times, parent) = match step {
        Step::Back(times) => (times, 0),
        Step::Parent(number) => (1, number as usize - 1),
    };
    for _ in 0..times {
        let parents = parents(reader, id)?;
        let next = parents.get(parent).copied();
        id = next.ok_or_else(|| GitFault::NoParent { revision: text.to_owned() })?;
    }
    Ok(id)
}

/// The parents of a commit; a fault where this clone has cut them off.
pub(super) fn parents(reader: &mut Reader, id: ObjectId) -> Result<Vec<ObjectId>, Fault> {
    let parents = reader.commit(id)?.parents;
    if !parents.is_empty() && reader.is_cut_at(id)? {
        return Err(GitFault::Shallow { commit: id.to_string() }.into());
    }
    Ok(parents)
}

/// There is no such revision: what may be meant, or how to get it.
fn unknown(repository: &gix::Repository, name: &str) -> Fault {
    let revision = name.to_owned();
    if name == "HEAD" {
        let help = Some("there is no commit yet: `git commit` makes one".to_owned());
        return GitFault::UnknownRevision { revision, help }.into();
    }
    let names = names(repository);
    let near = did_you_mean(name, names.iter().map(String::as_str));
    let help = near.or_else(|| fetch(repository, name));
    GitFault::UnknownRevision { revision, help }.into()
}

fn no_upstream(name: &str) -> Fault {
    let help = "the branch follows no other one, or that is not fetched yet: `git branch -vv` tells";
    GitFault::UnknownRevision { revision: name.to_owned(), help: Some(help.to_owned()) }.into()
}

/// The short names of all references.
fn names(repository: &gix::Repository) -> Vec<String> {
    let Ok(references) = repository.references() else { return Vec::new() };
    let Ok(all) = references.all() else { return Vec::new() };
    let names = all.filter_map(Result::ok).map(|reference| reference.name().shorten().to_string());
    names.take(NEAR_LIMIT).collect()
}

/// The `git fetch` that may bring a revision, where there is a remote to ask. Nothing that a shell would run is part
/// of it.
fn fetch(repository: &gix::Repository, name: &str) -> Option<String> {
    let is_plain = |word: &str| word.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    let remotes: Vec<String> = remotes(repository).into_iter().filter(|remote| is_plain(remote)).collect();
    if !is_plain(name) {
        return None;
    }
    let known = |remote: &str| remotes.iter().any(|name| name == remote);
    if let Some((remote, branch)) = name.split_once('/')
        && known(remote)
    {
        return Some(format!("it may not be fetched yet: `git fetch {remote} {branch}:refs/remotes/{name}`"));
    }
    let remote = if known("origin") { "origin" } else { remotes.first()? };
    Some(format!("it may not be fetched yet: `git fetch {remote} {name}`"))
}
