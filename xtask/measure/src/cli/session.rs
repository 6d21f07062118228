//! What `bench`, `scale` and `results` have in common: they measure tables of manifests one after
//! the other into a report.

use std::process::ExitCode;
use std::time::Duration;

use xtask::build::build;
use xtask::options;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;
use xtask::workspace::tables::Kind;
use xtask_load::memory::bandwidth;

use crate::data::machine::Bandwidth;
use crate::data::report::Report;
use crate::measure::book::Book;
use crate::measure::compare::compare;
use crate::measure::load::{Effort, load};
use crate::measure::programs::Programs;
use crate::measure::rounds::Rounds;
use crate::measure::scale::{curve_of, scale};
use crate::show::progress::Progress;
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
    #[must_use]
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
    #[must_use]
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
    if bounds.any(|bound| bound.as_ref().is_some_and(|it| it.kind == Kind::Memory)) {
        machine.bandwidth = Some(Bandwidth {
            one: bandwidth(1),
            all: bandwidth(machine.cores),
        });
    }
    let report = Report::new(machine, programs.site.external.clone());
    Ok((programs, report))
}

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
    let parts = manifests.comparisons.len() + manifests.loads.len() + manifests.curves.len();
    let servers = manifests.loads.iter();
    let curves_of_servers = servers.filter(|(_, table)| !table.scale.is_empty()).count();
    let mut progress = Progress::new(parts + curves_of_servers);
    let mut ended = false;
    for (chapter, table) in &manifests.comparisons {
        progress.begin(&table.name);
        if !ended && !report.has(&table.name) {
            let rounds = thoroughness.comparisons.clone();
            let compared = compare(chapter, table, programs, rounds, |it| progress.step(it))?;
            report.notes.extend(compared.note);
            report.comparisons.extend(compared.comparison);
            ended = compared.interrupted;
            if !ended {
                save(report)?;
            }
        }
        progress.done();
    }
    for (chapter, table) in &manifests.loads {
        progress.begin(&table.name);
        if !ended && !table.connections.is_empty() && !report.has(&table.name) {
            let effort = &thoroughness.loads;
            let loaded = load(chapter, table, programs, effort, |it| progress.step(it))?;
            report.loads.push(loaded.load);
            ended = loaded.interrupted;
            if !ended {
                save(report)?;
            }
        }
        progress.done();
    }
    for (_, table) in &manifests.curves {
        progress.begin(&table.name);
        if !ended && !report.has(&table.name) {
            let rounds = Rounds {
                budget: thoroughness.curves.budget
                    * (table.programs.len() + table.peers.len()) as f64,
                ..thoroughness.curves.clone()
            };
            let scaled = scale(table, programs, &rounds, |it| progress.step(it))?;
            report.curves.push(scaled.curve);
            ended = scaled.interrupted;
            if !ended {
                save(report)?;
            }
        }
        progress.done();
    }
    for (chapter, table) in &manifests.loads {
        let mut table = table.clone();
        table.connections = std::mem::take(&mut table.scale);
        let name = format!("{}, an answer for each client", table.name);
        if !ended && !table.connections.is_empty() && !report.has(&name) {
            progress.begin(&name);
            let effort = &thoroughness.loads;
            let loaded = load(chapter, &table, programs, effort, |it| progress.step(it))?;
            report.curves.push(curve_of(loaded.load));
            ended = loaded.interrupted;
            if !ended {
                save(report)?;
            }
            progress.done();
        }
    }
    Ok(if ended {
        End::Interrupted
    } else {
        End::Complete
    })
}
