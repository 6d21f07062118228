//! What was measured as short rows, which the terminal, the pages and the figures show.

use std::collections::BTreeSet;

use crate::data::{Comparison, Cost, Curve, Machine, Program, Role};
use crate::data::{cores_busy, memory, seconds, times};
use crate::possible::speed_up;
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

/// The programs of a comparison. A contender's row says what is possible and, where it stays below
/// that, what it used.
pub fn of_comparison(comparison: &Comparison, machine: &Machine) -> Vec<Row> {
    let rows = comparison.programs.iter().map(|program| {
        let seconds = seconds(&program.runs).unwrap_or(f64::NAN);
        let (ratio, relation) = related(comparison, program).unzip();
        let possible = comparison.possible(program, machine.cores).map(|possible| {
            let below = ratio.is_some_and(|ratio| ratio.median < REACHED * possible);
            let busy = cores_busy(&program.runs).filter(|_| below);
            let busy = busy.map(|busy| format!(", {} cores busy", digits(busy)));
            format!("{} possible{}", count(possible), busy.unwrap_or_default())
        });
        let compared = [relation, possible, start_up(program, machine)];
        Row {
            name: program.label.clone(),
            value: time(seconds),
            compared: Vec::from_iter(compared.into_iter().flatten()).join(", "),
            details: details(comparison, program, ratio),
            seconds,
        }
    });
    rows.collect()
}

/// A contender beside the baseline, or a program in another language beside the first that does
/// the same work.
fn related(comparison: &Comparison, program: &Program) -> Option<(Interval, String)> {
    let mut programs = comparison.programs.iter();
    let other = match program.role {
        Role::Baseline => return None,
        Role::Contender => comparison.baseline()?,
        Role::Peer | Role::Book => programs.find(|it| program.beside.contains(&it.program))?,
    };
    let ratio = speed_up(other, program);
    let (relation, than) = match ratio.median {
        _ if ratio.is_one() => ("as fast".to_owned(), "as"),
        times @ 1.0.. => (format!("{} × faster", digits(times)), "than"),
        times => (format!("{} × slower", digits(1.0 / times)), "than"),
    };
    let relation = match program.role {
        Role::Contender => relation,
        _ => format!("{relation} {than} {}", other.label),
    };
    Some((ratio, relation))
}

/// What part of a short program's time is the start of its process.
fn start_up(program: &Program, machine: &Machine) -> Option<String> {
    let ours = matches!(program.role, Role::Baseline | Role::Contender);
    let part = machine.start_up? / seconds(&program.runs)?;
    let counts = ours && !program.has_part() && part > 1.0 / START_UPS;
    counts.then(|| format!("{:.0} % of it start-up", 100.0 * part.min(1.0)))
}

fn details(comparison: &Comparison, program: &Program, ratio: Option<Interval>) -> String {
    // Of several processes only the largest one's is known.
    let peak = memory(&program.runs).filter(|_| !comparison.processes);
    let it = Interval::of(&times(&program.runs));
    let (low, high, count) = (time(it.low), time(it.high), it.count);
    let kind = if it.exact { "95 % interval" } else { "range" };
    let parts = [
        Some(format!("{low} to {high} ({kind} of {count} rounds)")),
        ratio.map(|it| format!("{} to {} ×", digits(it.low), digits(it.high))),
        cores_busy(&program.runs).map(|it| format!("{} cores busy", digits(it))),
        peak.map(text::memory),
        program.book.map(|it| format!("the book: {}", time(it))),
    ];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    known.join("; ")
}

/// A curve: the counts, and for each program what `shown` says of its runs at each of them.
pub fn of_curve(
    curve: &Curve,
    shown: impl Fn(&[Cost]) -> Option<String>,
) -> (Vec<String>, Vec<Vec<String>>) {
    let points = curve.series.iter().flat_map(|series| &series.points);
    let counts: BTreeSet<usize> = points.map(|point| point.count).collect();
    let rows = curve.series.iter().map(|series| {
        let cell = |count| {
            let point = series.points.iter().find(|point| point.count == count);
            point.and_then(|it| shown(&it.runs)).unwrap_or_default()
        };
        let mut row = vec![series.program.clone()];
        row.extend(counts.iter().copied().map(cell));
        row
    });
    let rows = rows.collect();
    let mut headings = vec![curve.axis.clone()];
    headings.extend(counts.into_iter().map(thousands));
    (headings, rows)
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
        let point = |&count: &usize| Point {
            count,
            runs: program(Role::Contender, "", 1.0, &[count as f64 / 10.0; 6]).runs,
        };
        let series = |program: &str, counts: &[usize]| Series {
            program: program.into(),
            points: counts.iter().map(point).collect(),
        };
        Curve {
            name: "growth".into(),
            axis: "tasks".into(),
            series: vec![series("a", &[1, 10, 100]), series("b", &[10, 1])],
            ..Curve::default()
        }
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
