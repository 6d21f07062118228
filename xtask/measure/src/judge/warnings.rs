//! What a reader should know before trusting the figures, each with its remedy.

use std::fmt;

use crate::data::comparison::{Comparison, Entry};
use crate::data::cost::times;
use crate::data::curve::Curve;
use crate::data::load::{Load, Server};
use crate::data::machine::{Disturbance, Machine};
use crate::data::report::Report;
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

/// Something to be wary of.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// The machine was busy before anything was measured.
    BusyBefore {
        /// The load average.
        load: f64,
        /// The cores.
        cores: usize,
    },
    /// There is one core: servers and their clients share it.
    OneCore,
    /// Other programs ran meanwhile.
    Others {
        /// How many cores they kept busy.
        cores: f64,
    },
    /// The host of a virtual machine gave its cores to others.
    Stolen {
        /// How many cores.
        cores: f64,
    },
    /// Some runs are far from the others.
    Outliers {
        /// The program.
        program: String,
        /// The strange values.
        strange: Vec<f64>,
        /// How many runs there were.
        runs: usize,
        /// The middle of all.
        median: f64,
        /// What the values count.
        unit: &'static str,
    },
    /// The runs scatter.
    Scatter {
        /// The program.
        program: String,
        /// Their deviation, as a part of the median.
        part: f64,
        /// How many runs there were.
        runs: usize,
    },
    /// A window was short beside what it measured.
    ShortWindow {
        /// The server.
        server: String,
        /// The window's seconds.
        window: f64,
        /// The median latency in seconds.
        median: f64,
    },
    /// Something was left out or not reached.
    Note(String),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BusyBefore { load, cores } => write!(
                f,
                "the machine was busy before the bench began (load {load:.1} on {cores} cores): \
                 close other programs and run again"
            ),
            Self::OneCore => f.write_str(
                "this machine has one core, which servers and their clients share: compare \
                 servers on one with two or more",
            ),
            Self::Others { cores } => write!(
                f,
                "other programs kept {cores:.1} cores busy meanwhile: close them and run it again"
            ),
            Self::Stolen { cores } => write!(
                f,
                "the host of this virtual machine took {cores:.1} cores away meanwhile: run it \
                 again when the host is less busy"
            ),
            Self::Outliers {
                program,
                strange,
                runs,
                median,
                unit,
            } => {
                let strange: Vec<String> = strange.iter().map(|it| format!("{it:.3}")).collect();
                write!(
                    f,
                    "{} of the {runs} runs of {program} are far from the others ({} {unit} instead \
                     of {median:.3}): something disturbed them; the median does not mind a few",
                    strange.len(),
                    strange.join(", ")
                )
            }
            Self::Scatter {
                program,
                part,
                runs,
            } => write!(
                f,
                "the runs of {program} scatter by {:.0} %: close other programs, or measure \
                 longer with --runs {}",
                part * 100.0,
                runs * 2
            ),
            Self::ShortWindow {
                server,
                window,
                median,
            } => write!(
                f,
                "{server} was measured for {window:.2} s, less than ten times its median of \
                 {median:.3} s: too short for its latencies to be trusted"
            ),
            Self::Note(note) => f.write_str(note),
        }
    }
}

/// What concerns the machine and the report as a whole.
pub fn of_report(report: &Report) -> Vec<Warning> {
    let machine = &report.machine;
    let mut warnings = Vec::new();
    let idle = IDLE * machine.cores as f64;
    if let Some(load) = machine.load.filter(|load| *load > idle) {
        let cores = machine.cores;
        warnings.push(Warning::BusyBefore { load, cores });
    }
    if machine.cores == 1 && !report.loads.is_empty() {
        warnings.push(Warning::OneCore);
    }
    warnings.extend(report.notes.iter().cloned().map(Warning::Note));
    warnings
}

/// What concerns one comparison.
pub fn of_comparison(comparison: &Comparison, machine: &Machine) -> Vec<Warning> {
    let mut warnings = of_disturbance(comparison.disturbance, machine);
    for Entry { program, runs, .. } in &comparison.programs {
        warnings.extend(of_values(program, &times(runs), "s"));
    }
    warnings.extend(comparison.notes.iter().cloned().map(Warning::Note));
    warnings
}

