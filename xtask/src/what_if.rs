//! What if a line of a listing were another? Each experiment is a patch in a chapter's folder
//! `what-if`: a reader's question and its answer, who notices the change, and the change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use diffy::Patch;
use walkdir::{DirEntry, WalkDir};

use crate::workspace::{Chapter, Listing, Workspace, parse_number};

/// An experiment, such as `ch02-basics/what-if/2_09_await_each.patch`.
#[derive(Debug)]
pub struct Experiment<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// The listing that it is about.
    pub listing: &'a Listing,
    /// Its file's name, without `.patch`.
    pub name: String,
    /// What a reader asks; the name, for a change that only tests look at.
    pub question: String,
    /// What you see, and why; empty without a question.
    pub answer: String,
    /// The tests that notice the change, or `the compiler` and its error's code, if it has one.
    pub noticed_by: Vec<String>,
    /// The file that it changes, from the top folder.
    pub file: PathBuf,
    /// The change, as in a unified diff.
    pub hunks: String,
}

/// All experiments, in the order of their names.
///
/// # Errors
/// If a patch cannot be read.
pub fn experiments(workspace: &Workspace) -> anyhow::Result<Vec<Experiment<'_>>> {
    let mut found = Vec::new();
    for chapter in &workspace.chapters {
        let folder = workspace.root.join(&chapter.name).join("what-if");
        for patch in fs::read_dir(folder).into_iter().flatten() {
            let path = patch?.path();
            let text = read(&path)?;
            let name = path.file_stem().unwrap_or_default().display().to_string();
            let experiment = Experiment::parse(workspace, chapter, name, &text);
            found.push(experiment.with_context(|| path.display().to_string())?);
        }
    }
    found.sort_by(|a, b| (&a.chapter.name, &a.name).cmp(&(&b.chapter.name, &b.name)));
    Ok(found)
}

impl<'a> Experiment<'a> {
    fn parse(
        workspace: &Workspace,
        chapter: &'a Chapter,
        name: String,
        text: &str,
    ) -> anyhow::Result<Self> {
        let (words, change) = text.split_once("\n--- a/").context("it has no '--- a/'")?;
        let (lesson, noticed_by) = words
            .split_once("noticed by: ")
            .context("it has no 'noticed by: '")?;
        let (question, answer) = lesson.trim().split_once("\n\n").unwrap_or_default();
        let (file, change) = change
            .split_once("\n+++ b/")
            .context("it has no '+++ b/'")?;
        let (_, hunks) = change.split_once('\n').context("it has no change")?;
        let is_about = |listing: &&Listing| {
            name.starts_with(&match listing.header.number {
                Some((chapter, number)) => format!("{chapter}_{number:02}_"),
                None => format!("{}__", listing.name()),
            })
        };
        // A number may have variants.
        let listings = || chapter.listings.iter().filter(is_about);
        let changed = listings().find(|it| it.path == workspace.root.join(file));
        let listing = changed.or_else(|| listings().next());
        Ok(Self {
            chapter,
            listing: listing.context("its name begins with no listing's number or name")?,
            question: match question {
                "" => name.clone(),
                question => question.replace('\n', " "),
            },
            answer: answer.to_owned(),
            noticed_by: noticed_by.trim().split(", ").map(String::from).collect(),
            file: file.into(),
            hunks: hunks.to_owned(),
            name,
        })
    }

    /// Whether the change is not meant to compile.
    pub fn is_refused(&self) -> bool {
        self.noticed_by[0] == "the compiler"
    }

    /// Whether `wanted` is its chapter, its listing, or part of its name.
    pub fn is_called(&self, wanted: &str) -> bool {
        let number = parse_number(wanted);
        (number.is_some() && number == self.listing.header.number)
            || self.chapter.is_called(wanted)
            || self.name.contains(wanted)
    }
}

/// A copy of the workspace, for the changes.
///
/// It is built in the workspace's own build folder, where the dependencies may be compiled already.
/// Its packages have another version: otherwise Cargo would take them for those of the workspace,
/// and the next `cargo run` would run a changed program.
#[derive(Debug)]
pub struct Copy<'a> {
    workspace: &'a Workspace,
    /// Its top folder.
    pub root: PathBuf,
    /// Where Cargo puts its programs.
    pub target: PathBuf,
}

impl<'a> Copy<'a> {
    /// Makes the copy, or what has changed of it.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn of(workspace: &'a Workspace) -> anyhow::Result<Self> {
        let target = workspace.target.join("what-if");
        let root = target.join("copy");
        for entry in WalkDir::new(&workspace.root)
            .into_iter()
            .filter_entry(is_needed)
        {
            let entry = entry?;
            let copy = root.join(entry.path().strip_prefix(&workspace.root)?);
            if entry.file_type().is_dir() {
                fs::create_dir_all(copy)?;
            } else if entry.file_name() == "Cargo.toml" {
                let version = ["\nversion = \"", "\nversion = \"0.0.0-what-if."];
                let manifest = read(entry.path())?.replacen(version[0], version[1], 1);
                write(&copy, manifest.as_bytes())?;
            } else {
                write(&copy, &fs::read(entry.path())?)?;
            }
        }
        for entry in WalkDir::new(&root) {
            let entry = entry?;
            let original = workspace.root.join(entry.path().strip_prefix(&root)?);
            if entry.file_type().is_file() && !original.exists() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self {
            workspace,
            root,
            target,
        })
    }

    /// Makes the change.
    ///
    /// # Errors
    /// If its file is not as it was when the experiment was written.
    pub fn change(&self, experiment: &Experiment) -> anyhow::Result<()> {
        let source = read(&self.workspace.root.join(&experiment.file))?;
        let changed = diffy::apply(&source, &Patch::from_str(&experiment.hunks)?);
        let problem = || format!("it no longer applies to {}", experiment.file.display());
        let changed = changed.with_context(problem)?;
        write(&self.root.join(&experiment.file), changed.as_bytes())
    }

    /// Undoes the change.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn restore(&self, experiment: &Experiment) -> anyhow::Result<()> {
        let source = fs::read(self.workspace.root.join(&experiment.file))?;
        write(&self.root.join(&experiment.file), &source)
    }

    /// Lets `cargo` build the copy.
    pub fn build_with(&self, cargo: &mut Command) {
        cargo
            .arg("--manifest-path")
            .arg(self.root.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(&self.target);
        cargo.env("CARGO_BUILD_BUILD_DIR", &self.workspace.target);
        // The settings in `.cargo` are not copied: here they are found, once.
        cargo.current_dir(&self.workspace.root);
    }
}

/// Whether Cargo needs it: the packages, and the files that it reads at the top.
fn is_needed(entry: &DirEntry) -> bool {
    let is_package = || entry.path().join("Cargo.toml").is_file();
    let name = entry.file_name().to_string_lossy();
    match entry.depth() {
        1 => is_package() || name.starts_with("Cargo."),
        _ => name != "target",
    }
}

/// Writes a file, unless that changes nothing: Cargo would compile it again.
fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|it| it == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Reads a text, with the line ends that all patches have.
fn read(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path);
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.replace("\r\n", "\n"))
}
