//! What `bench`, `scale` and `results` have in common: they measure tables of manifests one after
//! the other into a report.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use xtask::build::build;
use xtask::options;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;
use xtask::workspace::tables::WorkKind;
use xtask_load::memory::bandwidth;

use crate::data::machine::Bandwidth;
use crate::data::report::Report;
use crate::measure::book::Book;
use crate::measure::compare::compare;
use crate::measure::load::{Effort, load};
use crate::measure::programs::Programs;
use crate::measure::rounds::Rounds;
use crate::measure::scale::{curve_name, curve_of, scale};
use crate::show::progress::Progress;
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

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All was measured.
    Complete,
    /// Ctrl-C came; what is in the report is complete in itself.
    Interrupted,
}

impl End {
    /// The exit code, after saying what happened.
    pub fn code(self) -> ExitCode {
        match self {
            Self::Complete => ExitCode::SUCCESS,
            Self::Interrupted => {
                eprintln!("interrupted: what was complete is above");
                ExitCode::from(interrupt::EXIT_CODE)
            }
        }
    }
}

/// Builds what the manifests name, reads the machine, and puts the programs together.
///
/// # Errors
/// If something does not build, or the site or the book cannot be had.
pub fn prepare<'a>(
    workspace: &'a Workspace,
    manifests: &Manifests,
    book: &options::Book,
) -> anyhow::Result<(Programs<'a>, Report)> {
    let book = match &book.folder {
        Some(folder) => Some(Book::open(folder, &book.python)?),
        None => None,
    };
    interrupt::catch()?;
    // Before the build, which makes any machine busy.
    let mut machine = machine::read();
    let built = build(workspace, manifests.binaries(), false)?;
    let programs = Programs::new(workspace, built, book)?;
    // The site has a connection for each request, and so have the programs.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let mut bounds = manifests.comparisons.iter().map(|(_, table)| &table.bound);
    if bounds.any(|bound| bound.as_ref().is_some_and(|it| it.kind == WorkKind::Memory)) {
        machine.bandwidth = Some(Bandwidth {
            one: bandwidth(1),
            all: bandwidth(machine.cores),
        });
    }
    let report = Report::new(machine, programs.site.external.clone());
    Ok((programs, report))
}

/// Measures one part into a report, and says whether Ctrl-C ended it.
type Measure<'a> = dyn Fn(&mut Report) -> anyhow::Result<bool> + 'a;

/// Measures what `manifests` has and the report does not have yet. `save` gets the report after
/// each part.
///
/// # Errors
/// If a program fails, hangs or prints the wrong result: a wrong program has no speed.
pub fn measure(
    manifests: &Manifests,
    programs: &Programs,
    thoroughness: &Thoroughness,
    report: &mut Report,
    mut save: impl FnMut(&Report) -> anyhow::Result<()>,
) -> anyhow::Result<End> {
    let mut loads = manifests.loads.clone();
    loads.retain(|(_, table)| !table.connections.is_empty());
    // The same servers at the counts of `scale`, as a curve.
    let mut curves_of_loads = manifests.loads.clone();
    for (_, table) in &mut curves_of_loads {
        table.connections = std::mem::take(&mut table.scale);
    }
    curves_of_loads.retain(|(_, table)| !table.connections.is_empty());
    let servers = loads.len() + curves_of_loads.len();
    let progress = Progress::new(manifests.comparisons.len() + manifests.curves.len() + servers);
    let step = |it: &str| progress.step(it);
    let effort = &thoroughness.loads;
    // Measures one part, unless the report has it, and says whether to go on.
    let mut part = |report: &mut Report, name: &str, measure: &Measure| {
        progress.begin(name);
        let interrupted: bool = !report.has(name) && measure(report)?;
        progress.done();
        if !interrupted {
            save(report)?;
        }
        anyhow::Ok(!interrupted)
    };

    for (chapter, table) in &manifests.comparisons {
        let missing = table.needs.as_ref();
        if let Some(missing) = missing.filter(|it| !is_installed(Path::new(it))) {
            let note = format!("{} skipped: {missing} is not installed", table.name);
            report.notes.retain(|known| *known != note);
            report.notes.push(note);
            continue;
        }
        let go_on = part(report, &table.name, &|report| {
            let rounds = thoroughness.comparisons.clone();
            let part = compare(chapter, table, programs, rounds, step)?;
            report.comparisons.extend(part.measured);
            Ok(part.interrupted)
        });
        if !go_on? {
            return Ok(End::Interrupted);
        }
    }
    for (chapter, table) in &loads {
        let go_on = part(report, &table.name, &|report| {
            let part = load(chapter, table, programs, effort, step)?;
            report.loads.extend(part.measured);
            Ok(part.interrupted)
        });
        if !go_on? {
            return Ok(End::Interrupted);
        }
    }
    for (_, table) in &manifests.curves {
        let go_on = part(report, &table.name, &|report| {
            let part = scale(table, programs, &thoroughness.curves, step)?;
            report.curves.extend(part.measured);
            Ok(part.interrupted)
        });
        if !go_on? {
            return Ok(End::Interrupted);
        }
    }
    for (chapter, table) in &curves_of_loads {
        let go_on = part(report, &curve_name(&table.name), &|report| {
            let part = load(chapter, table, programs, effort, step)?;
            report.curves.extend(part.measured.map(curve_of));
            Ok(part.interrupted)
        });
        if !go_on? {
            return Ok(End::Interrupted);
        }
    }
    Ok(End::Complete)
}