/// What concerns servers under load.
pub fn of_load(load: &Load, machine: &Machine) -> Vec<Warning> {
    let mut warnings = of_disturbance(load.disturbance, machine);
    for server in &load.servers {
        let Server {
            window,
            p50_us,
            trips_per_second,
            ..
        } = server;
        let name = format!("{} at {}", server.server, server.connections);
        let thousands: Vec<f64> = trips_per_second.iter().map(|it| it / 1000.0).collect();
        warnings.extend(of_values(&name, &thousands, "thousand per second"));
        let median = p50_us / 1e6;
        if *window < WINDOW * median {
            warnings.push(Warning::ShortWindow {
                server: name,
                window: *window,
                median,
            });
        }
    }
    warnings.extend(load.notes.iter().cloned().map(Warning::Note));
    warnings
}

/// What concerns a curve.
pub fn of_curve(curve: &Curve, machine: &Machine) -> Vec<Warning> {
    let mut warnings = of_disturbance(curve.disturbance, machine);
    for (count, program, point) in curve.rows() {
        let name = format!("{program} at {count}");
        warnings.extend(of_values(&name, &times(&point.runs), "s"));
    }
    warnings.extend(curve.notes.iter().cloned().map(Warning::Note));
    warnings
}

/// All warnings of a report, each with the name of what it concerns.
pub fn all(report: &Report) -> Vec<String> {
    let machine = &report.machine;
    let mut all: Vec<String> = of_report(report).iter().map(ToString::to_string).collect();
    let mut add = |name: &str, warnings: Vec<Warning>| {
        all.extend(warnings.iter().map(|it| format!("{name}: {it}")));
    };
    for it in &report.comparisons {
        add(&it.name, of_comparison(it, machine));
    }
    for it in &report.loads {
        add(&it.name, of_load(it, machine));
    }
    for it in &report.curves {
        add(&it.name, of_curve(it, machine));
    }
    all
}

fn of_disturbance(disturbance: Option<Disturbance>, machine: &Machine) -> Vec<Warning> {
    let Disturbance { others, stolen } = disturbance.unwrap_or_default();
    let all = machine.cores as f64;
    let mut warnings = Vec::new();
    if others > BUSY * all {
        warnings.push(Warning::Others { cores: others });
    }
    if stolen > STOLEN * all {
        warnings.push(Warning::Stolen { cores: stolen });
    }
    warnings
}

fn of_values(program: &str, values: &[f64], unit: &'static str) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let (program, middle, runs) = (program.to_owned(), median(values), values.len());
    let strange = outliers(values);
    if !strange.is_empty() {
        warnings.push(Warning::Outliers {
            program: program.clone(),
            strange: strange.iter().map(|index| values[*index]).collect(),
            runs,
            median: middle,
            unit,
        });
    }
    let part = deviation(values) / middle;
    if part > SCATTER {
        warnings.push(Warning::Scatter {
            program,
            part,
            runs,
        });
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let text = scatter[0].to_string();
        assert!(text.contains("scatter by 50 %") && text.contains("--runs 6"));
        let odd = of_values("one", &[1.0, 1.0, 1.5, 1.0, 1.0], "s");
        assert_eq!(odd.len(), 1);
        let text = odd[0].to_string();
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
            chapter: "ch".into(),
            name: "chat".into(),
            lesson: None,
            clients: xtask::workspace::tables::Behaviour::Chat,
            servers: vec![Server {
                connections: 10,
                server: "a".into(),
                reference: true,
                served: 10,
                trips_per_second: vec![5700.0, 3_668_100.0],
                window,
                p50_us,
                p99_us: 0.0,
                memory_per_connection: None,
                peak_memory: None,
                cpu_us_per_trip: None,
            }],
            disturbance: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn servers_that_scatter_and_short_windows_are_said() {
        let texts = |load: &Load| -> Vec<String> {
            let warnings = of_load(load, &machine(2));
            warnings.iter().map(ToString::to_string).collect()
        };
        let scattered = texts(&load(0.5, 1000.0));
        assert_eq!(scattered.len(), 1);
        assert!(scattered[0].starts_with("the runs of a at 10 scatter by "));
        let short = texts(&load(0.5, 100_000.0));
        assert!(short[1].starts_with("a at 10 was measured for 0.50 s, less than ten times"));
    }
}
