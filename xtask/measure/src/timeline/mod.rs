//! `cargo xtask timeline`: the life of each task, drawn from a real run.

mod record;
mod svg;
mod terminal;
mod trace;

use std::io::IsTerminal;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::{env, fs, thread};

use anyhow::{Context, ensure};
use serde::Deserialize;
use xtask::options::Timeline as Options;

use self::record::Timeline;
use crate::bench::{INTERRUPTED, catch_interrupts, print};
use xtask::build::build;
use xtask::workspace::{Chapter, Workspace, tables};

/// How often a running listing is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Runs a listing and draws what its tasks did.
///
/// The exit code is the listing's own: one that fails still has a timeline so far.
///
/// # Errors
/// If there is no such listing, it does not build or start, or recorded nothing.
pub fn timeline(workspace: &Workspace, options: &Options) -> anyhow::Result<ExitCode> {
    let (_, listing) = workspace.find(&options.listing)?;
    let name = listing.name();
    let binary = listing.binary.as_deref();
    let binary =
        binary.with_context(|| format!("{name} is library code and does nothing alone"))?;
    build(workspace, [binary], false)?;
    let (timeline, status) = record(workspace, binary, &options.args)?;
    ensure!(
        !timeline.rows.is_empty(),
        "{name} recorded nothing: none of its functions has a span"
    );
    let title = format!("Listing {}: {}", listing.header, listing.header.title);
    if let Some(file) = &options.svg {
        write(file, &svg::draw(&timeline, &title))?;
    }
    if let Some(file) = &options.trace {
        write(file, &trace::draw(&timeline)?)?;
    }
    if options.svg.is_none() && options.trace.is_none() {
        print(&terminal::draw(&timeline, &terminal::Screen::of_stdout()))?;
    }
    Ok(ExitCode::from(code(status)))
}

/// The code that a shell would give: 128 and the signal's number for who ended by one.
fn code(status: ExitStatus) -> u8 {
    let signal = status.signal().map(|signal| 128 + signal);
    let code = status.code().or(signal).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

/// Runs a built listing and reads what it has recorded.
fn record(
    workspace: &Workspace,
    binary: &str,
    args: &[String],
) -> anyhow::Result<(Timeline, ExitStatus)> {
    let file = tempfile::NamedTempFile::new()?;
    catch_interrupts()?;
    let mut child = Command::new(workspace.release_binary(binary))
        .args(args)
        .env("TIMELINE", file.path())
        .spawn()
        .with_context(|| format!("cannot start {binary}"))?;
    let status = wait(&mut child)?;
    let text = fs::read_to_string(file.path())?;
    Ok((Timeline::read(&text), status))
}

/// Waits for the listing. Ctrl-C in a terminal reaches it by itself; what only we hear is passed on.
fn wait(child: &mut Child) -> anyhow::Result<ExitStatus> {
    let mut passed_on = std::io::stdin().is_terminal();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if INTERRUPTED.load(Ordering::Relaxed) && !passed_on {
            passed_on = true;
            if let Some(pid) = rustix::process::Pid::from_raw(child.id().try_into()?) {
                // It may have just ended.
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
            }
        }
        thread::sleep(LOOK);
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A figure of a chapter's README, as its manifest states it:
///
/// ```toml
/// [[package.metadata.figure]]
/// file = "figures/three-tasks.svg"
/// title = "Three tasks at once (the book's figure 2.3)"
/// run = "listing_2_09_multiple_tasks"
/// ```
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    file: PathBuf,
    title: String,
    run: String,
}

/// Draws the figures of the chapters' READMEs anew, each from a run of its listing.
///
/// # Errors
/// If a manifest has a mistake, or a listing does not build, fails, or records nothing.
pub fn figures(workspace: &Workspace, chapter: Option<&str>) -> anyhow::Result<ExitCode> {
    let chapters: Vec<&Chapter> = match chapter {
        Some(chapter) => vec![workspace.chapter(chapter)?],
        None => workspace.chapters.iter().collect(),
    };
    let mut figures = Vec::new();
    for chapter in chapters {
        let of_chapter: Vec<Figure> = tables(chapter, "figure")
            .with_context(|| format!("the manifest of {}", chapter.name))?;
        figures.extend(of_chapter.into_iter().map(|figure| (chapter, figure)));
    }
    let binaries = figures.iter().map(|(_, figure)| binary(&figure.run));
    build(workspace, binaries, false)?;
    for (chapter, figure) in &figures {
        let args: Vec<String> = figure
            .run
            .split_whitespace()
            .skip(1)
            .map(String::from)
            .collect();
        let (timeline, status) = record(workspace, binary(&figure.run), &args)?;
        ensure!(status.success(), "{} failed with {status}", figure.run);
        ensure!(!timeline.rows.is_empty(), "{} recorded nothing", figure.run);
        let file = workspace.root.join(&chapter.name).join(&figure.file);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        write(&file, &svg::draw(&timeline, &figure.title))?;
        eprintln!("{}", workspace.relative(&file).display());
    }
    Ok(ExitCode::SUCCESS)
}

fn binary(run: &str) -> &str {
    run.split_whitespace().next().unwrap_or_default()
}

/// Whether colours are wanted: on a terminal, unless `NO_COLOR` is set to something.
fn colours(terminal: bool) -> bool {
    terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
