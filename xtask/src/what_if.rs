//! What if a line of a listing were another? Each experiment is a patch in a chapter's folder
//! `what-if`: a reader's question and its answer, who notices the change, and the change.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use diffy::Patch;
use walkdir::{DirEntry, WalkDir};

use crate::output::read;
use crate::workspace::{Chapter, Listing, Workspace};

/// An experiment.
#[derive(Debug)]
pub struct Experiment<'a> {
    /// Its file, such as `ch02-basics/what-if/2_09_await_each.patch`.
    pub path: String,
    /// The chapter.
    pub chapter: &'a Chapter,
    /// The listing that it is about.
    pub listing: &'a Listing,
    /// What a reader asks; for a change that only tests look at, its file.
    pub question: String,
    /// What you see, and why; empty without a question.
    pub answer: String,
    /// The tests that notice the change, or `the compiler` and its error's code, if it has one.
    pub noticed_by: Vec<String>,
    /// The file that it changes, from the top folder.
    pub file: String,
    /// The change, as in a unified diff.
    pub hunks: String,
}

/// All experiments, in the order of the listings.
///
/// # Errors
/// If a patch cannot be read.
pub fn experiments(workspace: &Workspace) -> anyhow::Result<Vec<Experiment<'_>>> {
    let mut found = Vec::new();
    for chapter in &workspace.chapters {
        let folder = workspace.root.join(&chapter.name).join("what-if");
        let start = found.len();
        // A chapter without experiments has no such folder.
        let patches = WalkDir::new(folder).min_depth(1).sort_by_file_name();
        for patch in patches.into_iter().flatten() {
            let experiment = Experiment::read(workspace, chapter, patch.path());
            found.push(experiment.with_context(|| patch.path().display().to_string())?);
        }
        // A listing comes before its variants.
        found[start..].sort_by_key(|it| (it.listing.prefix(), it.listing.header.variant.is_some()));
    }
    Ok(found)
}

impl<'a> Experiment<'a> {
    fn read(workspace: &Workspace, chapter: &'a Chapter, patch: &Path) -> anyhow::Result<Self> {
        let text = read(patch)?;
        let words_and_change = text.split_once("\n--- a/");
        let (words, change) = words_and_change.context("it has no '--- a/'")?;
        let noticed_by = words.split_once("noticed by: ");
        let (lesson, noticed_by) = noticed_by.context("it has no 'noticed by: '")?;
        let path = workspace.relative(patch).display().to_string();
        let (question, answer) = lesson.trim().split_once("\n\n").unwrap_or((&path, ""));
        let file = change.lines().next().unwrap_or_default();
        let hunks = change.find("@@ ").context("it has no '@@ '")?;
        let name = patch.file_name().unwrap_or_default().to_string_lossy();
        let listings = chapter.listings.iter();
        let mut listings = listings.filter(|listing| name.starts_with(&listing.prefix()));
        // A listing may have variants.
        let is_changed = |listing: &&Listing| listing.path == workspace.root.join(file);
        let listing = listings.clone().find(is_changed).or(listings.next());
        Ok(Self {
            chapter,
            listing: listing.context("its name begins with no listing's number or name")?,
            question: question.replace('\n', " "),
            answer: answer.to_owned(),
            noticed_by: Vec::from_iter(noticed_by.split(',').map(|it| it.trim().to_owned())),
            file: file.to_owned(),
            hunks: change[hunks..].to_owned(),
            path,
        })
    }

    /// Whether the change is not meant to compile.
    pub fn is_refused(&self) -> bool {
        self.noticed_by[0] == "the compiler"
    }

    /// What the compiler says of its file, in paragraphs.
    pub fn paragraphs<'s>(&self, said: &'s str) -> impl Iterator<Item = &'s str> {
        said.split("\n\n").filter(|it| it.contains(&self.file))
    }
}

