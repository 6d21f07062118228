//! Builds the site to read beside the book from the files of the workspace.

pub mod book;
pub mod code;
pub mod compare;
pub mod explain;
pub mod group;
pub mod html;
pub mod listing;
pub mod map;
pub mod measured;
pub mod output;
pub mod page;
pub mod record;
pub mod recording;
pub mod running;
pub mod sessions;
pub mod site;
pub mod terminal;
pub mod threads;
pub mod timeline;
pub mod what_if;

use std::fs;
use std::path::Path;

use anyhow::Context;

/// Reads a text.
///
/// # Errors
/// If the file cannot be read; the message names it.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
