//! What was measured as short rows, which the terminal, the pages and the figures show.

use crate::data::{Comparison, Cost, Curve, Machine, Program, Role};
use crate::data::{cores_busy, cpu, memory, seconds};
use crate::possible::{Ratio, speed_up};
use crate::stats::Interval;
use crate::text::{self, count, digits, thousands, time};

/// A contender below this part of what is possible is slower than it could be.
const REACHED: f64 = 0.9;

/// A program that takes longer than this many start-ups is not timed by its start.
const START_UPS: f64 = 10.0;

/// One program.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is called.
    pub name: String,
    /// How long it takes.
    pub value: String,
    /// How many times faster it is than another one, what is possible, and what keeps it from that.
    pub compared: String,
    /// All else that is known.
    pub details: String,
    /// The value in seconds, for a bar.
    pub seconds: f64,
}

impl Row {
    /// All of it in a sentence.
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.name, self.result())
    }

    /// All but its name.
    pub fn result(&self) -> String {
        let result = format!("{}, {}", self.value, self.compared);
        result.trim_end_matches(", ").to_owned()
    }
}

/// The programs of a comparison.
pub fn of_comparison(comparison: &Comparison, machine: &Machine) -> Vec<Row> {
    let rows = comparison.programs.iter().map(|program| {
        let seconds = seconds(&program.runs).unwrap_or(f64::NAN);
        let (ratio, relation) = related(comparison, program).unzip();
        let mut compared = vec![relation.unwrap_or_default()];
        compared.extend(limits(comparison, program, ratio.as_ref(), machine));
        compared.extend(start_up(program, machine).map(|it| format!("{it:.0} % of it start-up")));
        compared.retain(|part| !part.is_empty());
        Row {
            name: program.label.clone(),
            value: time(seconds),
            compared: compared.join(", "),
            details: details(comparison, program, ratio.as_ref()),
            seconds,
        }
    });
    rows.collect()
}

/// A contender beside the baseline, or a program in another language beside the first that does
/// the same work.
fn related(comparison: &Comparison, program: &Program) -> Option<(Ratio, String)> {
    match program.role {
        Role::Baseline => None,
        Role::Contender => {
            let ratio = speed_up(comparison.baseline()?, program);
            let relation = relation(&ratio, ["faster", "slower"]);
            Some((ratio, relation))
        }
        Role::Peer | Role::Book => {
            let mut programs = comparison.programs.iter();
            let ours = programs.find(|it| program.beside.contains(&it.program))?;
            let ratio = speed_up(program, ours);
            let than = if ratio.is_even() { "as" } else { "than" };
            let relation = relation(&ratio, ["slower", "faster"]);
            Some((ratio, format!("{relation} {than} {}", ours.label)))
        }
    }
}

/// What it is if the ratio is above one, and if it is below.
fn relation(ratio: &Ratio, [above, below]: [&str; 2]) -> String {
    match ratio.median {
        _ if ratio.is_even() => "as fast".to_owned(),
        times @ 1.0.. => format!("{} × {above}", digits(times)),
        times => format!("{} × {below}", digits(1.0 / times)),
    }
}

/// What is possible for a contender and, where it stays below that, what it used.
fn limits(
    comparison: &Comparison,
    program: &Program,
    ratio: Option<&Ratio>,
    machine: &Machine,
) -> Vec<String> {
    let possible = comparison.possible(program, machine.cores);
    let (Role::Contender, Some(possible)) = (program.role, possible) else {
        return Vec::new();
    };
    let below = ratio.is_some_and(|ratio| ratio.median < REACHED * possible);
    let busy = cores_busy(&program.runs).filter(|_| below);
    let busy = busy.map(|busy| format!("{} cores busy", digits(busy)));
    let possible = format!("{} possible", count(possible));
    std::iter::once(possible).chain(busy).collect()
}

/// The percentage of a short program's time that is the start of its process.
fn start_up(program: &Program, machine: &Machine) -> Option<f64> {
    let ours = matches!(program.role, Role::Baseline | Role::Contender);
    let (start_up, time) = (machine.start_up?, seconds(&program.runs)?);
    let short = time < START_UPS * start_up;
    (ours && short && !program.has_part()).then(|| 100.0 * (start_up / time).min(1.0))
}

fn details(comparison: &Comparison, program: &Program, ratio: Option<&Ratio>) -> String {
    // Of several processes only the largest one's is known.
    let peak = memory(&program.runs).filter(|_| !comparison.processes);
    let times = ratio.map(|it| it.interval);
    let parts = [
        Some(range(&Interval::of(&program.times()))),
        times.map(|it| format!("{} to {} ×", digits(it.low), digits(it.high))),
        cpu(&program.runs).map(|it| format!("{} of CPU", time(it))),
        cores_busy(&program.runs).map(|it| format!("{} cores busy", digits(it))),
        peak.map(text::memory),
        program.book.map(|it| format!("the book: {}", time(it))),
    ];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    known.join("; ")
}

