//! Figures in SVG, in both themes of a reader's system. No crate draws these.

mod bars;
mod curves;
mod kit;
mod timeline;

use std::slice;

use crate::data::{Curve, Report};

pub use bars::draw as bars;
pub use timeline::draw as timeline;

/// One curve.
pub fn curve(curve: &Curve) -> String {
    curves::draw(slice::from_ref(curve), &curve.name)
}

/// What a report has to show: the speed-ups, or the curves.
pub fn of_report(report: &Report) -> String {
    if report.comparisons.is_empty() && !report.curves.is_empty() {
        curves::draw(&report.curves, "How cost grows with work")
    } else {
        bars(report)
    }
}
