//! A curve as a figure: time, CPU time and memory against the count, all axes logarithmic.

use super::kit::{Svg, series};
use crate::data::{Cost, Curve, cpu, mebibytes, seconds, times};
use crate::stats::Interval;

const WIDTH: f64 = 860.0;
const PANEL: f64 = 270.0;
const NEXT: f64 = PANEL + 18.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 56.0;
const PLOT_HEIGHT: f64 = 190.0;
const BOTTOM: f64 = 40.0;
const LEGEND_ROW: f64 = 20.0;

/// A quantity of some runs.
type Part = fn(&[Cost]) -> Option<f64>;

const PANELS: [(&str, Part); 3] = [
    ("seconds", seconds),
    ("CPU seconds", cpu),
    ("peak MiB", mebibytes),
];

/// Draws curves, one below the other.
pub fn draw(curves: &[Curve], title: &str) -> String {
    let mut svg = Svg::default();
    let mut y = 0.0;
    for curve in curves {
        add(&mut svg, curve, y);
        y += height(curve);
    }
    svg.finish(title, WIDTH, y)
}

fn height(curve: &Curve) -> f64 {
    TOP + PLOT_HEIGHT + BOTTOM + LEGEND_ROW * curve.series.len().div_ceil(3) as f64
}

fn add(svg: &mut Svg, curve: &Curve, y: f64) {
    svg.origin(0.0, y);
    svg.text("title", 8.0, 20.0, &curve.name);
    for (index, it) in curve.series.iter().enumerate() {
        let (column, row) = ((index % 3) as f64, (index / 3) as f64);
        let x = LEFT + column * NEXT;
        let below = TOP + PLOT_HEIGHT + BOTTOM + row * LEGEND_ROW;
        svg.rect(&series(index), x, below - 6.0, 14.0, 4.0);
        svg.text("", x + 20.0, below, &it.program);
    }
    for (index, (label, part)) in PANELS.iter().enumerate() {
        svg.origin(index as f64 * NEXT, y);
        panel(svg, curve, label, *part);
    }
}

/// A logarithmic axis from one power of ten to another.
struct Axis {
    low: f64,
    high: f64,
    length: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, length: f64) -> Self {
        let values = values.filter(|value| *value > 0.0 && value.is_finite());
        let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let nothing = low > high;
        let (low, high) = if nothing { (1.0, 10.0) } else { (low, high) };
        let low = low.log10().floor();
        let high = high.log10().ceil().max(low + 1.0);
        Self { low, high, length }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value.log10() - self.low) / (self.high - self.low);
        part.clamp(0.0, 1.0) * self.length
    }

    fn powers(&self) -> impl Iterator<Item = i32> {
        self.low as i32..=self.high as i32
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
        let height = y(10f64.powi(power));
        svg.line("grid", (LEFT, height), (PANEL, height));
        let number = power_of_ten(power);
        svg.anchored("small", "end", LEFT - 5.0, height + 3.5, &number);
    }
    for power in across.powers() {
        let place = x(10f64.powi(power));
        svg.line("grid", (place, TOP), (place, bottom));
        let number = power_of_ten(power);
        svg.anchored("small", "middle", place, bottom + 13.0, &number);
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
        for point in it.points.iter().filter(|_| label == "seconds") {
            let Interval { low, high, .. } = Interval::of(&times(&point.runs));
            let at = x(point.count as f64);
            svg.line(&series(index), (at, y(low)), (at, y(high)));
        }
    }
}

/// A label that is short however large the number is.
fn power_of_ten(power: i32) -> String {
    match power {
        -3..0 => format!("{:.*}", power.unsigned_abs() as usize, 10f64.powi(power)),
        0..4 => format!("{}", 10f64.powi(power)),
        4..6 => format!("{}k", 10f64.powi(power - 3)),
        6..9 => format!("{}M", 10f64.powi(power - 6)),
        _ => format!("1e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Point, Series};

    fn curve(ideal: Option<f64>) -> Curve {
        let point = |(count, wall)| Point {
            count,
            runs: vec![Cost {
                wall,
                cpu: Some(0.0),
                peak_memory: Some(1024 * 1024),
                ..Cost::default()
            }],
        };
        Curve {
            name: "a & b".into(),
            axis: "tasks".into(),
            ideal,
            series: vec![Series {
                program: "sleep <tasks>".into(),
                points: [(1, 2.0), (1000, 2.0), (1_000_000, 20.0)].map(point).into(),
            }],
            ..Curve::default()
        }
    }

    #[test]
    fn each_point_is_drawn_where_its_quantity_is_known() {
        let svg = draw(&[curve(Some(2.0))], "curves");
        // Three times and three memories; no CPU time, which has no logarithm.
        assert_eq!(svg.matches("<circle").count(), 6);
        assert_eq!(svg.matches("class=\"dash\"").count(), 1);
        assert!(svg.contains("a &amp; b") && svg.contains("sleep &lt;tasks&gt;"));
        assert!(!draw(&[curve(None)], "curves").contains("class=\"dash\""));
    }

    #[test]
    fn an_axis_spans_whole_powers_of_ten() {
        let axis = Axis::over([2.0, 20.0, 0.0, f64::NAN].into_iter(), 100.0);
        assert_eq!((axis.low, axis.high), (0.0, 2.0));
        assert_eq!(axis.at(10.0), 50.0);
        let nothing = Axis::over([0.0].into_iter(), 100.0);
        assert_eq!((nothing.low, nothing.high), (0.0, 1.0));
        let one = Axis::over([10.0].into_iter(), 100.0);
        assert_eq!((one.low, one.high), (1.0, 2.0));
    }

    #[test]
    fn labels_are_short() {
        let labels: Vec<_> = [-4, -3, 0, 3, 4, 6, 9]
            .into_iter()
            .map(power_of_ten)
            .collect();
        assert_eq!(labels, ["1e-4", "0.001", "1", "1000", "10k", "1M", "1e9"]);
    }
}
