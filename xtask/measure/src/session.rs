//! What `bench`, `scale` and `results` have in common: they measure what is planned, one part
//! after the other, into a report.

use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use xtask::build::build;
use xtask::workspace::Workspace;
use xtask_report::Report;

use crate::bench::compare;
use crate::plan::Plan;
use crate::process::is_installed;
use crate::programs::{Programs, Python};
use crate::rounds::Rounds;
use crate::scale::{curve, curve_of};
use crate::servers::load;
use crate::{interrupt, machine};

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
                curves: rounds(2, 6, 3.0, never, 2.0),
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

/// A part of what is measured: its name, and what measures it into a report.
type Part<'p> = (&'p str, Box<dyn Fn(&mut Report) -> Result<()> + 'p>);

/// A measurement that goes on.
pub struct Session<'a> {
    workspace: &'a Workspace,
    /// What is run.
    pub programs: Programs<'a>,
    report: Report,
}

impl<'a> Session<'a> {
    /// Builds what the plan names, reads the machine, and puts the programs together.
    ///
    /// # Errors
    /// If something does not build, or the site or the book cannot be had.
    pub fn prepare(workspace: &'a Workspace, plan: &Plan, python: &Python) -> Result<Self> {
        interrupt::catch()?;
        // Before the build, which makes any machine busy.
        let machine = machine::read();
        let built = build(workspace, plan.binaries(), false)?;
        let programs = Programs::new(workspace, built, python)?;
        // The site, the clients and the servers have a descriptor for each connection.
        rlimit::increase_nofile_limit(u64::MAX)?;
        let report = Report::new(machine, programs.own_site.clone());
        Ok(Self {
            workspace,
            programs,
            report,
        })
    }

    /// Measures all that is planned. If Ctrl-C comes, it ends early.
    ///
    /// # Errors
    /// If a program fails, hangs or prints the wrong result: a wrong program has no speed.
    pub fn measure(&mut self, plan: &Plan, effort: &Effort) -> Result<()> {
        let progress = progress()?;
        let step = |it: &str| progress.set_message(it.to_owned());
        let parts = parts(self.workspace, plan, &self.programs, effort, &step);
        progress.set_length(parts.len() as u64);
        for (name, part) in &parts {
            progress.set_prefix((*name).to_owned());
            part(&mut self.report)?;
            progress.inc(1);
            if interrupt::has_come() {
                break;
            }
        }
        Ok(())
    }

    /// What is complete.
    pub fn report(mut self) -> Report {
        self.report.left_out = self.programs.left_out();
        self.report
    }
}

fn parts<'p>(
    workspace: &'p Workspace,
    plan: &'p Plan,
    programs: &'p Programs,
    effort: &'p Effort,
    step: &'p dyn Fn(&str),
) -> Vec<Part<'p>> {
    let mut parts: Vec<Part> = Vec::new();
    for (chapter, table) in &plan.comparisons {
        if let Some(missing) = table.needs.as_ref().filter(|it| !is_installed(it)) {
            programs.leave_out(&table.name, format!("{missing} is not installed"));
            continue;
        }
        let part = move |report: &mut Report| {
            let rounds = &effort.comparisons;
            let measured = compare(workspace, chapter, table, programs, rounds, step)?;
            report.comparisons.extend(measured);
            Ok(())
        };
        parts.push((&table.name, Box::new(part)));
    }
    for (chapter, table) in &plan.loads {
        let part = move |report: &mut Report| {
            let at = |counts| load(workspace, chapter, table, counts, programs, effort, step);
            report.loads.extend(at(&table.connections)?);
            // The same servers at the counts of `scale`, as a curve.
            report.curves.extend(at(&table.scale)?.map(curve_of));
            Ok(())
        };
        parts.push((&table.name, Box::new(part)));
    }
    for (_, table) in &plan.curves {
        let part = move |report: &mut Report| {
            let measured = curve(workspace, table, programs, &effort.curves, step)?;
            report.curves.extend(measured);
            Ok(())
        };
        parts.push((&table.name, Box::new(part)));
    }
    parts
}

/// A bar; its prefix is the part, its message what runs. It draws nothing if stderr is no
/// terminal.
fn progress() -> Result<ProgressBar> {
    let template = "{bar:20} {pos}/{len} {eta} {prefix}: {wide_msg}";
    let bar = ProgressBar::new(0).with_finish(ProgressFinish::AndClear);
    Ok(bar.with_style(ProgressStyle::with_template(template)?))
}
