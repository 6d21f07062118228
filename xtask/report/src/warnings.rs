//! What disturbed a measurement: one line for each cause, with its remedy.

use crate::data::{Report, times};
use crate::stats::{deviation, median, outliers};
use crate::text::{digits, length, shorten, time};

/// Runs that deviate from their median by more than this part of it scatter.
const SCATTER: f64 = 0.05;

/// If more than this part of a program's runs are far from the others, it has several speeds.
const SEVERAL: f64 = 0.1;

/// A larger part of the machine, kept busy by others, disturbs. The example site and what the
/// system does for the programs stay below.
const BUSY: f64 = 0.25;

/// How long a list of names is at most.
const NAMES: usize = 32;

/// All warnings of a report; the gravest first.
pub fn of(report: &Report) -> Vec<String> {
    let mut warnings = Vec::new();
    let busy = BUSY * report.machine.cores as f64;
    let others = report.disturbances.iter().filter(|(_, it)| **it > busy);
    if let Some(most) = others.clone().map(|(_, it)| *it).max_by(f64::total_cmp) {
        let again: Vec<String> = others.map(|(name, _)| name.clone()).collect();
        let (most, again) = (digits(most), names(&again));
        warnings.push(format!("others kept {most} cores busy: repeat {again}"));
    }
    warnings.extend(of_runs(report));
    for (reason, programs) in &report.left_out {
        warnings.push(format!("{reason}: without {}", names(programs)));
    }
    warnings
}

fn names(names: &[String]) -> String {
    // The first one stands there in any case.
    let width = names.first().map_or(0, |it| length(it)).max(NAMES);
    shorten(&names.join(", "), width)
}

/// The times of each program, by name.
fn measured(report: &Report) -> Vec<(String, Vec<f64>)> {
    let programs = report.comparisons.iter().flat_map(|it| &it.programs);
    let mut all: Vec<_> = programs.map(|it| (it.label.clone(), it.times())).collect();
    for series in report.curves.iter().flat_map(|it| &it.series) {
        for point in &series.points {
            let name = format!("{} at {}", series.program, point.count);
            all.push((name, times(&point.runs)));
        }
    }
    all
}

/// Programs whose runs differ: those that have several speeds, and those that just scatter.
fn of_runs(report: &Report) -> Vec<String> {
    let (mut several, mut scattered, mut worst) = (Vec::new(), Vec::new(), 0.0_f64);
    for (name, values) in measured(report) {
        let part = deviation(&values) / median(&values);
        let odd = outliers(&values).len();
        if odd > 1 && odd as f64 > SEVERAL * values.len() as f64 {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(0.0, f64::max);
            several.push(format!("{name} ({} to {})", time(least), time(most)));
        } else if part > SCATTER {
            scattered.push(name);
            worst = worst.max(100.0 * part);
        }
    }
    let mut warnings = Vec::new();
    if !scattered.is_empty() {
        let which = names(&scattered);
        let line = format!("runs scatter by up to {worst:.0} %, more rounds help: {which}");
        warnings.push(line);
    }
    if !several.is_empty() {
        let which = names(&several);
        warnings.push(format!("several speeds: {which}"));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Comparison, Role};
    use crate::rows::tests::{machine, program};

    fn warnings(programs: Vec<crate::data::Program>, others: f64) -> Vec<String> {
        let mut report = Report::new(machine(), None);
        report.disturbances.insert("echo".into(), others);
        report.comparisons = vec![Comparison {
            programs,
            ..Comparison::default()
        }];
        of(&report)
    }

    #[test]
    fn a_busy_machine_is_a_line_for_each_cause_and_not_for_each_row() {
        let times = |index: u32| [1.0, 1.5 + f64::from(index) / 100.0, 2.0];
        let server = |index| {
            let name = format!("server {index}");
            program(Role::Contender, &name, 1.0, &times(index))
        };
        assert_eq!(
            warnings((0..15).map(server).collect(), 1.2),
            [
                "others kept 1.20 cores busy: repeat echo",
                "runs scatter by up to 33 %, more rounds help: server 0, server 1, server 2, s…",
            ]
        );
        assert!(warnings(Vec::new(), 0.4).is_empty());
    }

    #[test]
    fn above_a_tenth_of_the_runs_it_is_several_speeds() {
        let runs = |odd: usize| {
            let mut times = vec![0.061; 30];
            times[..odd].fill(0.024);
            warnings(
                vec![program(Role::Contender, "mutex_std 2", 1.0, &times)],
                0.0,
            )
        };
        let several = "several speeds: mutex_std 2 (24.0 ms to 61.0 ms)";
        assert_eq!(runs(9), [several]);
        // The median does not mind a few.
        assert!(runs(3).is_empty());
    }
}
