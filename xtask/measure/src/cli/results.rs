//! `cargo xtask results`: measures everything, and writes what came out into the pages.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use anyhow::{Context, ensure};
use xtask::markers;
use xtask::options;
use xtask::output::save;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;

use super::scale::shorten;
use super::session::{Thoroughness, measure, prepare};
use crate::data::Report;
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
    let pages = PAGES.map(|name| workspace.root.join(name));
    let mut found = false;
    for page in &pages {
        found |= replaced(page, RESULTS, "")?.is_some();
    }
    let names = PAGES.join(" nor ");
    ensure!(
        found,
        "neither {names} has '<!-- {RESULTS}: …' and '<!-- end of {RESULTS} -->'"
    );
    let report = report(workspace, options)?;
    if interrupt::has_come() {
        eprintln!("interrupted: the pages are as they were; the same command goes on from here");
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    }
    let figures = workspace.root.join(page::FIGURES);
    fs::create_dir_all(&figures).with_context(|| format!("cannot make {}", figures.display()))?;
    if !report.comparisons.is_empty() {
        save(&figures.join("bench.svg"), &svg::bars(&report))?;
    }
    for curve in &report.curves {
        save(&figures.join(page::figure(&curve.name)), &svg::curve(curve))?;
    }
    for page in pages {
        write(&page, RESULTS, &page::results(&report))?;
    }
    for chapter in &workspace.chapters {
        let page = workspace.root.join(&chapter.name).join("README.md");
        write(&page, COMPARISONS, &page::chapter(&report, &chapter.name))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The report: read from files, or measured; where Ctrl-C comes, as far as it is.
fn report(workspace: &Workspace, options: &options::Results) -> anyhow::Result<Report> {
    let mut manifests = Manifests::read(workspace)?;
    if options.quick {
        manifests.comparisons.retain(|(_, table)| table.quick);
        shorten(&mut manifests);
    }
    let read = |file: &Option<PathBuf>| file.as_deref().map(output::read).transpose();
    let given = match (read(&options.bench)?, read(&options.scale)?) {
        (Some(bench), Some(Report { curves, .. })) => return Ok(Report { curves, ..bench }),
        (Some(bench), None) => {
            manifests.leave_curves();
            Some(bench)
        }
        (None, Some(scale)) => {
            manifests.leave_comparisons();
            Some(scale)
        }
        (None, None) => None,
    };
    let (programs, mut report) = prepare(workspace, &manifests, &options.book)?;
    let name = if options.quick { "-quick" } else { "" };
    let saved = workspace.target.join(format!("results{name}.json"));
    if let Some(given) = given {
        let machine = report.machine;
        report = Report { machine, ..given };
    } else if let Some(old) = unfinished(&saved, &report, options.restart) {
        eprintln!("going on with {}; --restart starts over", saved.display());
        report = old;
    }
    let mut thoroughness = Thoroughness::new(options.quick);
    if !options.quick {
        thoroughness.set_precision(options.precision, options.max_time.as_secs_f64());
    }
    let keep = |report: &Report| save(&saved, &output::json(report)?);
    measure(&manifests, &programs, &thoroughness, &mut report, keep)?;
    if !interrupt::has_come() {
        // The next run begins again, and this file can be read with --bench and --scale.
        let _ = fs::rename(&saved, saved.with_extension("complete.json"));
    }
    Ok(report)
}

/// What an interrupted run has measured on this machine, unless it is to `restart`.
fn unfinished(saved: &Path, fresh: &Report, restart: bool) -> Option<Report> {
    let old = output::read(saved).ok().filter(|_| !restart)?;
    let on = |report: &Report| {
        let machine = report.machine.clone();
        (
            machine.processor,
            machine.cores,
            machine.rustc,
            report.site.clone(),
        )
    };
    (on(&old) == on(fresh)).then_some(old)
}

/// A page with `new` between the markers of `part`; `None` where it is not there, or has no such
/// part.
fn replaced(page: &Path, part: &str, new: &str) -> anyhow::Result<Option<String>> {
    let replace = || match fs::read_to_string(page) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Ok(text) if !markers::has(&text, part) => Ok(None),
        text => markers::replace(&text?, part, new).map(Some),
    };
    replace().with_context(|| format!("cannot change {}", page.display()))
}

/// Writes `new` between the markers of `part`, where the page has them.
fn write(page: &Path, part: &str, new: &str) -> anyhow::Result<()> {
    match replaced(page, part, new)? {
        Some(text) => save(page, &text),
        None => Ok(()),
    }
}