/// Divides `experiments` so that no change disturbs the program or the tests of another one in its
/// round.
pub fn rounds<'e, 'a: 'e>(
    workspace: &Workspace,
    experiments: impl IntoIterator<Item = &'e Experiment<'a>>,
) -> Vec<Vec<&'e Experiment<'a>>> {
    let mut rounds: Vec<Vec<&Experiment>> = Vec::new();
    for it in experiments {
        let fits = |other: &&Experiment| {
            !disturbs(workspace, it, other) && !disturbs(workspace, other, it)
        };
        match rounds.iter_mut().find(|round| round.iter().all(fits)) {
            Some(round) => round.push(it),
            None => rounds.push(vec![it]),
        }
    }
    rounds
}

/// Whether `change` may decide what happens to `other`.
fn disturbs(workspace: &Workspace, change: &Experiment, other: &Experiment) -> bool {
    let same_chapter = change.chapter.name == other.chapter.name;
    let same_test = |test| other.noticed_by.contains(test);
    let in_library = !change.file.contains("/bin/");
    // Some listings start others.
    let program = Path::new(&change.file).file_stem().unwrap_or_default();
    let program = program.to_string_lossy();
    let starts = || read(&workspace.root.join(&other.file)).is_ok_and(|it| it.contains(&*program));
    change.is_refused() != other.is_refused()
        || change.file == other.file
        || !change.is_refused() && change.noticed_by.iter().any(same_test)
        || same_chapter && (in_library || starts())
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
    /// Held by who uses it.
    _lock: File,
}

impl<'a> Copy<'a> {
    /// Makes the copy, or what has changed of it.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn of(workspace: &'a Workspace) -> anyhow::Result<Self> {
        let target = workspace.target.join("what-if");
        let root = target.join("copy");
        fs::create_dir_all(&root)?;
        let lock = File::create(target.join("lock"))?;
        lock.lock()?;
        let files = WalkDir::new(&workspace.root).into_iter();
        for entry in files.filter_entry(|it| it.path() != workspace.target && is_source(it)) {
            let entry = entry?;
            let copy = root.join(entry.path().strip_prefix(&workspace.root)?);
            if entry.file_type().is_dir() {
                fs::create_dir_all(copy)?;
            } else if entry.file_name() == "Cargo.toml" {
                let [version, other] = ["\nversion = \"", "\nversion = \"0.0.0-what-if."];
                let manifest = read(entry.path())?.replacen(version, other, 1);
                write(&copy, manifest.as_bytes())?;
            } else {
                write(&copy, &fs::read(entry.path())?)?;
            }
        }
        for entry in WalkDir::new(&root).contents_first(true) {
            let copy = entry?.into_path();
            if !workspace.root.join(copy.strip_prefix(&root)?).exists() {
                // Folders are empty by now.
                fs::remove_file(&copy).or_else(|_| fs::remove_dir(&copy))?;
            }
        }
        Ok(Self {
            workspace,
            root,
            target,
            _lock: lock,
        })
    }

    /// Makes the change.
    ///
    /// # Errors
    /// If its file is not as it was when the experiment was written.
    pub fn change(&self, experiment: &Experiment) -> anyhow::Result<()> {
        let Experiment { path, file, .. } = experiment;
        let source = read(&self.workspace.root.join(file))?;
        let changed = diffy::apply(&source, &Patch::from_str(&experiment.hunks)?);
        let problem = || format!("{path} no longer applies, because {file} has changed");
        let changed = changed.with_context(problem)?;
        write(&self.root.join(file), changed.as_bytes())
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
        let manifest = self.root.join("Cargo.toml");
        cargo.arg("--manifest-path").arg(manifest);
        cargo.arg("--target-dir").arg(&self.target);
        cargo.env("CARGO_BUILD_BUILD_DIR", &self.workspace.target);
        // The settings in `.cargo` are not copied: here they are found, once.
        cargo.current_dir(&self.workspace.root);
    }
}

/// Whether it is the workspace itself, or in it and no tool's.
fn is_source(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || name != "target" && !name.starts_with('.')
}

/// Writes a file, unless that changes nothing: Cargo would compile it again.
fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|it| it == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}
