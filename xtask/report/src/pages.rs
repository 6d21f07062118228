//! The pages, or their parts, that are painted from the report.

use std::collections::BTreeSet;
use std::mem::take;
use std::path::PathBuf;

use crate::data::{Comparison, Report, Role, seconds};
use crate::rows::{of_comparison, of_curve};
use crate::svg;
use crate::text::{markdown_table, time};
use crate::warnings;

/// The folder of the figures, from the top folder.
const FIGURES: &str = "xtask/figures";

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

/// The length of the bar of a whole in that table.
const BAR: f64 = 10.0;

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
        let Some(comparison) = find(report, name) else {
            continue;
        };
        let figure = figure(name);
        // The figure in words, for those who do not see it.
        let rows = of_comparison(comparison, &report.machine).into_iter();
        let words: Vec<String> = rows
            .map(|it| format!("{}: {}", it.name, it.value))
            .collect();
        let image = format!("![{}]({figure})", words.join("; "));
        pages.push(page("RESULTS.md", Some(name), image));
        let drawn = svg::comparison(comparison, &report.machine);
        pages.push(page(&figure, None, drawn));
    }
    let chapters: BTreeSet<_> = report.comparisons.iter().map(|it| &it.chapter).collect();
    for chapter in chapters {
        let path = format!("{chapter}/README.md");
        let text = self::chapter(report, chapter);
        pages.push(page(&path, Some("comparisons"), text));
    }
    pages
}

fn find<'a>(report: &'a Report, name: &str) -> Option<&'a Comparison> {
    report.comparisons.iter().find(|it| it.name == name)
}

/// `xtask/figures/1-000-requests.svg`.
fn figure(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    format!("{FIGURES}/{}.svg", words.join("-").to_lowercase())
}

/// Every row once.
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
            let mut compared = row.compared;
            if let Some(book) = program.book {
                compared += &format!(" (the book: {})", time(book));
            }
            // The name stands in the first row alone.
            rows.push(vec![
                take(&mut name),
                row.name,
                row.value,
                compared.trim().to_owned(),
            ]);
        }
    }
    let headings = ["comparison", "program", "median", ""];
    text += "\n<details>\n<summary>All comparisons and curves</summary>\n\n";
    let mut tables = markdown_table(&headings, &rows);
    for curve in &report.curves {
        tables += &format!("\n**{}**\n\n", curve.name);
        let (headings, rows) = of_curve(curve, |runs| seconds(runs).map(time));
        tables += &markdown_table(&headings, &rows);
    }
    // Nobody reads their source.
    text + &tables.replace(" | ", "|") + "\n</details>\n"
}

/// Two numbers of a chapter: of what RESULTS.md has a statement about, or of its first comparison.
fn chapter(report: &Report, chapter: &str) -> String {
    let ours = || report.comparisons.iter().filter(|it| it.chapter == chapter);
    let stated = ours().find(|it| STATED.contains(&it.name.as_str()));
    let shown = stated.or(ours().next()).into_iter();
    let rows = shown
        .clone()
        .flat_map(|it| of_comparison(it, &report.machine));
    let two: Vec<String> = rows.take(2).map(|it| it.sentence()).collect();
    let name: String = shown.map(|it| it.name.as_str()).collect();
    let (two, more) = (two.join("; "), "[RESULTS.md](../RESULTS.md)");
    format!("**{name}**: {two}. {more} says what that means, and has all rows.\n")
}

/// The table of the top page: what a reader gains by concurrency, and what Python takes.
fn numbers(report: &Report) -> String {
    let rows = TOP.iter().filter_map(|name| {
        let comparison = find(report, name)?;
        let rows = of_comparison(comparison, &report.machine);
        let [baseline, contender, ..] = &rows[..] else {
            return None;
        };
        let mut others = comparison.programs.iter().zip(&rows);
        let python = others.find(|(program, _)| match program.role {
            Role::Peer | Role::Book => program.beside.contains(&comparison.programs[1].program),
            _ => false,
        });
        let part = contender.seconds / baseline.seconds;
        let bar = "█".repeat((BAR * part.min(1.0)).ceil() as usize);
        Some(vec![
            format!("{name}, {}", contender.name),
            python.map(|(_, row)| row.value.clone()).unwrap_or_default(),
            baseline.value.clone(),
            format!("{bar} {}", contender.value),
            contender.compared.clone(),
        ])
    });
    let headings = [
        "",
        "Python at once",
        "Rust one after another",
        "Rust at once",
        "",
    ];
    let table = markdown_table(&headings, &rows.collect::<Vec<_>>());
    format!("Measured on {}:\n\n{table}", report.machine)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::rows::tests::{growth, machine, requests};

    fn text(path: &str, part: Option<&str>) -> String {
        let mut report = Report::new(machine(), None);
        report.comparisons.push(requests());
        report.curves.push(growth());
        let mut pages = pages(&report).into_iter();
        let page = pages.find(|page| page.path == Path::new(path) && page.part == part);
        page.unwrap().text
    }

    #[test]
    fn a_statement_has_a_figure_with_its_words() {
        let figure = "![4.6 (sequential): 2.20 s; 4.6: 35.0 ms; Python 4.6: 51.0 ms]\
                      (xtask/figures/1-000-requests.svg)";
        assert_eq!(text("RESULTS.md", Some("1,000 requests")), figure);
        assert!(text("xtask/figures/1-000-requests.svg", None).starts_with("<svg "));
    }

    #[test]
    fn each_row_is_where_it_belongs() {
        let compared = "62.9 × faster, 100 possible, 0.20 cores busy";
        let row = format!("| |4.6|35.0 ms|{compared} |\n");
        let top = "| 1,000 requests, 4.6 | 51.0 ms | 2.20 s | █ 35.0 ms | ";
        let two =
            format!("**1,000 requests**: 4.6 (sequential): 2.20 s; 4.6: 35.0 ms, {compared}.");
        for (path, part, expected) in [
            ("RESULTS.md", "results", row.as_str()),
            ("RESULTS.md", "results", "| tasks|1|10|100 |\n"),
            ("README.md", "numbers", top),
            ("ch04-web/README.md", "comparisons", &two),
        ] {
            let text = text(path, Some(part));
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
    }
}
