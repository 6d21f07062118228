//! What was measured of a listing.

use maud::{Markup, PreEscaped, html};
use xtask_report::Report;
use xtask_report::data::{Curve, seconds};
use xtask_report::rows::of_curve;
use xtask_report::svg;
use xtask_report::text::time;

use crate::group::Group;
use crate::html::{inline, scrolls};

/// The comparisons and curves in which a program of `group` took part, if there are any.
pub fn measured(report: &Report, group: &Group) -> Option<Markup> {
    // A program has its arguments after its name.
    let is_ours = |name: &str| name.split(' ').next().is_some_and(|it| group.is_called(it));
    let comparisons = report.comparisons.iter().filter_map(|it| {
        let mut programs = it.programs.iter();
        let drawn = || figure(&it.name, svg::comparison(it, &report.machine));
        let found = programs.any(|program| is_ours(&program.program));
        found.then(|| (&it.name, &it.lesson, drawn()))
    });
    let curves = report.curves.iter().filter_map(|it| {
        let found = it.series.iter().any(|series| is_ours(&series.program));
        found.then(|| (&it.name, &it.lesson, medians(it)))
    });
    let parts: Vec<_> = comparisons.chain(curves).collect();
    (!parts.is_empty()).then(|| {
        html! {
            @for (name, lesson, measured) in parts {
                p { strong { (name) } @if let Some(lesson) = lesson { ": " (inline(lesson)) } }
                (measured)
            }
        }
    })
}

fn medians(curve: &Curve) -> Markup {
    let (headings, rows) = of_curve(curve, |runs| seconds(runs).map(time));
    let table = html! {
        table {
            thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
            tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
        }
    };
    scrolls("table", &curve.name, &table)
}

fn figure(name: &str, svg: String) -> Markup {
    scrolls("figure", name, &PreEscaped(svg))
}