fn range(interval: &Interval) -> String {
    let (low, high) = (time(interval.low), time(interval.high));
    let kind = if interval.exact {
        "95 % interval"
    } else {
        "range"
    };
    format!("{low} to {high} ({kind} of {} rounds)", interval.count)
}

/// A curve: the counts, and for each program what `shown` says of its runs at each of them.
pub fn of_curve(
    curve: &Curve,
    shown: impl Fn(&[Cost]) -> Option<String>,
) -> (Vec<String>, Vec<Vec<String>>) {
    let points = curve.series.iter().flat_map(|series| &series.points);
    let mut counts: Vec<usize> = points.map(|point| point.count).collect();
    counts.sort_unstable();
    counts.dedup();
    let rows = curve.series.iter().map(|series| {
        let cells = counts.iter().map(|count| {
            let point = series.points.iter().find(|point| point.count == *count);
            point.and_then(|it| shown(&it.runs)).unwrap_or_default()
        });
        std::iter::once(series.program.clone())
            .chain(cells)
            .collect()
    });
    let rows = rows.collect();
    let headings = counts.into_iter().map(thousands);
    let headings = std::iter::once(curve.axis.clone()).chain(headings);
    (headings.collect(), rows)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::data::{Point, Series, Work, WorkKind};

    /// A program that took these seconds, and this part of a core.
    pub fn program(role: Role, label: &str, busy: f64, times: &[f64]) -> Program {
        let runs = times.iter().map(|&wall| Cost {
            wall,
            cpu: Some(wall * busy),
            peak_memory: Some(4 * 1024 * 1024),
            ..Cost::default()
        });
        Program {
            program: label.replace(' ', "_"),
            label: label.to_owned(),
            role,
            runs: runs.collect(),
            ..Program::default()
        }
    }

    /// A hundred requests, one by one and together, and the book's program.
    pub fn requests() -> Comparison {
        let mut book = program(Role::Book, "Python 4.6", 0.9, &[0.051, 0.052, 0.050]);
        book.beside = vec!["4.6".to_owned()];
        Comparison {
            chapter: "ch04-web".into(),
            name: "1,000 requests".into(),
            lesson: Some("They wait together.".into()),
            work: Some(Work {
                kind: WorkKind::Wait,
                overlap: 100.0,
            }),
            programs: vec![
                program(Role::Baseline, "4.6 (sequential)", 0.01, &[2.2, 2.21, 2.2]),
                program(Role::Contender, "4.6", 0.2, &[0.035, 0.034, 0.036]),
                book,
            ],
            ..Comparison::default()
        }
    }

    /// Two programs at one, ten and a hundred.
    pub fn growth() -> Curve {
        let series = |program: &str, counts: &[usize]| Series {
            program: program.into(),
            points: Vec::from_iter(counts.iter().map(|&count| Point {
                count,
                runs: program_runs(count as f64 / 10.0),
            })),
        };
        Curve {
            name: "growth".into(),
            lesson: Some("It grows.".into()),
            axis: "tasks".into(),
            series: vec![series("a", &[1, 10, 100]), series("b", &[10, 1])],
        }
    }

    fn program_runs(seconds: f64) -> Vec<Cost> {
        program(Role::Contender, "", 1.0, &[seconds; 6]).runs
    }

    /// Two cores, and a start-up of 840 µs.
    pub fn machine() -> Machine {
        Machine {
            cores: 2,
            start_up: Some(0.000_84),
            ..Machine::default()
        }
    }

    #[test]
    fn a_row_says_what_is_possible_and_what_keeps_it_from_that() {
        let rows = of_comparison(&requests(), &machine());
        let sentences: Vec<_> = rows.iter().map(Row::sentence).collect();
        let expected = [
            "4.6 (sequential): 2.20 s",
            "4.6: 35.0 ms, 62.9 × faster, 100 possible, 0.20 cores busy",
            "Python 4.6: 51.0 ms, 1.46 × slower than 4.6",
        ];
        assert_eq!(sentences, expected);
        let details = "34.0 ms to 36.0 ms (range of 3 rounds); 61.1 to 65.0 ×; 7.00 ms of CPU; \
                       0.20 cores busy; 4.00 MiB";
        assert_eq!(rows[1].details, details);
    }

    #[test]
    fn a_row_under_ten_start_ups_says_what_share_they_are() {
        let mut comparison = requests();
        comparison.work = None;
        comparison.programs[1] = program(Role::Contender, "merged", 1.0, &[0.0025; 3]);
        let compared = |it: &Comparison| of_comparison(it, &machine())[1].compared.clone();
        assert_eq!(compared(&comparison), "880 × faster, 34 % of it start-up");
        // One that tells the time of its work is not timed by its start.
        for run in &mut comparison.programs[1].runs {
            run.part = Some(0.0016);
        }
        assert!(!compared(&comparison).contains("start-up"));
    }
}
