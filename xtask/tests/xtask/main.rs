//! What xtask does, in small workspaces; and that what the pages and the listings' headers say is so.
//! One program, because its tests wait for different things.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod asyncio;
mod attempt;
mod commands;
#[path = "../demo/mod.rs"]
mod demo;
mod links;
mod listings;
mod markdown;
mod results;
mod runs;
#[cfg(unix)]
mod shell;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;
use walkdir::{DirEntry, WalkDir};
use xtask::workspace::Workspace;

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| Workspace::load().unwrap());

/// What Cargo says of the packages.
fn packages() -> Vec<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version=1"]);
    let output = cargo.current_dir(&WORKSPACE.root).output().unwrap();
    let mut metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    serde_json::from_value(metadata["packages"].take()).unwrap()
}

/// The text of a file, from its path below the top folder.
fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(WORKSPACE.root.join(path)).unwrap()
}

/// All files that end with `extension`, as paths from the top folder; none that a tool made.
fn files(extension: &str) -> Vec<PathBuf> {
    let is_ours = |it: &DirEntry| {
        let name = it.file_name().to_string_lossy();
        it.depth() == 0 || !name.starts_with('.') && name != "target" && name != "node_modules"
    };
    let files = WalkDir::new(&WORKSPACE.root)
        .into_iter()
        .filter_entry(is_ours);
    let paths = files.map(|it| it.unwrap().into_path());
    let wanted = paths.filter(|it| it.extension().is_some_and(|it| it == extension));
    wanted
        .map(|it| WORKSPACE.relative(&it).to_owned())
        .collect()
}

fn assert_none(wrong: &[String], what: &str) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

/// What stands between backquotes.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The word of an API that a source must have: `Handle::current` is written `handle.current()` or
/// `runtime::Handle::current()`.
fn word(api: &str) -> &str {
    let api = api
        .trim_start_matches("#[")
        .trim_end_matches([']', '!', '?', ')', '(']);
    let api = api.split(['(', '<', '{']).next().unwrap_or(api);
    api.rsplit(['.', ':']).next().unwrap_or(api).trim()
}
