//! What was measured, for a terminal: a line for each program, and what disturbed it.

mod timeline;

use crate::data::{Curve, Report, memory, seconds};
use crate::rows::{Row, of_comparison, of_curve};
use crate::text::{self, length, shorten, time};
use crate::warnings;

pub use self::timeline::draw as timeline;

/// How far what is known of a program stands to the right of its name.
const INDENT: usize = 4;

/// A longer name is shortened.
const NAME: usize = 26;

/// This many lines of what disturbed it are enough; one more says how many there are.
const LINES: usize = 2;

/// A column of a curve: `1.05 s`, `63.1 ms`.
const COLUMN: usize = 9;

/// A report, in lines of at most `width` characters. With `details`, all that is known of each.
pub fn report(report: &Report, width: usize, details: bool) -> String {
    let mut text = format!("{}\n", report.machine);
    if let Some(site) = &report.site {
        text += &format!("the example site: {site}\n");
    }
    let programs = report.comparisons.iter().flat_map(|it| &it.programs);
    // One column of names for all.
    let names = programs.map(|it| length(&it.label)).max();
    let names = names.unwrap_or(0).min(NAME);
    for comparison in &report.comparisons {
        text += &format!("\n{}\n", comparison.name);
        for row in of_comparison(comparison, &report.machine) {
            text += &lines(&row, names, width);
            for part in row.details.split("; ").filter(|_| details) {
                text += &format!("{:INDENT$}{part}\n", "");
            }
        }
    }
    for it in &report.curves {
        text += &curve(it, width);
    }
    let warnings = warnings::of(report);
    let shown = if details { warnings.len() } else { LINES };
    let blank = if warnings.is_empty() { "" } else { "\n" };
    text += blank;
    for warning in warnings.iter().take(shown) {
        let line = format!("! {warning}");
        let line = if details { line } else { shorten(&line, width) };
        text += &(line + "\n");
    }
    match warnings.len().saturating_sub(shown) {
        0 => text,
        more => format!("{text}! {more} more: --details\n"),
    }
}

/// A program, in one line if that has room.
fn lines(row: &Row, names: usize, width: usize) -> String {
    let name = shorten(&row.name, NAME);
    let line = format!("  {name:names$}  {:>7}", row.value);
    let whole = format!("{line}  {}", row.compared);
    if length(&whole) <= width {
        format!("{}\n", whole.trim_end())
    } else {
        format!("{line}\n{:INDENT$}{}\n", "", row.compared)
    }
}

/// A curve: a line for each program, a column for each count, first the times and then the memory.
/// If not all have room, the smallest counts are left out, where nothing grows yet.
fn curve(curve: &Curve, width: usize) -> String {
    let names = curve.series.iter().map(|series| length(&series.program));
    let names = names.max().unwrap_or(0).max(length(&curve.axis)).min(NAME) + 2;
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
    let mut text = format!("\n{}\n{}", curve.name, line(&headings));
    text.extend(times.iter().map(|it| line(it)));
    text += "their peak memory\n";
    text.extend(memories.iter().map(|it| line(it)));
    text
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

! fewer than six rounds, so no intervals: 4.6 (sequential), 4.6 and 1 more
! a: without it
! 3 more: --details
"
        );
    }

    #[test]
    fn details_are_a_line_each_and_a_narrow_terminal_has_the_large_counts() {
        let text = answer(50, true);
        for part in ["\n    62.9 × faster, ", " (range of 3 rounds)\n", "\n! d: "] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(answer(25, false).contains("\ntasks         10      100\n"));
    }
}
