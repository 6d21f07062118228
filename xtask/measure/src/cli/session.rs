//! What `bench`, `scale` and `results` have in common: they measure tables of manifests one after
//! the other into a report.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use xtask::build::build;
use xtask::options;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;
use xtask::workspace::tables::WorkKind;
use xtask_load::memory::bandwidth;

use crate::data::{Bandwidth, Report};
use crate::measure::book::Book;
use crate::measure::compare::compare;
use crate::measure::load::{Effort, load};
use crate::measure::programs::{Programs, skipped};
use crate::measure::rounds::Rounds;
use crate::measure::scale::{curve_name, curve_of, scale};
use crate::show::progress::progress;
use crate::system::peers::is_installed;
use crate::system::{interrupt, machine};

/// How thoroughly to measure.
#[derive(Clone, Debug)]
pub struct Thoroughness {
    /// Comparisons of programs.
    pub comparisons: Rounds,
    /// Servers under load.
    pub loads: Effort,
    /// The points of curves.
    pub curves: Rounds,
}

impl Thoroughness {
    /// A first look, or what figures need.
    pub fn new(quick: bool) -> Self {
        let rounds = |at_least, at_most, budget, long, warm_up| Rounds {
            at_least,
            at_most,
            budget,
            long,
            precision: None,
            watched: Vec::new(),
            warm_up,
        };
        let never = f64::INFINITY;
        let effort = |rounds, warm_up, measure| Effort {
            rounds,
            warm_up: Duration::from_millis(warm_up),
            measure: Duration::from_millis(measure),
        };
        if quick {
            Self {
                comparisons: rounds(2, 5, 3.0, 6.0, 0.5),
                // Servers warm up by themselves.
                loads: effort(rounds(1, 1, 0.0, never, 0.0), 100, 300),
                curves: rounds(1, 1, 0.0, never, 0.0),
            }
        } else {
            Self {
                comparisons: rounds(4, 10, 60.0, never, 2.0),
                loads: effort(rounds(6, 9, 60.0, never, 0.0), 200, 500),
                curves: rounds(2, 6, 3.0, never, 2.0),
            }
        }
    }

    /// This many rounds of everything.
    pub fn set_runs(&mut self, runs: u32) {
        for rounds in [&mut self.comparisons, &mut self.loads.rounds] {
            (rounds.at_least, rounds.at_most) = (runs as usize, runs as usize);
            rounds.long = f64::INFINITY;
        }
    }

    /// Comparisons go on until they are precise.
    pub fn set_precision(&mut self, precision: f64, budget: f64) {
        self.comparisons.precision = Some(precision);
        self.comparisons.budget = budget;
    }
}

/// The exit code, after saying where Ctrl-C has ended the session: what is in the report is
/// complete in itself.
pub fn exit_code() -> ExitCode {
    if interrupt::has_come() {
        eprintln!("interrupted: what was complete is above");
        return ExitCode::from(interrupt::EXIT_CODE);
    }
    ExitCode::SUCCESS
}

/// Builds what the manifests name, reads the machine, and puts the programs together.
///
/// # Errors
/// If something does not build, or the site or the book cannot be had.
pub fn prepare<'a>(
    workspace: &'a Workspace,
    manifests: &Manifests,
    book: &options::Book,
) -> Result<(Programs<'a>, Report)> {
    let folder = book.folder.as_ref();
    let book = folder.map(|it| Book::open(it, &book.python)).transpose()?;
    interrupt::catch()?;
    // Before the build, which makes any machine busy.
    let mut machine = machine::read();
    let built = build(workspace, manifests.binaries(), false)?;
    let programs = Programs::new(workspace, built, book)?;
    // The site has a connection for each request, and so have the programs.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let bounds = manifests.comparisons.iter();
    let mut bounds = bounds.filter_map(|(_, table)| table.bound.as_ref());
    if bounds.any(|bound| bound.kind == WorkKind::Memory) {
        machine.bandwidth = Some(Bandwidth {
            one: bandwidth(1),
            all: bandwidth(machine.cores),
        });
    }
    let report = Report::new(machine, programs.own_site.clone());
    Ok((programs, report))
}

/// A part of what is measured: its name, and what measures it into a report.
type Part<'a> = (String, Box<dyn Fn(&mut Report) -> Result<()> + 'a>);

/// Measures what `manifests` has and the report does not have yet. `save` gets the report after
/// each part. Where Ctrl-C comes, it ends early.
///
/// # Errors
/// If a program fails, hangs or prints the wrong result: a wrong program has no speed.
pub fn measure(
    manifests: &Manifests,
    programs: &Programs,
    thoroughness: &Thoroughness,
    report: &mut Report,
    mut save: impl FnMut(&Report) -> Result<()>,
) -> Result<()> {
    let progress = progress()?;
    let step = |it: &str| progress.set_message(it.to_owned());
    let step = &step;
    let mut parts: Vec<Part> = Vec::new();
    let Thoroughness {
        comparisons,
        loads,
        curves,
    } = thoroughness;
    for (chapter, table) in &manifests.comparisons {
        let missing = table.needs.as_ref();
        if let Some(missing) = missing.filter(|it| !is_installed(Path::new(it))) {
            let note = skipped(&table.name, format!("{missing} is not installed"));
            report.notes.retain(|known| *known != note);
            report.notes.push(note);
            continue;
        }
        let part = move |report: &mut Report| {
            let measured = compare(chapter, table, programs, comparisons.clone(), step)?;
            report.comparisons.extend(measured);
            Ok(())
        };
        parts.push((table.name.clone(), Box::new(part)));
    }
    for (chapter, table) in manifests
        .loads
        .iter()
        .filter(|it| !it.1.connections.is_empty())
    {
        let part = move |report: &mut Report| {
            let measured = load(chapter, table, &table.connections, programs, loads, step)?;
            report.loads.extend(measured);
            Ok(())
        };
        parts.push((table.name.clone(), Box::new(part)));
    }
    for (_, table) in &manifests.curves {
        let part = move |report: &mut Report| {
            report.curves.extend(scale(table, programs, curves, step)?);
            Ok(())
        };
        parts.push((table.name.clone(), Box::new(part)));
    }
    // The same servers at the counts of `scale`, as a curve.
    for (chapter, table) in manifests.loads.iter().filter(|it| !it.1.scale.is_empty()) {
        let part = move |report: &mut Report| {
            let measured = load(chapter, table, &table.scale, programs, loads, step)?;
            report.curves.extend(measured.map(curve_of));
            Ok(())
        };
        parts.push((curve_name(&table.name), Box::new(part)));
    }

    progress.set_length(parts.len() as u64);
    for (name, part) in &parts {
        progress.set_prefix(name.clone());
        if !report.has(name) {
            part(report)?;
        }
        progress.inc(1);
        if interrupt::has_come() {
            break;
        }
        save(report)?;
    }
    Ok(())
}
