//! Figures in SVG, in both themes of a reader's system. No crate draws these.

mod bars;
mod curves;
mod kit;
mod timeline;

use crate::data::report::Report;

pub use bars::draw as bars;
pub use curves::draw as curve;
pub use timeline::draw as timeline;

/// What a report has to show: the speed-ups, or the curves.
pub fn of_report(report: &Report) -> String {
    if report.comparisons.is_empty() && !report.curves.is_empty() {
        curves::draw_all(&report.curves)
    } else {
        bars(report)
    }
}
