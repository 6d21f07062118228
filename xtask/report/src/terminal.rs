//! What was measured, for a terminal: a line for each program, and what disturbed it.

mod timeline;

use crate::data::{Comparison, Curve, Report, memory, seconds};
use crate::rows::{of_comparison, of_curve};
use crate::text::{self, length, shorten, time, wrapped};
use crate::warnings;

pub use self::timeline::draw as timeline;

/// What stands between two columns, and before the programs.
const GAP: usize = 2;

/// A longer name is shortened.
const NAME: usize = 26;

/// This many lines of what disturbed it are enough.
const LINES: usize = 3;

/// A column of a curve: `1.05 s`, `63.1 ms`.
const COLUMN: usize = 9;

/// Fewer rounds have a range, and no interval.
const ROUNDS: usize = 6;

/// A report, in lines of at most `width` characters. With `details`, all that is known of each.
pub fn report(report: &Report, width: usize, details: bool) -> String {
    let mut text = format!("{}\n", report.machine);
    if let Some(site) = &report.site {
        text += &format!("the example site: {site}\n");
    }
    let programs = report.comparisons.iter().flat_map(|it| &it.programs);
    // One column of names for all.
    let names = programs.clone().map(|it| length(&it.label)).max();
    let names = names.unwrap_or(0).min(NAME) + GAP;
    for it in &report.comparisons {
        text += &format!(
            "\n{}\n{}",
            it.name,
            comparison(report, it, names, width, details)
        );
    }
    for it in &report.curves {
        text += &format!("\n{}", curve(it, width));
    }
    let points = report.curves.iter().flat_map(|it| &it.series);
    let points = points.flat_map(|it| &it.points).map(|it| &it.runs);
    let mut all = programs.map(|it| &it.runs).chain(points);
    if all.any(|runs| runs.len() < ROUNDS) {
        let few = "Medians of fewer than six rounds: --details shows their range, not an interval.";
        text += &format!("\n{few}\n");
    }
    text + &disturbed(&warnings::of(report), width, details)
}

fn comparison(
    report: &Report,
    comparison: &Comparison,
    names: usize,
    width: usize,
    details: bool,
) -> String {
    let mut text = String::new();
    for row in of_comparison(comparison, &report.machine) {
        let name = shorten(&row.name, NAME);
        let line = format!("{:GAP$}{name:names$}{:>7}", "", row.value);
        // What does not fit beside it stands below.
        if length(&line) + GAP + length(&row.compared) <= width {
            let line = format!("{line}{:GAP$}{}", "", row.compared);
            text += &format!("{}\n", line.trim_end());
        } else {
            text += &format!("{line}\n{}", wrapped(&row.compared, width, 2 * GAP));
        }
        if details {
            text += &wrapped(&row.details, width, 2 * GAP);
        }
    }
    text
}

/// A curve: a line for each program, a column for each count, first the times and then the memory.
/// If not all have room, the smallest counts are left out, where nothing grows yet.
fn curve(curve: &Curve, width: usize) -> String {
    let names = curve.series.iter().map(|series| length(&series.program));
    let names = names.max().unwrap_or(0).max(length(&curve.axis)).min(NAME) + GAP;
    let room = (width.saturating_sub(names) / COLUMN).max(1);
    let line = |cells: &[String]| {
        let name = shorten(&cells[0], NAME);
        let first = 1.max(cells.len().saturating_sub(room));
        let cells = cells[first..].iter().map(|it| format!("{it:>COLUMN$}"));
        let line = format!("{name:names$}{}", cells.collect::<String>());
        format!("{}\n", line.trim_end())
    };
    let (headings, times) = of_curve(curve, |runs| seconds(runs).map(time));
    let (_, memories) = of_curve(curve, |runs| memory(runs).map(text::memory));
    let mut text = format!("{}\n{}", curve.name, line(&headings));
    text.extend(times.iter().map(|it| line(it)));
    text += "their peak memory\n";
    text.extend(memories.iter().map(|it| line(it)));
    text
}

/// What disturbed it: no more than three lines, but for `all`.
fn disturbed(warnings: &[String], width: usize, all: bool) -> String {
    let shown = match warnings.len() {
        few if all || few <= LINES => few,
        _ => LINES - 1,
    };
    let lines = warnings[..shown].iter();
    let mut text: String = lines
        .map(|it| wrapped(&format!("! {it}"), width, 0))
        .collect();
    if shown < warnings.len() {
        text += &format!("! {} more: --details\n", warnings.len() - shown);
    }
    if text.is_empty() {
        text
    } else {
        format!("\n{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::{growth, machine, requests};

    fn answer(width: usize, details: bool) -> String {
        let mut measured = Report::new(machine(), None);
        measured.comparisons = vec![requests()];
        measured.curves = vec![growth()];
        for reason in ["a", "b", "c", "d"] {
            measured.left_out.insert(reason.into(), vec!["it".into()]);
        }
        report(&measured, width, details)
    }

    #[test]
    fn a_program_is_a_line_in_80_columns_and_three_lines_say_what_disturbed_it() {
        let text = answer(80, false);
        let (_, text) = text.split_once("\n\n").unwrap();
        assert_eq!(
            text,
            "1,000 requests
  4.6 (sequential)   2.20 s
  4.6               35.0 ms  62.9 × faster, 100 possible, 0.20 cores busy
  Python 4.6        51.0 ms  1.46 × slower than 4.6

growth
tasks          1       10      100
a         100 ms   1.00 s   10.0 s
b         100 ms   1.00 s
their peak memory
a       4.00 MiB 4.00 MiB 4.00 MiB
b       4.00 MiB 4.00 MiB

Medians of fewer than six rounds: --details shows their range, not an interval.

! a: without it
! b: without it
! 2 more: --details
"
        );
    }

    #[test]
    fn details_are_wrapped_at_words() {
        let text = answer(60, true);
        assert!(
            text.contains("(range of 3 rounds)") && text.contains("! d: "),
            "{text}"
        );
        let details = text.lines().filter(|line| line.starts_with("    "));
        assert!(details.clone().count() > 3 && details.clone().all(|it| length(it) <= 60));
        // The smallest count has no room.
        assert!(answer(25, false).contains("\ntasks         10      100\n"));
    }
}
