//! `cargo xtask timeline` and `cargo xtask figures`: the life of each task, from a real run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use clap::Args;
use xtask::build::build;
use xtask::child::code;
use xtask::output::{print, save, width};
use xtask::workspace::Workspace;
use xtask_report::timeline::Timeline;
use xtask_report::{svg, terminal};

use crate::interrupt;
use crate::plan::{Plan, split};
use crate::process::clean;

/// The options of `timeline`.
#[derive(Args, Debug)]
pub struct Options {
    /// The listing's number, or part of its name
    listing: String,
    /// The listing's arguments
    args: Vec<String>,
    /// Draw the timeline as SVG to FILE instead
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// Runs a listing and draws what its tasks did.
///
/// The exit code is the listing's own: one that fails still has a timeline so far.
///
/// # Errors
/// If there is no such listing, it does not build or start, or recorded nothing.
pub fn timeline(workspace: &Workspace, options: &Options) -> anyhow::Result<i32> {
    let (_, listing) = workspace.find(&options.listing)?;
    let name = listing.name();
    let is_library = || format!("{name} is library code and does nothing alone");
    let binary = listing.binary.as_deref().with_context(is_library)?;
    let built = build(workspace, [binary], true)?;
    // The listing decides how Ctrl-C ends it.
    interrupt::catch()?;
    let (timeline, code) = record(built.path(binary)?, &options.args)?;
    ensure!(
        !timeline.rows.is_empty(),
        "{name} recorded nothing: none of its functions has a span"
    );
    match &options.svg {
        Some(file) => {
            let title = format!("{name}: {}", listing.header.title);
            save(file, &svg::timeline::file(&timeline, &title))?;
        }
        None => {
            let columns = width().unwrap_or(80);
            print(&terminal::timeline(&timeline, columns))?;
        }
    }
    Ok(code)
}

/// Draws the figures of the chapters' READMEs again, each from a run of its listing.
///
/// # Errors
/// If a manifest has a mistake, or a listing does not build, fails, or records nothing.
pub fn figures(workspace: &Workspace, chapter: Option<&str>) -> anyhow::Result<i32> {
    let wanted = chapter.map(|it| workspace.chapter(it)).transpose()?;
    let mut figures = Plan::read(workspace)?.figures;
    figures.retain(|(chapter, _)| wanted.is_none_or(|wanted| wanted.name == chapter.name));
    let binaries = figures.iter().map(|(_, figure)| split(&figure.run).0);
    let built = build(workspace, binaries, false)?;
    for (chapter, figure) in &figures {
        let (binary, args) = split(&figure.run);
        let (timeline, code) = record(built.path(binary)?, &args)?;
        ensure!(code == 0, "{} failed with exit code {code}", figure.run);
        ensure!(!timeline.rows.is_empty(), "{} recorded nothing", figure.run);
        let file = workspace.root.join(&chapter.name).join(&figure.file);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        save(&file, &svg::timeline::file(&timeline, &figure.title))?;
        eprintln!("{}", workspace.relative(&file).display());
    }
    Ok(0)
}

/// Runs a built listing, and gives what it has recorded and its exit code.
fn record(binary: &Path, args: &[String]) -> anyhow::Result<(Timeline, i32)> {
    let file = tempfile::NamedTempFile::new()?;
    let mut command = Command::new(binary);
    clean(&mut command).env("TIMELINE", file.path()).args(args);
    let status = command.status();
    let status = status.with_context(|| format!("cannot start {}", binary.display()))?;
    let recording = fs::read_to_string(file.path())?;
    Ok((Timeline::read(&recording), code(status)))
}
