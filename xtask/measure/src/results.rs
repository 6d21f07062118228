//! `cargo xtask results`: measures, and writes the report and the pages.

use anyhow::{Result, ensure};
use clap::Args;
use xtask::output::save;
use xtask::readme;
use xtask::workspace::Workspace;
use xtask_report::Report;

use crate::interrupt;
use crate::plan::Plan;
use crate::programs::Python;
use crate::scale::shorten;
use crate::session::{Effort, Session};

/// The report, from the top folder.
const REPORT: &str = "xtask/results.json";

/// The options of `results`.
#[derive(Args, Debug)]
pub struct Options {
    /// Measure only these again: part of a name, a chapter, or a listing's number
    filters: Vec<String>,
    /// Few rounds and short curves, for a first look
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    python: Python,
}

/// Measures what `options` choose, puts it into the report in the place of what it had, and writes
/// the pages. Parts from two machines do not join.
///
/// # Errors
/// If a measurement fails, the report is from another machine, or a file cannot be written.
pub fn results(workspace: &Workspace, options: &Options) -> Result<i32> {
    let all = Plan::read(workspace)?;
    let mut plan = all.clone();
    plan.keep(&options.filters)?;
    if options.quick {
        shorten(&mut plan);
    }
    let effort = Effort::new(options.quick);
    let session = Session::prepare(workspace, &plan, &options.python, effort)?;
    let path = workspace.root.join(REPORT);
    let mut old = Report::read(&path).unwrap_or_default();
    let joins = old.comparisons.is_empty() || is_same(&old, &session.report);
    let refused = format!("{REPORT} is from another machine, so measure all again");
    ensure!(joins || options.filters.is_empty(), refused);
    let new = session.measure(&plan)?;
    if options.filters.is_empty() && !interrupt::has_come() {
        old = Report::default();
    } else {
        ensure!(joins, refused);
    }
    let report = merged(&all, old, new);
    save(&path, &report.json()?)?;
    eprintln!("{REPORT}");
    for page in readme::write(workspace)? {
        eprintln!("{}", page.display());
    }
    if interrupt::has_come() {
        eprintln!("interrupted: what was complete is in the report");
        return Ok(interrupt::EXIT_CODE);
    }
    Ok(0)
}

/// Whether both are from the same machine, compiler and site.
fn is_same(old: &Report, new: &Report) -> bool {
    let setting = |report: &Report| {
        let machine = &report.machine;
        let (processor, rustc) = (machine.processor.clone(), machine.rustc.clone());
        (processor, machine.cores, rustc, report.site.clone())
    };
    setting(old) == setting(new)
}

/// What the manifests name, in their order, as the new report has it, or else the old one.
fn merged(plan: &Plan, old: Report, mut new: Report) -> Report {
    let names: Vec<String> = plan.names().collect();
    new.comparisons = joined(old.comparisons, new.comparisons, &names, |it| &it.name);
    new.curves = joined(old.curves, new.curves, &names, |it| &it.name);
    for (reason, programs) in old.left_out {
        new.left_out.entry(reason).or_insert(programs);
    }
    for (name, disturbance) in old.disturbances {
        new.disturbances.entry(name).or_insert(disturbance);
    }
    new
}

fn joined<T>(old: Vec<T>, new: Vec<T>, names: &[String], name: fn(&T) -> &String) -> Vec<T> {
    // Of two with the same name the first stays.
    let mut all: Vec<T> = new.into_iter().chain(old).collect();
    all.retain(|it| names.contains(name(it)));
    all.sort_by_key(|it| names.iter().position(|known| known == name(it)));
    all.dedup_by_key(|it| name(it).clone());
    all
}
