//! What a reader should know before trusting the figures, each with its remedy.

use crate::data::{Comparison, Curve, Disturbance, Load, Machine, Report, times};
use crate::stats::{deviation, median, outliers};

/// Runs that deviate from their median by more than this part of it get a warning.
const SCATTER: f64 = 0.05;

/// The load of a machine that does nothing else, for each core, is below this.
const IDLE: f64 = 0.3;

/// A larger part of the machine, kept busy by others, disturbs. The example site and what the
/// system does for the programs stay below.
const BUSY: f64 = 0.25;

/// A larger part of the machine, taken by a virtual machine's host, disturbs.
const STOLEN: f64 = 0.05;

/// A window shorter than this many of the latencies that it measures cuts the long ones off.
const WINDOW: f64 = 10.0;

/// What concerns the machine and the report as a whole.
pub fn of_report(report: &Report) -> Vec<String> {
    let cores = report.machine.cores;
    let mut warnings = Vec::new();
    if let Some(load) = report.machine.load.filter(|it| *it > IDLE * cores as f64) {
        warnings.push(format!(
            "the machine was busy before the bench began (load {load:.1} on {cores} cores): close \
             other programs and run again"
        ));
    }
    if cores == 1 && !report.loads.is_empty() {
        let one = "this machine has one core, which servers and their clients share: compare \
                   servers on one with two or more";
        warnings.push(one.to_owned());
    }
    [warnings, report.notes.clone()].concat()
}

/// What concerns one comparison.
pub fn of_comparison(comparison: &Comparison, machine: &Machine) -> Vec<String> {
    let mut warnings = of_disturbance(comparison.disturbance, machine);
    for entry in &comparison.programs {
        warnings.extend(of_values(&entry.program, &entry.times(), "s"));
    }
    [warnings, comparison.notes.clone()].concat()
}

/// What concerns servers under load.
pub fn of_load(load: &Load, machine: &Machine) -> Vec<String> {
    let mut warnings = of_disturbance(load.disturbance, machine);
    for server in &load.servers {
        let name = format!("{} at {}", server.server, server.connections);
        let thousands: Vec<f64> = server.trips_per_second.iter().map(|it| it / 1e3).collect();
        warnings.extend(of_values(&name, &thousands, "thousand per second"));
        let (window, median) = (server.window, server.p50_us / 1e6);
        if window < WINDOW * median {
            warnings.push(format!(
                "{name} was measured for {window:.2} s, less than ten times its median of \
                 {median:.3} s: too short for its latencies to be trusted"
            ));
        }
    }
    [warnings, load.notes.clone()].concat()
}

/// What concerns a curve.
pub fn of_curve(curve: &Curve, machine: &Machine) -> Vec<String> {
    let mut warnings = of_disturbance(curve.disturbance, machine);
    for (program, point) in curve.rows() {
        let name = format!("{program} at {}", point.count);
        warnings.extend(of_values(&name, &times(&point.runs), "s"));
    }
    [warnings, curve.notes.clone()].concat()
}

/// Warnings, each with the name of what it concerns.
pub fn named<'a>(name: &'a str, warnings: Vec<String>) -> impl Iterator<Item = String> + 'a {
    let warnings = warnings.into_iter();
    warnings.map(move |warning| format!("{name}: {warning}"))
}

/// All warnings of a report.
pub fn all(report: &Report) -> Vec<String> {
    let machine = &report.machine;
    let mut all = of_report(report);
    for it in &report.comparisons {
        all.extend(named(&it.name, of_comparison(it, machine)));
    }
    for it in &report.loads {
        all.extend(named(&it.name, of_load(it, machine)));
    }
    for it in &report.curves {
        all.extend(named(&it.name, of_curve(it, machine)));
    }
    all
}

