//! What was measured of a listing.

use maud::{Markup, PreEscaped, html};
use xtask_report::Report;
use xtask_report::data::{Comparison, Curve, Machine, Program, seconds};
use xtask_report::rows::{of_comparison, of_curve};
use xtask_report::svg;
use xtask_report::text::{thousands, time};

use crate::group::Group;
use crate::html::{inline, scrolls, table};

/// The comparisons and curves in which a program of `group` took part, if there are any: as bars,
/// and folded as numbers.
pub fn measured(report: &Report, group: &Group) -> Option<Markup> {
    // A program has its arguments after its name.
    let is_ours = |name: &str| name.split(' ').next().is_some_and(|it| group.is_called(it));
    let machine = &report.machine;
    let comparisons = report.comparisons.iter().filter_map(|it| {
        let mut programs = it.programs.iter();
        let found = programs.any(|program| is_ours(&program.program));
        found.then(|| part(it, &it.lesson, machine, numbers(it, machine)))
    });
    let curves = report.curves.iter().filter_map(|it| {
        let found = it.series.iter().any(|series| is_ours(&series.program));
        let (headings, rows) = of_curve(it, |runs| seconds(runs).map(time));
        let numbers = table(&it.name, &headings, &rows);
        found.then(|| part(&at_most(it), &it.lesson, machine, numbers))
    });
    let parts: Vec<Markup> = comparisons.chain(curves).collect();
    (!parts.is_empty()).then(|| html! { @for part in parts { (part) } })
}

fn part(bars: &Comparison, lesson: &Option<String>, machine: &Machine, numbers: Markup) -> Markup {
    let svg = PreEscaped(svg::bars::draw(bars, machine));
    html! {
        p { strong { (bars.name) } @if let Some(lesson) = lesson { ": " (inline(lesson)) } }
        (scrolls("figure", &bars.name, &svg))
        details { summary { "The same in numbers" } (numbers) }
    }
}

fn numbers(comparison: &Comparison, machine: &Machine) -> Markup {
    let rows = of_comparison(comparison, machine).into_iter();
    let rows: Vec<_> = rows
        .map(|it| vec![it.name, it.value, it.compared, it.details])
        .collect();
    table(
        &comparison.name,
        &["program", "median", "compared", "details"],
        &rows,
    )
}

/// The programs of a curve at the largest count that all of them have reached.
fn at_most(curve: &Curve) -> Comparison {
    let counts = curve.series.iter();
    let counts = counts.filter_map(|it| it.points.iter().map(|point| point.count).max());
    let count = counts.min().unwrap_or_default();
    let programs = curve.series.iter().filter_map(|series| {
        let point = series.points.iter().find(|point| point.count == count)?;
        Some(Program {
            label: series.program.clone(),
            runs: point.runs.clone(),
            ..Program::default()
        })
    });
    Comparison {
        name: format!("{}, {} {}", curve.name, thousands(count), curve.axis),
        programs: programs.collect(),
        ..Comparison::default()
    }
}
