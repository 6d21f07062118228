//! What disturbed a measurement: one line for each cause, with its remedy.

use crate::data::{Report, times};
use crate::stats::{deviation, median, outliers};
use crate::text::digits;

/// Runs that deviate from their median by more than this part of it scatter.
const SCATTER: f64 = 0.05;

/// If more than this part of a program's runs are far from the others, it has several speeds.
const SEVERAL: f64 = 0.1;

/// A larger part of the machine, kept busy by others, disturbs. The example site and what the
/// system does for the programs stay below.
const BUSY: f64 = 0.25;

/// Fewer rounds have a range, and no interval.
const ROUNDS: usize = 6;

/// A list of names is longer than this many characters by one name at most.
const NAMES: usize = 20;

/// All warnings of a report; the gravest first.
pub fn of(report: &Report) -> Vec<String> {
    let busy = BUSY * report.machine.cores as f64;
    let disturbed = report.disturbances.iter().filter(|(_, it)| **it > busy);
    let most = disturbed.clone().map(|(_, it)| *it).fold(0.0, f64::max);
    let again = disturbed.map(|(name, _)| name.clone()).collect();
    let (mut few, mut several, mut scattered) = (Vec::new(), Vec::new(), Vec::new());
    let mut worst = 0.0_f64;
    for (name, values) in measured(report) {
        if values.len() < ROUNDS {
            few.push(name.clone());
        }
        let part = deviation(&values) / median(&values);
        let odd = outliers(&values);
        if odd > 1 && odd as f64 > SEVERAL * values.len() as f64 {
            several.push(name);
        } else if part > SCATTER {
            scattered.push(name);
            worst = worst.max(100.0 * part);
        }
    }
    let others = format!("others kept {} cores busy: repeat", digits(most));
    let scatter = format!("runs scatter by up to {worst:.0} %, more rounds help:");
    let mut causes = vec![
        (others, again),
        (scatter, scattered),
        ("several speeds:".to_owned(), several),
        ("fewer than six rounds, so no intervals:".to_owned(), few),
    ];
    let left_out = report.left_out.clone().into_iter();
    causes.extend(left_out.map(|(reason, programs)| (format!("{reason}: without"), programs)));
    causes.retain(|(_, names)| !names.is_empty());
    let causes = causes.into_iter();
    causes.map(|(cause, it)| cause + " " + &some(&it)).collect()
}

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    let mut some = String::new();
    for (name, more) in names.iter().zip((0..names.len()).rev()) {
        some += name;
        match more {
            0 => {}
            _ if some.len() > NAMES => return format!("{some} and {more} more"),
            _ => some += ", ",
        }
    }
    some
}

/// The times of each program, by name.
fn measured(report: &Report) -> Vec<(String, Vec<f64>)> {
    let programs = report.comparisons.iter().flat_map(|it| &it.programs);
    let programs = programs.map(|it| (it.label.clone(), times(&it.runs)));
    let series = report.curves.iter().flat_map(|it| &it.series);
    let points = series.flat_map(|series| {
        let name = |count| format!("{} at {count}", series.program);
        let points = series.points.iter();
        points.map(move |it| (name(it.count), times(&it.runs)))
    });
    programs.chain(points).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Comparison, Program, Role};
    use crate::rows::tests::{machine, program};

    fn warnings(programs: Vec<Program>, others: f64) -> Vec<String> {
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
        let times = |index: u32| [1.0, 1.5 + f64::from(index) / 100.0, 2.0].repeat(2);
        let server = |index| {
            let name = format!("server {index}");
            program(Role::Contender, &name, 1.0, &times(index))
        };
        assert_eq!(
            warnings((0..15).map(server).collect(), 1.2),
            [
                "others kept 1.20 cores busy: repeat echo",
                "runs scatter by up to 33 %, more rounds help: server 0, server 1, server 2 and 12 more",
            ]
        );
        assert!(warnings(Vec::new(), 0.4).is_empty());
    }

    #[test]
    fn above_a_tenth_of_the_runs_it_is_several_speeds() {
        let runs = |odd: usize| {
            let mut times = vec![0.061; 30];
            times[..odd].fill(0.024);
            let program = program(Role::Contender, "mutex_std 2", 1.0, &times);
            warnings(vec![program], 0.0)
        };
        assert_eq!(runs(9), ["several speeds: mutex_std 2"]);
        // The median does not mind a few.
        assert!(runs(3).is_empty());
    }
}
