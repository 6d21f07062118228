//! `cargo xtask results`: measures everything, and writes what came out into the pages.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use anyhow::{Context, ensure};
use xtask::markers;
use xtask::options;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;

use super::scale::shorten;
use super::session::{End, Thoroughness, measure, prepare};
use crate::data::report::Report;
use crate::show::{output, page, svg};
use crate::system::interrupt;

/// The part of a top page that this writes, and of a chapter's README.
const RESULTS: &str = "results";
const COMPARISONS: &str = "comparisons";

/// The top pages that may have such a part.
const PAGES: [&str; 2] = ["README.md", "RESULTS.md"];

/// Measures what `options` do not bring along, and writes tables, lessons, warnings and figures.
/// What is measured is saved after each part, and an interrupted run goes on where it was.
///
/// # Errors
/// If a measurement fails, or a file cannot be written.
pub fn results(workspace: &Workspace, options: &options::Results) -> anyhow::Result<ExitCode> {
    // Before an hour of measuring.
    let pages = pages(workspace)?;
    let Some(report) = report(workspace, options)? else {
        eprintln!("interrupted: the pages are as they were; the same command goes on from here");
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    };
    let figures = workspace.root.join(page::FIGURES);
    fs::create_dir_all(&figures).with_context(|| format!("cannot make {}", figures.display()))?;
    if !report.comparisons.is_empty() {
        write(&figures.join("bench.svg"), &svg::bars(&report))?;
    }
    for curve in &report.curves {
        write(&figures.join(page::figure(&curve.name)), &svg::curve(curve))?;
    }
    for path in pages {
        update(&path, RESULTS, Some(&page::results(&report)))?;
    }
    for chapter in &workspace.chapters {
        let readme = workspace.root.join(&chapter.name).join("README.md");
        if has(&readme, COMPARISONS)? {
            update(
                &readme,
                COMPARISONS,
                Some(&page::chapter(&report, &chapter.name)),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The report: read from files, or measured; `None` where it was interrupted.
fn report(workspace: &Workspace, options: &options::Results) -> anyhow::Result<Option<Report>> {
    let mut manifests = Manifests::read(workspace)?;
    if options.quick {
        manifests.comparisons.retain(|(_, table)| table.quick);
        shorten(&mut manifests);
    }
    let mut given = None;
    if let Some(file) = &options.bench {
        manifests.comparisons.clear();
        manifests
            .loads
            .iter_mut()
            .for_each(|(_, it)| it.connections.clear());
        given = Some(output::read(file)?);
    }
    if let Some(file) = &options.scale {
        manifests.curves.clear();
        manifests
            .loads
            .iter_mut()
            .for_each(|(_, it)| it.scale.clear());
        let curves = output::read(file)?;
        match &mut given {
            Some(given) => given.curves = curves.curves,
            None => given = Some(curves),
        }
    }
    if let (Some(given), Some(_), Some(_)) = (&given, &options.bench, &options.scale) {
        return Ok(Some(given.clone()));
    }
    let (programs, fresh) = prepare(workspace, &manifests, &options.book)?;
    let saved = saved(workspace, options.quick);
    let mut report = fresh;
    if let Some(given) = given {
        report = Report {
            machine: report.machine,
            ..given
        };
    } else if let Some(old) = unfinished(&saved, &report, options.restart) {
        eprintln!("going on with {}; --restart starts over", saved.display());
        report = old;
    }
    let mut thoroughness = Thoroughness::new(options.quick);
    if !options.quick {
        thoroughness.set_precision(options.precision, options.max_time.as_secs_f64());
    }
    let save = |report: &Report| write(&saved, &output::json(report)?);
    let end = measure(&manifests, &programs, &thoroughness, &mut report, save)?;
    if end == End::Interrupted {
        return Ok(None);
    }
    // Complete: the next run begins again, and this file can be read with --bench and --scale.
    let _ = fs::rename(&saved, saved.with_extension("complete.json"));
    Ok(Some(report))
}

/// Where a run keeps what it has measured so far.
fn saved(workspace: &Workspace, quick: bool) -> PathBuf {
    let name = if quick {
        "results-quick.json"
    } else {
        "results.json"
    };
    workspace.target.join(name)
}

/// What an interrupted run has measured on this machine, unless it is to `restart`.
fn unfinished(saved: &Path, fresh: &Report, restart: bool) -> Option<Report> {
    let old = output::read(saved).ok().filter(|_| !restart)?;
    let same = old.machine.is_like(&fresh.machine) && old.machine.rustc == fresh.machine.rustc;
    (same && old.site == fresh.site).then_some(old)
}

/// The pages that have a part for results.
fn pages(workspace: &Workspace) -> anyhow::Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    for name in PAGES {
        let path = workspace.root.join(name);
        if has(&path, RESULTS)? {
            update(&path, RESULTS, None)?;
            pages.push(path);
        }
    }
    ensure!(
        !pages.is_empty(),
        "neither {} has '<!-- {RESULTS}: …' and '<!-- end of {RESULTS} -->'",
        PAGES.join(" nor ")
    );
    Ok(pages)
}

/// Whether a page is there and has this part.
fn has(page: &Path, part: &str) -> anyhow::Result<bool> {
    match fs::read_to_string(page) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        text => {
            let text = text.with_context(|| format!("cannot read {}", page.display()))?;
            Ok(markers::has(&text, part))
        }
    }
}

/// Writes `new` between the markers of `part`; without it, only looks whether they are there.
fn update(page: &Path, part: &str, new: Option<&str>) -> anyhow::Result<()> {
    let change = || {
        let text = fs::read_to_string(page)?;
        let changed = markers::replace(&text, part, new.unwrap_or_default())?;
        if new.is_some() {
            fs::write(page, changed)?;
        }
        anyhow::Ok(())
    };
    change().with_context(|| format!("cannot change {}", page.display()))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
