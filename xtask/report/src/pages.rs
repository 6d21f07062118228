//! The pages, or their parts, that are painted from the report.

use std::collections::BTreeSet;
use std::mem::take;
use std::path::PathBuf;

use crate::data::{Comparison, Report, seconds};
use crate::rows::{of_comparison, of_curve};
use crate::svg;
use crate::text::{markdown_table, time};
use crate::warnings;

/// The comparisons that RESULTS.md has a statement about. Each has a figure, and a part of that
/// page with its name.
pub const STATED: [&str; 8] = [
    "fibonacci",
    "three delays",
    "three requests",
    "1,000 requests",
    "a thousand threads or one",
    "echo, 1,000 clients",
    "MapReduce",
    "a shared counter",
];

/// The comparisons in the table of the top page.
const TOP: [&str; 5] = [
    "fibonacci",
    "three delays",
    "1,000 requests",
    "MapReduce",
    "scrypt",
];

/// The characters of a bar for the whole time.
const WHOLE: f64 = 10.0;

/// A page that is painted from the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its file, from the top folder.
    pub path: PathBuf,
    /// What of it is painted, between `<!-- part: … -->` and `<!-- end of part -->`; `None`: all.
    pub part: Option<&'static str>,
    /// What it is to be.
    pub text: String,
}

/// All pages of a report.
pub fn pages(report: &Report) -> Vec<Page> {
    let page = |path: &str, part, text| Page {
        path: path.into(),
        part,
        text,
    };
    let mut pages = vec![
        page("README.md", Some("numbers"), numbers(report)),
        page("RESULTS.md", Some("results"), results(report)),
    ];
    for name in STATED {
        if let Some(comparison) = find(report, name) {
            let words = name.to_lowercase().replace(", ", "-");
            let figure = format!("xtask/figures/{}.svg", words.replace([' ', ','], "-"));
            // The figure in words, for those who do not see it.
            let rows = of_comparison(comparison, &report.machine).into_iter();
            let words = rows.map(|row| format!("{}: {}", row.name, row.value));
            let image = format!("![{}]({figure})", Vec::from_iter(words).join("; "));
            let drawn = svg::bars::draw(comparison, &report.machine);
            pages.push(page("RESULTS.md", Some(name), image));
            pages.push(page(&figure, None, drawn));
        }
    }
    let chapters: BTreeSet<_> = report.comparisons.iter().map(|it| &it.chapter).collect();
    for chapter in chapters {
        let (path, text) = (format!("{chapter}/README.md"), numbers_of(report, chapter));
        pages.push(page(&path, Some("comparisons"), text));
    }
    pages
}

fn find<'a>(report: &'a Report, name: &str) -> Option<&'a Comparison> {
    report.comparisons.iter().find(|it| it.name == name)
}

/// Every row and curve once.
fn results(report: &Report) -> String {
    let mut text = format!("Measured on {}.\n", report.machine);
    for warning in warnings::of(report) {
        text += &format!("\nDisturbed: {warning}.\n");
    }
    let mut rows = Vec::new();
    for comparison in &report.comparisons {
        let mut name = comparison.name.clone();
        let programs = of_comparison(comparison, &report.machine).into_iter();
        for (row, program) in programs.zip(&comparison.programs) {
            let book = program.book.map(|it| format!(" (the book: {})", time(it)));
            let compared = row.compared + &book.unwrap_or_default();
            // The comparison's name stands in its first row alone.
            rows.push(vec![take(&mut name), row.name, row.value, compared]);
        }
    }
    let mut tables = markdown_table(&["comparison", "program", "median", ""], &rows);
    for curve in &report.curves {
        let (headings, rows) = of_curve(curve, |runs| seconds(runs).map(time));
        let table = markdown_table(&headings, &rows);
        tables += &format!("\n**{}**\n\n{table}", curve.name);
    }
    // Nobody reads their source.
    let tables = tables.replace(" | ", "|");
    let summary = "<summary>All comparisons and curves</summary>";
    format!("{text}\n<details>\n{summary}\n\n{tables}\n</details>\n")
}

/// Two numbers of a chapter: of what RESULTS.md has a statement about, or of its first comparison.
fn numbers_of(report: &Report, chapter: &str) -> String {
    let ours = || report.comparisons.iter().filter(|it| it.chapter == chapter);
    let stated = ours().find(|it| STATED.contains(&it.name.as_str()));
    let shown = stated.or(ours().next()).into_iter();
    let two = shown.map(|it| {
        let rows = of_comparison(it, &report.machine).into_iter();
        let two: Vec<String> = rows.take(2).map(|row| row.sentence()).collect();
        format!("**{}**: {}", it.name, two.join("; "))
    });
    let two: String = two.collect();
    format!("{two}. [RESULTS.md](../RESULTS.md) says what that means, and has all rows.\n")
}

/// The table of the top page: what a reader gains by concurrency, and what Python takes.
fn numbers(report: &Report) -> String {
    let rows = TOP.iter().filter_map(|name| {
        let comparison = find(report, name)?;
        let rows = of_comparison(comparison, &report.machine);
        let [baseline, contender, ..] = &rows[..] else {
            return None;
        };
        let at_once = &comparison.programs[1].program;
        let mut programs = comparison.programs.iter().zip(&rows);
        let python = programs.find(|(program, _)| program.beside.contains(at_once));
        let remains = (WHOLE * contender.seconds / baseline.seconds).ceil();
        let bar = "█".repeat(remains.clamp(1.0, WHOLE) as usize);
        Some(vec![
            format!("{name}, {}", contender.name),
            python.map(|(_, row)| row.value.clone()).unwrap_or_default(),
            baseline.value.clone(),
            format!("{bar} {}", contender.value),
            contender.compared.clone(),
        ])
    });
    let headings = "|Python at once|Rust one after another|Rust at once|";
    let headings: Vec<&str> = headings.split('|').collect();
    let table = markdown_table(&headings, &rows.collect::<Vec<_>>());
    format!("Measured on {}:\n\n{table}", report.machine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::{growth, machine, requests};

    #[test]
    fn each_row_and_figure_is_where_it_belongs() {
        let mut report = Report::new(machine(), None);
        report.comparisons.push(requests());
        report.curves.push(growth());
        let pages = pages(&report);
        let compared = "62.9 × faster, 100 possible, 0.20 cores busy";
        let two =
            format!("**1,000 requests**: 4.6 (sequential): 2.20 s; 4.6: 35.0 ms, {compared}.");
        let words = "4.6 (sequential): 2.20 s; 4.6: 35.0 ms; Python 4.6: 51.0 ms";
        let image = &format!("![{words}](xtask/figures/1-000-requests.svg)");
        for (path, part, expected) in [
            (
                "RESULTS.md",
                Some("results"),
                format!("| |4.6|35.0 ms|{compared} |\n").as_str(),
            ),
            ("RESULTS.md", Some("results"), "| tasks|1|10|100 |\n"),
            ("RESULTS.md", Some("1,000 requests"), image),
            ("xtask/figures/1-000-requests.svg", None, "<svg "),
            (
                "README.md",
                Some("numbers"),
                "| 1,000 requests, 4.6 | 51.0 ms | 2.20 s | █ 35.0 ms | ",
            ),
            ("ch04-web/README.md", Some("comparisons"), &two),
        ] {
            let is_wanted = |it: &&Page| it.path.to_str() == Some(path) && it.part == part;
            let text = &pages.iter().find(is_wanted).unwrap().text;
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
    }
}
