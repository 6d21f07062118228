//! What was measured, for a terminal: a line for each program, and what disturbed it.

mod timeline;

use crate::data::{Cost, Curve, Point, Report, Series};
use crate::data::{cpu, memory, seconds};
use crate::rows::{self, Row};
use crate::text::{self, length, shorten, time, wrapped};
use crate::warnings;

pub use self::timeline::draw as timeline;

/// What stands between two columns.
const GAP: usize = 2;

/// A bar is no shorter than the first, nor longer than the second.
const BAR: (usize, usize) = (10, 30);

/// A longer name is shortened.
const NAME: usize = 26;

/// So many lines of what disturbed it are enough.
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
    let rows = rows::of(report);
    if !rows.is_empty() {
        text += &format!("\n{}", table(&rows, width, details));
    }
    for curve in &report.curves {
        text += &format!("\n{}", self::curve(curve, width, details));
    }
    if rows.iter().any(|row| row.rounds < ROUNDS) {
        let few = "Medians of fewer than six rounds: --details shows their range, not an interval.";
        text += &format!("\n{few}\n");
    }
    let warnings = warnings::of(report);
    let shown = match warnings.len() {
        all if details || all <= LINES => all,
        _ => LINES - 1,
    };
    if !warnings.is_empty() {
        text.push('\n');
    }
    for warning in &warnings[..shown] {
        text += &wrapped(&format!("! {warning}"), width, 0);
    }
    if shown < warnings.len() {
        text += &format!("! {} more: --details\n", warnings.len() - shown);
    }
    text
}

fn table(rows: &[Row], width: usize, details: bool) -> String {
    let longest = |of: &dyn Fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let name = longest(&|it| length(&it.name)).min(NAME) + GAP;
    let value = longest(&|it| length(&it.value));
    // Notes stand in a column after the relations that have one.
    let noted: Vec<&Row> = rows.iter().filter(|row| !row.note.is_empty()).collect();
    let relation = noted
        .iter()
        .map(|it| length(&it.relation) + GAP)
        .max()
        .unwrap_or(0);
    let compared = longest(&|it| length(&it.relation).max(relation + length(&it.note)));
    let rest = name + value + GAP + compared;
    // A group has a line of its own if its column takes too much.
    let group = longest(&|it| length(&it.group)) + GAP;
    let group = if group + rest > width { GAP } else { group };
    let bar = match width.saturating_sub(group + rest + GAP) {
        room if room < BAR.0 => 0,
        room => room.min(BAR.1),
    };
    let indent = group + GAP;
    let mut text = String::new();
    for rows in rows.chunk_by(|a, b| a.group == b.group) {
        let largest = rows.iter().map(|row| row.size).fold(0.0, f64::max);
        let mut title = rows[0].group.as_str();
        if group == GAP {
            text += &format!("{title}\n");
            title = "";
        }
        for row in rows {
            let filled = (row.size / largest * bar as f64).ceil() as usize;
            let bars = if bar == 0 { 0 } else { bar + GAP };
            let line = format!(
                "{title:group$}{:name$}{:>value$}{:GAP$}{:bars$}{:relation$}",
                shorten(&row.name, NAME),
                row.value,
                "",
                "█".repeat(filled),
                row.relation
            );
            // A note that does not fit beside it stands below.
            if length(&line) + length(&row.note) <= width {
                text += &format!("{}\n", format!("{line}{}", row.note).trim_end());
            } else {
                text += &format!("{}\n", line.trim_end());
                text += &wrapped(&row.note, width, indent);
            }
            if details {
                text += &wrapped(&row.details, width, indent);
            }
            title = "";
        }
    }
    text
}

/// A quantity of some runs, as it is shown.
type Shown = fn(&[Cost]) -> Option<String>;

/// A curve: a line for each program, a column for each count. If not all have room, the smallest
/// counts are left out, where nothing grows yet.
fn curve(curve: &Curve, width: usize, details: bool) -> String {
    let names = curve.series.iter().map(|series| length(&series.program));
    let name = names.max().unwrap_or(0).min(NAME) + GAP;
    let points = curve.series.iter().flat_map(|series| &series.points);
    let mut counts: Vec<usize> = points.map(|point| point.count).collect();
    counts.sort_unstable();
    counts.dedup();
    let room = (width.saturating_sub(name) / COLUMN).max(1);
    let counts = &counts[counts.len().saturating_sub(room)..];
    let quantities: [(&str, Shown); 3] = [
        ("", |runs| seconds(runs).map(time)),
        (", CPU time", |runs| cpu(runs).map(time)),
        (", peak memory", |runs| memory(runs).map(text::memory)),
    ];
    let quantities = &quantities[..if details { 3 } else { 1 }];
    let mut text = String::new();
    for (what, shown) in quantities {
        text += &format!("{}, {}{what}\n{:name$}", curve.name, curve.axis, "");
        text += &counts
            .iter()
            .map(|it| column(&text::thousands(*it)))
            .collect::<String>();
        text.push('\n');
        for series in &curve.series {
            let cells = counts.iter().map(|count| {
                let known = at(series, *count).and_then(|point| shown(&point.runs));
                column(&known.unwrap_or_default())
            });
            let program = shorten(&series.program, NAME);
            let line = format!("{program:name$}{}", cells.collect::<String>());
            text += &format!("{}\n", line.trim_end());
        }
    }
    text
}

fn column(text: &str) -> String {
    format!("{text:>COLUMN$}")
}

fn at(series: &Series, count: usize) -> Option<&Point> {
    series.points.iter().find(|point| point.count == count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Comparison;
    use crate::rows::tests::{machine, requests};

    fn answer(comparisons: Vec<Comparison>, width: usize, details: bool) -> String {
        let mut measured = Report::new(machine(), None);
        measured.comparisons = comparisons;
        report(&measured, width, details)
    }

    #[test]
    fn a_program_is_a_line_in_80_columns() {
        let text = answer(vec![requests()], 80, false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[2..7],
            [
                "100 requests",
                "  4.6 (sequential)   2.20 s",
                "  4.6               35.0 ms  62.9 × faster  of 100 possible, 0.20 cores busy",
                "  Python 4.6        51.0 ms  1.46 × slower than 4.6",
                "",
            ]
        );
        assert!(
            lines[7].starts_with("Medians of fewer than six rounds"),
            "{text}"
        );
    }

    #[test]
    fn there_are_bars_where_there_is_room() {
        let text = answer(vec![requests()], 120, false);
        let bars: Vec<usize> = text.lines().map(|line| line.matches('█').count()).collect();
        assert!(
            bars.contains(&1) && bars.iter().any(|bar| *bar >= BAR.0),
            "{text}"
        );
        assert!(text.lines().all(|line| length(line) <= 120), "{text}");
    }

    #[test]
    fn details_are_wrapped_at_words() {
        let text = answer(vec![requests()], 60, true);
        assert!(
            text.contains("(range of 3 rounds)") && text.contains("4.00 MiB"),
            "{text}"
        );
        let details = text.lines().filter(|line| line.starts_with("    "));
        assert!(details.clone().count() > 3 && details.clone().all(|it| length(it) <= 60));
    }
}
