//! What disturbed a measurement: one line for each cause, with its remedy.

use crate::data::{Cost, Disturbance, Report, times};
use crate::stats::{deviation, median, outliers};
use crate::text::{digits, names, time};

/// Runs that deviate from their median by more than this part of it scatter.
const SCATTER: f64 = 0.05;

/// If more than this part of a program's runs are far from the others, it has several speeds.
const SEVERAL: f64 = 0.1;

/// The load of a machine that does nothing else, for each core, is below this.
const IDLE: f64 = 0.3;

/// A larger part of the machine, kept busy by others, disturbs. The example site and what the
/// system does for the programs stay below.
const BUSY: f64 = 0.25;

/// A larger part of the machine, taken by a virtual machine's host, disturbs.
const STOLEN: f64 = 0.05;

/// How long the list of names in a line is at most.
const NAMES: usize = 32;

/// All warnings of a report; the gravest first.
pub fn of(report: &Report) -> Vec<String> {
    let mut warnings = of_others(report);
    warnings.extend(of_runs(report));
    if report.machine.cores == 1 && !report.loads.is_empty() {
        let one = "servers and their clients shared the only core: compare servers on two or more";
        warnings.push(one.to_owned());
    }
    for (reason, programs) in &report.left_out {
        warnings.push(format!("{reason}: without {}", names(programs, NAMES)));
    }
    warnings
}

/// What other programs and the host of a virtual machine took.
fn of_others(report: &Report) -> Vec<String> {
    let cores = report.machine.cores as f64;
    let disturbed = |of: fn(&Disturbance) -> f64, part: f64| {
        let all = report
            .disturbances
            .iter()
            .filter(|(_, it)| of(it) > part * cores);
        let most = all.clone().map(|(_, it)| of(it)).fold(0.0, f64::max);
        let concerned: Vec<String> = all.map(|(name, _)| name.clone()).collect();
        (!concerned.is_empty()).then(|| (digits(most), names(&concerned, NAMES)))
    };
    let mut warnings = Vec::new();
    let load = report.machine.load.filter(|load| *load > IDLE * cores);
    if let Some((most, again)) = disturbed(|it| it.others, BUSY) {
        warnings.push(format!(
            "other programs kept {most} cores busy: repeat {again}"
        ));
    } else if let Some(load) = load {
        warnings.push(format!(
            "the machine was busy before (load {load:.1}): repeat all"
        ));
    }
    if let Some((most, again)) = disturbed(|it| it.stolen, STOLEN) {
        warnings.push(format!(
            "this machine's host took {most} cores: repeat {again}"
        ));
    }
    warnings
}

/// The values of each program, by name.
fn measured(report: &Report) -> Vec<(String, Vec<f64>)> {
    let named = |name: &str, runs: &[Cost]| (name.to_owned(), times(runs));
    let programs = report.comparisons.iter().flat_map(|it| &it.programs);
    let mut all: Vec<_> = programs.map(|it| named(&it.label, &it.runs)).collect();
    for server in report.loads.iter().flat_map(|it| &it.servers) {
        let name = format!("{} at {}", server.server, server.connections);
        let each = server.trips_per_second.iter().map(|trips| 1.0 / trips);
        all.push((name, each.collect()));
    }
    for series in report.curves.iter().flat_map(|it| &it.series) {
        let points = series.points.iter();
        all.extend(
            points.map(|it| named(&format!("{} at {}", series.program, it.count), &it.runs)),
        );
    }
    all
}

/// Programs whose runs differ: those that have several speeds, and those that just scatter.
fn of_runs(report: &Report) -> Vec<String> {
    let (mut several, mut scattered, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (name, values) in measured(report) {
        let part = deviation(&values) / median(&values);
        let odd = outliers(&values).len();
        if odd > 1 && odd as f64 > SEVERAL * values.len() as f64 {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(0.0, f64::max);
            several.push(format!("{name} ({} to {})", time(least), time(most)));
        } else if part > SCATTER {
            scattered.push(name);
            parts.push(100.0 * part);
        }
    }
    let mut warnings = Vec::new();
    if !scattered.is_empty() {
        let least = parts.iter().copied().fold(f64::INFINITY, f64::min);
        let most = parts.iter().copied().fold(0.0, f64::max);
        let range = match (format!("{least:.0}"), format!("{most:.0}")) {
            (least, most) if least == most => most,
            (least, most) => format!("{least} to {most}"),
        };
        let which = names(&scattered, NAMES);
        warnings.push(format!(
            "runs scatter by {range} %, more rounds help: {which}"
        ));
    }
    if !several.is_empty() {
        warnings.push(format!(
            "several speeds: {}",
            names(&several, NAMES + NAMES / 2)
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Comparison, Load, Machine, Role, Server};
    use crate::rows::tests::{machine, program};

    fn report(comparisons: Vec<Comparison>) -> Report {
        let mut report = Report::new(machine(), None);
        report.comparisons = comparisons;
        report
    }

    /// As `bench echo` was on a busy machine: fifteen rows that scatter, one tool not there.
    fn busy_echo() -> Report {
        let servers = (0..15).map(|index| Server {
            server: format!("server {index}"),
            connections: 50,
            served: 50,
            trips_per_second: vec![1000.0, 1500.0 + f64::from(index), 2000.0],
            ..Server::default()
        });
        let busy = Machine {
            load: Some(3.0),
            ..machine()
        };
        let mut report = Report::new(busy, None);
        report.loads.push(Load {
            name: "echo".into(),
            servers: servers.collect(),
            ..Load::default()
        });
        let others = Disturbance {
            others: 1.2,
            stolen: 0.0,
        };
        report.disturbances.insert("echo".into(), others);
        let reason = "go is not installed".to_owned();
        report.left_out.insert(reason, vec!["echo.go".into()]);
        report
    }

    #[test]
    fn a_busy_machine_is_a_line_for_each_cause_and_not_for_each_row() {
        assert_eq!(
            of(&busy_echo()),
            [
                "other programs kept 1.20 cores busy: repeat echo",
                "runs scatter by 24 to 25 %, more rounds help: server 0 at 50 and 14 more",
                "go is not installed: without echo.go",
            ]
        );
    }

    #[test]
    fn above_a_tenth_of_the_runs_it_is_several_speeds() {
        let runs = |odd: usize| {
            let mut times = vec![0.061; 30];
            times[..odd].fill(0.024);
            let programs = vec![program(Role::Contender, "mutex_std 2", 1.0, &times)];
            of(&report(vec![Comparison {
                programs,
                ..Comparison::default()
            }]))
        };
        assert_eq!(
            runs(9),
            ["several speeds: mutex_std 2 (24.0 ms to 61.0 ms)"]
        );
        // The median does not mind a few.
        assert!(runs(3).is_empty());
    }

    #[test]
    fn what_others_take_is_measured_against_the_machine() {
        let on = |cores, others, stolen| {
            let mut report = report(Vec::new());
            let disturbance = Disturbance { others, stolen };
            report.disturbances.insert("fibonacci".into(), disturbance);
            report.machine.cores = cores;
            of(&report).len()
        };
        assert_eq!(on(2, 0.6, 0.2), 2);
        assert_eq!(on(64, 0.6, 0.2), 0);
        assert_eq!(on(64, 20.0, 5.0), 2);
    }
}