fn of_disturbance(disturbance: Option<Disturbance>, machine: &Machine) -> Vec<String> {
    let Disturbance { others, stolen } = disturbance.unwrap_or_default();
    let all = machine.cores as f64;
    let mut warnings = Vec::new();
    if others > BUSY * all {
        warnings.push(format!(
            "other programs kept {others:.1} cores busy meanwhile: close them and run it again"
        ));
    }
    if stolen > STOLEN * all {
        warnings.push(format!(
            "the host of this virtual machine took {stolen:.1} cores away meanwhile: run it again \
             when the host is less busy"
        ));
    }
    warnings
}

fn of_values(program: &str, values: &[f64], unit: &str) -> Vec<String> {
    let (middle, runs) = (median(values), values.len());
    let mut warnings = Vec::new();
    let strange = outliers(values).into_iter();
    let strange: Vec<String> = strange.map(|it| format!("{:.3}", values[it])).collect();
    if !strange.is_empty() {
        warnings.push(format!(
            "{} of the {runs} runs of {program} are far from the others ({} {unit} instead of \
             {middle:.3}): something disturbed them; the median does not mind a few",
            strange.len(),
            strange.join(", ")
        ));
    }
    let part = deviation(values) / middle;
    if part > SCATTER {
        warnings.push(format!(
            "the runs of {program} scatter by {:.0} %: close other programs, or measure longer \
             with --runs {}",
            part * 100.0,
            runs * 2
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Server;

    fn machine(cores: usize) -> Machine {
        Machine {
            cores,
            ..Machine::default()
        }
    }

    #[test]
    fn runs_that_scatter_and_runs_that_are_odd_are_said() {
        let scatter = of_values("one", &[1.0, 2.0, 3.0], "s");
        assert_eq!(scatter.len(), 1);
        let text = &scatter[0];
        assert!(text.contains("scatter by 50 %") && text.contains("--runs 6"));
        let odd = of_values("one", &[1.0, 1.0, 1.5, 1.0, 1.0], "s");
        assert_eq!(odd.len(), 1);
        let text = &odd[0];
        assert!(text.starts_with("1 of the 5 runs of one are far from the others (1.500 s"));
        assert!(of_values("one", &[1.0; 5], "s").is_empty());
    }

    #[test]
    fn what_others_take_is_measured_against_the_machine() {
        let disturbance = |others, stolen| Some(Disturbance { others, stolen });
        let on = |cores, it| of_disturbance(it, &machine(cores)).len();
        assert_eq!(on(2, disturbance(0.6, 0.2)), 2);
        assert_eq!(on(64, disturbance(0.6, 0.2)), 0);
        assert_eq!(on(64, disturbance(20.0, 5.0)), 2);
        assert_eq!(on(2, None), 0);
    }

    #[test]
    fn a_busy_machine_and_one_core_are_said() {
        let mut report = Report::new(machine(1), None);
        report.machine.load = Some(2.0);
        report.notes.push("gpg is not installed".into());
        let texts = all(&report);
        assert!(texts[0].contains("was busy before"));
        assert_eq!(texts[1], "gpg is not installed");
        report.loads.push(load(0.5, 1000.0));
        assert!(all(&report)[1].contains("one core"));
    }

    fn load(window: f64, p50_us: f64) -> Load {
        Load {
            servers: vec![Server {
                connections: 10,
                server: "a".into(),
                trips_per_second: vec![5700.0, 3_668_100.0],
                window,
                p50_us,
                ..Server::default()
            }],
            ..Load::default()
        }
    }

    #[test]
    fn servers_that_scatter_and_short_windows_are_said() {
        let texts = |load: &Load| of_load(load, &machine(2));
        let scattered = texts(&load(0.5, 1000.0));
        assert_eq!(scattered.len(), 1);
        assert!(scattered[0].starts_with("the runs of a at 10 scatter by "));
        let short = texts(&load(0.5, 100_000.0));
        assert!(short[1].starts_with("a at 10 was measured for 0.50 s, less than ten times"));
    }
}
