//! The speed-ups: a bar from "as fast" to what was measured, to the left where it was slower,
//! with its interval, before a pale one that ends where the limit is.

use super::kit::Svg;
use crate::data::{Comparison, Entry, Report};
use crate::judge::bound::{Verdict, verdict};
use crate::judge::speed_up::{Ratio, speed_up};
use crate::stats::Interval;

const WIDTH: f64 = 860.0;
const LABELS: f64 = 300.0;
const BARS: f64 = WIDTH - LABELS - 150.0;
const ROW: f64 = 34.0;
const TOP: f64 = 64.0;

struct Bar {
    name: String,
    programs: String,
    ratio: Ratio,
    /// How many times faster it would be at its limit.
    limit: Option<f64>,
}

/// Draws all comparisons of a report.
pub fn draw(report: &Report) -> String {
    let bars = report.comparisons.iter().flat_map(|comparison| {
        let pairs = comparison.pairs();
        pairs.map(move |(baseline, contender)| bar(report, comparison, baseline, contender))
    });
    let bars: Vec<Bar> = bars.collect();
    let ends = bars.iter().flat_map(|bar| {
        let Interval { low, high, .. } = bar.ratio.interval;
        [bar.ratio.median, low, high, bar.limit.unwrap_or(1.0)]
    });
    let (least, most) = ends.fold((1.0_f64, 2.0_f64), |(least, most), end| {
        (least.min(end), most.max(end))
    });
    // A logarithmic axis: twice as slow is as far to the left as twice as fast to the right.
    let scale = BARS / (most / least).ln();
    let x = |times: f64| LABELS + scale * (times.max(least) / least).ln();

    let mut svg = Svg::default();
    let title =
        "Times faster than the baseline, logarithmic (dashed: as fast; pale: up to the limit)";
    svg.text("title", 8.0, 22.0, title);
    svg.text("small", 8.0, 42.0, &report.machine.to_string());
    for (index, bar) in bars.iter().enumerate() {
        svg.origin(0.0, TOP + ROW * index as f64);
        svg.text("", 8.0, 8.0, &bar.name);
        svg.text("small", 8.0, 22.0, &bar.programs);
        let Ratio { median, interval } = bar.ratio;
        let one = x(1.0);
        if let Some(limit) = bar.limit.filter(|limit| *limit > 1.0) {
            svg.rect("pale", one, -2.0, x(limit) - one, 20.0);
        }
        let (from, to) = (one.min(x(median)), one.max(x(median)));
        svg.rect("s0", from, 2.0, to - from, 12.0);
        if interval.count > 1 {
            svg.line("whisker", (x(interval.low), 8.0), (x(interval.high), 8.0));
        }
        let end = [median, interval.high, bar.limit.unwrap_or(1.0)];
        let end = end.into_iter().map(x).fold(one, f64::max);
        let of = bar.limit.map(|limit| format!(" of {limit:.2}"));
        let label = format!("{median:.2}{}", of.unwrap_or_default());
        svg.text("", end + 8.0, 13.0, &label);
    }
    svg.origin(0.0, 0.0);
    let height = TOP + ROW * bars.len() as f64 + 16.0;
    svg.line("dash", (x(1.0), TOP - 6.0), (x(1.0), height - 14.0));
    svg.finish("How many times faster the contenders are", WIDTH, height)
}

fn bar(report: &Report, comparison: &Comparison, baseline: &Entry, contender: &Entry) -> Bar {
    let ratio = speed_up(baseline, contender);
    let limit = match verdict(comparison, baseline, contender, &report.machine) {
        Some(Verdict::Reached { part, .. }) => Some(ratio.median / part),
        _ => None,
    };
    Bar {
        name: comparison.name.clone(),
        programs: format!("{} → {}", baseline.label, contender.label),
        ratio,
        limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Cost, Machine, Role};

    fn report(times: &[(f64, f64)]) -> Report {
        let entry = |role, label: &str, wall| Entry {
            label: label.into(),
            role,
            runs: [wall, wall * 1.1]
                .map(|wall| Cost {
                    wall,
                    ..Cost::default()
                })
                .into(),
            ..Entry::default()
        };
        let machine = Machine {
            processor: "a <processor>".into(),
            ..Machine::default()
        };
        let mut report = Report::new(machine, None);
        report.comparisons = times
            .iter()
            .map(|&(slow, fast)| Comparison {
                name: "a & b".into(),
                programs: vec![
                    entry(Role::Baseline, "1.5", slow),
                    entry(Role::Contender, "1.6", fast),
                ],
                ..Comparison::default()
            })
            .collect();
        report
    }

    #[test]
    fn every_pair_has_a_bar_and_its_interval() {
        let svg = draw(&report(&[(2.0, 1.0), (3.0, 1.0)]));
        assert_eq!(svg.matches("class=\"s0\"").count(), 2);
        assert_eq!(svg.matches("class=\"whisker\"").count(), 2);
        assert!(svg.contains(">2.00</text>") && svg.contains("1.5 → 1.6"));
        assert!(svg.contains("a &amp; b") && svg.contains("a &lt;processor&gt;"));
    }

    #[test]
    fn what_is_slower_goes_to_the_left() {
        let svg = draw(&report(&[(1.0, 4.0)]));
        let rect = svg
            .lines()
            .find(|line| line.contains("class=\"s0\""))
            .unwrap();
        assert!(!rect.contains("width=\"0.0\""), "{rect}");
        assert!(rect.contains(&format!("x=\"{LABELS:.1}\"")), "{rect}");
    }
}
