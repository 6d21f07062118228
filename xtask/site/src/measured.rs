//! What was measured of a listing.

use maud::{Markup, PreEscaped, html};
use xtask_report::Report;
use xtask_report::data::Load;
use xtask_report::rows::of_load;
use xtask_report::svg;

use crate::group::Group;
use crate::html::{inline, scrolls, table};

/// The comparisons, loads and curves in which a program of `group` took part, if there are any.
pub fn measured(report: &Report, group: &Group) -> Option<Markup> {
    // A program has its arguments after its name.
    let is_ours = |name: &str| name.split(' ').next().is_some_and(|it| group.is_called(it));
    let comparisons = report.comparisons.iter().filter_map(|it| {
        let mut programs = it.programs.iter();
        let drawn = || figure(&it.name, svg::comparison(it, &report.machine));
        let found = programs.any(|program| is_ours(&program.program));
        found.then(|| (&it.name, &it.lesson, drawn()))
    });
    let loads = report.loads.iter().filter_map(|it| {
        let found = it.servers.iter().any(|server| is_ours(&server.server));
        found.then(|| (&it.name, &it.lesson, servers(it)))
    });
    let curves = report.curves.iter().filter_map(|it| {
        let found = it.series.iter().any(|series| is_ours(&series.program));
        found.then(|| (&it.name, &it.lesson, figure(&it.name, svg::curve(it))))
    });
    let parts: Vec<_> = comparisons.chain(loads).chain(curves).collect();
    (!parts.is_empty()).then(|| {
        html! {
            @for (name, lesson, measured) in parts {
                p { strong { (name) } @if let Some(lesson) = lesson { ": " (inline(lesson)) } }
                (measured)
            }
        }
    })
}

fn servers(load: &Load) -> Markup {
    let rows = of_load(load).into_iter();
    let cells = rows.map(|row| {
        let compared = format!("{} {}", row.relation, row.note);
        [row.group, row.name, row.value, compared].map(|cell| html! { (cell.trim()) })
    });
    let headings = ["load", "server", "round trips", "compared"];
    table("Servers", headings, &cells.collect::<Vec<_>>())
}

fn figure(name: &str, svg: String) -> Markup {
    scrolls("figure", name, &PreEscaped(svg))
}
