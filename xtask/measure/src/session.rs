//! What `bench`, `scale` and `results` have in common: they measure what is planned, one part
//! after the other, into a report.

use std::env;
use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use xtask::build::build;
use xtask::workspace::Workspace;
use xtask_report::Report;

use crate::bench::compare;
use crate::interrupt;
use crate::machine::{self, Activity};
use crate::plan::Plan;
use crate::programs::{Programs, Python};
use crate::rounds::Rounds;
use crate::scale::curve;
use crate::servers::Servers;

/// What changes the flags of `.cargo/config.toml`, which align functions: where a loop stands
/// changes its speed.
const FLAGS: [&str; 3] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
];

/// How thoroughly to measure.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Comparisons of programs.
    pub comparisons: Rounds,
    /// Servers under load.
    pub loads: Rounds,
    /// How long a server warms up in each round.
    pub warm_up: Duration,
    /// How long it is measured then.
    pub window: Duration,
    /// The points of curves.
    pub curves: Rounds,
}

impl Effort {
    /// A first look, or what figures need.
    pub fn new(quick: bool) -> Self {
        let rounds = |at_least, at_most, budget, long, warm_up| Rounds {
            at_least,
            at_most,
            budget,
            long,
            warm_up,
        };
        let never = f64::INFINITY;
        if quick {
            Self {
                comparisons: rounds(2, 5, 3.0, 5.0, 0.5),
                // Servers warm up by themselves.
                loads: rounds(1, 1, 0.0, never, 0.0),
                warm_up: Duration::from_millis(100),
                window: Duration::from_millis(300),
                curves: rounds(1, 1, 0.0, never, 0.0),
            }
        } else {
            Self {
                comparisons: rounds(6, 20, 20.0, never, 2.0),
                loads: rounds(6, 9, 60.0, never, 0.0),
                warm_up: Duration::from_millis(200),
                window: Duration::from_millis(500),
                curves: rounds(6, 6, 0.0, never, 2.0),
            }
        }
    }

    /// This many rounds of comparisons and loads.
    pub fn set_runs(&mut self, runs: usize) {
        for rounds in [&mut self.comparisons, &mut self.loads] {
            (rounds.at_least, rounds.at_most) = (runs, runs);
            rounds.long = f64::INFINITY;
        }
    }
}

/// A measurement that goes on.
pub struct Session<'a> {
    /// What is run.
    pub programs: Programs<'a>,
    /// How thoroughly.
    pub effort: Effort,
    /// The machine, and what has been measured so far.
    pub report: Report,
    progress: ProgressBar,
}

impl<'a> Session<'a> {
    /// Builds what the plan names, reads the machine, and puts the programs together.
    ///
    /// # Errors
    /// If something does not build, or the site or the book cannot be had.
    pub fn prepare(
        workspace: &'a Workspace,
        plan: &Plan,
        python: &Python,
        effort: Effort,
    ) -> Result<Self> {
        interrupt::catch()?;
        if let Some(name) = FLAGS.iter().find(|name| env::var_os(name).is_some()) {
            eprintln!("{name} is set: without the project's own flags functions are not aligned");
        }
        // Before the build, which makes any machine busy.
        let machine = machine::read();
        let built = build(workspace, plan.binaries(), false)?;
        let programs = Programs::new(workspace, built, python)?;
        // The site, the clients and the servers have a descriptor for each connection.
        rlimit::increase_nofile_limit(u64::MAX)?;
        // It draws nothing if stderr is no terminal.
        let template = "{bar:20} {pos}/{len} {eta} {prefix}: {wide_msg}";
        let progress = ProgressBar::new(0).with_finish(ProgressFinish::AndClear);
        Ok(Self {
            report: Report::new(machine, programs.own_site.clone()),
            progress: progress.with_style(ProgressStyle::with_template(template)?),
            programs,
            effort,
        })
    }

    /// Measures all that is planned, and gives what is complete when Ctrl-C comes.
    ///
    /// # Errors
    /// If a program fails, hangs or prints the wrong result: a wrong program has no speed.
    pub fn measure(mut self, plan: &Plan) -> Result<Report> {
        self.progress.set_length(plan.names().count() as u64);
        for (chapter, table) in &plan.comparisons {
            let measured = self.part(&table.name, |it| compare(it, chapter, table))?;
            self.report.comparisons.extend(measured.flatten());
        }
        for (chapter, table) in &plan.loads {
            let servers = Servers::of(&self.programs, chapter, table)?;
            for &clients in &table.connections {
                let name = table.comparison(clients);
                let measured = self.part(&name, |it| servers.compare(it, &name, clients))?;
                self.report.comparisons.extend(measured.flatten());
            }
            if !table.scale.is_empty() {
                let measured = self.part(&table.curve(), |it| servers.curve(it))?;
                self.report.curves.extend(measured.flatten());
            }
        }
        for (_, table) in &plan.curves {
            let measured = self.part(&table.name, |it| curve(it, table))?;
            self.report.curves.extend(measured.flatten());
        }
        self.progress.finish_and_clear();
        self.report.left_out = self.programs.left_out();
        Ok(self.report)
    }

    /// Measures one part, unless Ctrl-C has come, and what others do meanwhile.
    fn part<T>(
        &mut self,
        name: &str,
        measure: impl FnOnce(&Self) -> Result<T>,
    ) -> Result<Option<T>> {
        if interrupt::has_come() {
            return Ok(None);
        }
        self.progress.set_prefix(name.to_owned());
        let before = Activity::now();
        let measured = measure(self)?;
        if let Some(others) = before.and_then(Activity::of_others) {
            self.report.disturbances.insert(name.to_owned(), others);
        }
        self.progress.inc(1);
        Ok(Some(measured))
    }

    /// Shows what runs next.
    pub fn step(&self, what: &str) {
        self.progress.set_message(what.to_owned());
    }
}
