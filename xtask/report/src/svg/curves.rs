//! A curve: time and peak memory against the count, all axes logarithmic.

use super::kit::{Svg, series};
use crate::data::{Cost, Curve, memory, seconds};

const WIDTH: f64 = 760.0;
const PANEL: f64 = 365.0;
const NEXT: f64 = PANEL + 20.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 28.0;
const PLOT_HEIGHT: f64 = 190.0;
const BOTTOM: f64 = 46.0;
const LEGEND_ROW: f64 = 20.0;
const LEGEND_COLUMNS: usize = 3;

/// A quantity of some runs.
type Part = fn(&[Cost]) -> Option<f64>;

const PANELS: [(&str, Part); 2] = [("seconds", seconds), ("peak memory in MiB", mebibytes)];

fn mebibytes(runs: &[Cost]) -> Option<f64> {
    Some(memory(runs)? / 1024.0 / 1024.0)
}

/// Draws a curve.
pub fn draw(curve: &Curve) -> String {
    let mut svg = Svg::default();
    let below = TOP + PLOT_HEIGHT + BOTTOM;
    for (index, it) in curve.series.iter().enumerate() {
        let (column, row) = (index % LEGEND_COLUMNS, index / LEGEND_COLUMNS);
        let x = LEFT + column as f64 * (WIDTH - LEFT) / LEGEND_COLUMNS as f64;
        let y = below + row as f64 * LEGEND_ROW;
        svg.rect(&series(index), x, y - 6.0, 14.0, 4.0);
        svg.text("", x + 20.0, y, &it.program);
    }
    for (index, (label, part)) in PANELS.iter().enumerate() {
        svg.origin(index as f64 * NEXT, 0.0);
        panel(&mut svg, curve, label, *part);
    }
    let rows = curve.series.len().div_ceil(LEGEND_COLUMNS);
    svg.finish(&curve.name, WIDTH, below + LEGEND_ROW * rows as f64)
}

/// A logarithmic axis from one power of ten to another.
struct Axis {
    low: f64,
    high: f64,
    length: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, length: f64) -> Self {
        let values = values.filter(|value| *value > 0.0).map(f64::log10);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| {
            (low.min(it.floor()), high.max(it.ceil()))
        });
        let (low, high) = if low > high {
            (0.0, 1.0)
        } else {
            (low, high.max(low + 1.0))
        };
        Self { low, high, length }
    }

    fn at(&self, value: f64) -> f64 {
        (value.log10() - self.low) / (self.high - self.low) * self.length
    }

    fn powers(&self) -> impl Iterator<Item = f64> {
        (self.low as i32..=self.high as i32).map(|power| 10f64.powi(power))
    }
}

fn panel(svg: &mut Svg, curve: &Curve, label: &str, part: Part) {
    let points = || curve.series.iter().flat_map(|series| &series.points);
    let across = Axis::over(points().map(|point| point.count as f64), PANEL - LEFT);
    let up = Axis::over(points().filter_map(|point| part(&point.runs)), PLOT_HEIGHT);
    let bottom = TOP + PLOT_HEIGHT;
    let x = |count: f64| LEFT + across.at(count);
    let y = |value: f64| bottom - up.at(value);

    svg.text("", LEFT, TOP - 12.0, label);
    for power in up.powers() {
        svg.line("grid", (LEFT, y(power)), (PANEL, y(power)));
        svg.anchored("small", "end", LEFT - 5.0, y(power) + 3.5, &short(power));
    }
    for power in across.powers() {
        svg.line("grid", (x(power), TOP), (x(power), bottom));
        svg.anchored("small", "middle", x(power), bottom + 13.0, &short(power));
    }
    svg.anchored("small", "end", PANEL, bottom + 27.0, &curve.axis);
    if let (Some(ideal), "seconds") = (curve.ideal, label) {
        svg.line("dash", (LEFT, y(ideal)), (PANEL, y(ideal)));
    }
    for (index, it) in curve.series.iter().enumerate() {
        let known = it.points.iter().filter_map(|point| {
            let value = part(&point.runs).filter(|value| *value > 0.0)?;
            Some((x(point.count as f64), y(value)))
        });
        svg.dotted_line(&series(index), &known.collect::<Vec<_>>());
    }
}

/// A label that is short however large the number is.
fn short(number: f64) -> String {
    match number {
        1e6.. => format!("{:.0}M", number / 1e6),
        1e4.. => format!("{:.0}k", number / 1e3),
        _ => format!("{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Point, Series};

    #[test]
    fn each_point_is_drawn_where_its_quantity_is_known() {
        let point = |(count, wall)| Point {
            count,
            runs: vec![Cost {
                wall,
                peak_memory: (count > 1).then_some(1024 * 1024),
                ..Cost::default()
            }],
        };
        let curve = Curve {
            name: "a & b".into(),
            axis: "tasks".into(),
            ideal: Some(2.0),
            series: vec![Series {
                program: "sleep <tasks>".into(),
                points: [(1, 2.0), (1000, 2.0), (1_000_000, 20.0)].map(point).into(),
            }],
            ..Curve::default()
        };
        let svg = draw(&curve);
        // Three times and two memories.
        assert_eq!(svg.matches("<circle").count(), 5);
        assert_eq!(svg.matches("class=\"dash\"").count(), 1);
        assert!(svg.contains("a &amp; b") && svg.contains("sleep &lt;tasks&gt;"));
        assert!(svg.contains(">1M<") && svg.contains(">10k<"), "{svg}");
    }

    #[test]
    fn an_axis_spans_whole_powers_of_ten() {
        let axis = Axis::over([2.0, 20.0, 0.0, f64::NAN].into_iter(), 100.0);
        assert_eq!((axis.low, axis.high), (0.0, 2.0));
        assert_eq!(axis.at(10.0), 50.0);
        let nothing = Axis::over([0.0].into_iter(), 100.0);
        assert_eq!((nothing.low, nothing.high), (0.0, 1.0));
    }
}
