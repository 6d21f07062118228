//! `cargo xtask timeline` and `cargo xtask figures`: the life of each task, from a real run.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitCode, ExitStatus};

use anyhow::{Context, ensure};
use xtask::build::build;
use xtask::options;
use xtask::output::{print, save};
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;
use xtask::workspace::tables::split;

use crate::measure::timeline::record;
use crate::show::{svg, terminal, trace};

/// Runs a listing and draws what its tasks did.
///
/// The exit code is the listing's own: one that fails still has a timeline so far.
///
/// # Errors
/// If there is no such listing, it does not build or start, or recorded nothing.
pub fn timeline(workspace: &Workspace, options: &options::Timeline) -> anyhow::Result<ExitCode> {
    let (_, listing) = workspace.find(&options.listing)?;
    let name = listing.name();
    let is_library = || format!("{name} is library code and does nothing alone");
    let binary = listing.binary.as_deref().with_context(is_library)?;
    let built = build(workspace, [binary], false)?;
    let recorded = record(built.path(binary)?, &options.args)?;
    ensure!(
        !recorded.timeline.rows.is_empty(),
        "{name} recorded nothing: none of its functions has a span"
    );
    let title = format!("Listing {}: {}", listing.header, listing.header.title);
    if let Some(file) = &options.svg {
        save(file, &svg::timeline(&recorded.timeline, &title))?;
    }
    if let Some(file) = &options.trace {
        save(file, &trace::draw(&recorded.timeline)?)?;
    }
    if options.svg.is_none() && options.trace.is_none() {
        let screen = terminal::Screen::of_stdout();
        print(&terminal::draw(&recorded.timeline, &screen))?;
    }
    Ok(ExitCode::from(code(recorded.status)))
}

/// The code that a shell would give: 128 and the signal's number for what a signal ended.
fn code(status: ExitStatus) -> u8 {
    let signal = status.signal().map(|signal| 128 + signal);
    let code = status.code().or(signal).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

/// Draws the figures of the chapters' READMEs again, each from a run of its listing.
///
/// # Errors
/// If a manifest has a mistake, or a listing does not build, fails, or records nothing.
pub fn figures(workspace: &Workspace, chapter: Option<&str>) -> anyhow::Result<ExitCode> {
    let wanted = chapter.map(|it| workspace.chapter(it)).transpose()?;
    let mut figures = Manifests::read(workspace)?.figures;
    figures.retain(|(chapter, _)| wanted.is_none_or(|wanted| wanted.name == chapter.name));
    let binaries = figures.iter().map(|(_, figure)| split(&figure.run).0);
    let built = build(workspace, binaries, false)?;
    for (chapter, figure) in &figures {
        let (binary, args) = split(&figure.run);
        let recorded = record(built.path(binary)?, &args)?;
        let status = recorded.status;
        ensure!(status.success(), "{} failed with {status}", figure.run);
        let empty = recorded.timeline.rows.is_empty();
        ensure!(!empty, "{} recorded nothing", figure.run);
        let file = workspace.root.join(&chapter.name).join(&figure.file);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        save(&file, &svg::timeline(&recorded.timeline, &figure.title))?;
        eprintln!("{}", workspace.relative(&file).display());
    }
    Ok(ExitCode::SUCCESS)
}
