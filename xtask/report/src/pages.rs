//! The pages, or their parts, that are painted from the report.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::data::Report;
use crate::rows::{Row, of_comparison, of_load};
use crate::svg;
use crate::text::markdown_table;
use crate::warnings;

/// The folder of the figures, from the top folder.
const FIGURES: &str = "xtask/figures";

/// The comparisons in the table of the top page.
const TOP: [&str; 5] = [
    "fibonacci",
    "three delays",
    "1,000 requests",
    "MapReduce",
    "scrypt",
];

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
    let machine = &report.machine;
    let part = |path: String, part, text| Page {
        path: path.into(),
        part: Some(part),
        text,
    };
    let mut pages = vec![
        part("RESULTS.md".to_owned(), "results", results(report)),
        part("README.md".to_owned(), "numbers", numbers(report)),
    ];
    let comparisons = report.comparisons.iter().map(|it| &it.chapter);
    let chapters = comparisons.chain(report.loads.iter().map(|it| &it.chapter));
    for name in chapters.collect::<BTreeSet<_>>() {
        let path = format!("{name}/README.md");
        pages.push(part(path, "comparisons", chapter(report, name)));
    }
    let drawn = |name: &str, text| Page {
        path: figure(name).into(),
        part: None,
        text,
    };
    let comparisons = report.comparisons.iter();
    pages.extend(comparisons.map(|it| drawn(&it.name, svg::comparison(it, machine))));
    pages.extend(
        report
            .curves
            .iter()
            .map(|it| drawn(&it.name, svg::curve(it))),
    );
    pages
}

/// `xtask/figures/a-limit-on-1-000-requests.svg`.
fn figure(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    format!("{FIGURES}/{}.svg", words.join("-").to_lowercase())
}

fn results(report: &Report) -> String {
    let mut text = format!("Measured on {}.\n", report.machine);
    for warning in warnings::of(report) {
        text += &format!("\nDisturbed: {warning}.\n");
    }
    for it in &report.comparisons {
        // The figure, in words for those who do not see it.
        let rows = of_comparison(it, &report.machine);
        let words: Vec<String> = rows.iter().map(Row::sentence).collect();
        text += &entry(&it.name, it.lesson.as_ref());
        text += &format!("![{}]({})\n", words.join("; "), figure(&it.name));
    }
    for it in &report.loads {
        text += &entry(&it.name, it.lesson.as_ref());
        text += &table(&of_load(it));
    }
    for it in &report.curves {
        text += &entry(&it.name, it.lesson.as_ref());
        text += &format!("![{}]({})\n", it.name, figure(&it.name));
    }
    text
}

fn entry(name: &str, lesson: Option<&String>) -> String {
    format!("\n**{name}**: {}\n\n", lesson.map_or("", String::as_str))
}

/// The part of a chapter's README.
fn chapter(report: &Report, chapter: &str) -> String {
    let comparisons = report.comparisons.iter().filter(|it| it.chapter == chapter);
    let rows = comparisons.flat_map(|it| of_comparison(it, &report.machine));
    let loads = report.loads.iter().filter(|it| it.chapter == chapter);
    let rows: Vec<Row> = rows.chain(loads.flat_map(of_load)).collect();
    format!("{}:\n\n{}", report.machine, table(&rows))
}

fn table(rows: &[Row]) -> String {
    let mut before = "";
    let rows = rows.iter().map(|row| {
        let group = if row.group == before { "" } else { &row.group };
        before = &row.group;
        let cells = [group, &row.name, &row.value, &row.compared()];
        cells.map(String::from).into()
    });
    markdown_table(&["", "", "median", ""], &rows.collect::<Vec<_>>())
}

/// The table of the top page: what a reader gains by concurrency, and what Python takes.
fn numbers(report: &Report) -> String {
    let rows = TOP.iter().filter_map(|name| {
        let comparison = report.comparisons.iter().find(|it| it.name == *name)?;
        let rows = of_comparison(comparison, &report.machine);
        let [baseline, contender, ..] = &rows[..] else {
            return None;
        };
        let python = rows.iter().find(|row| row.name.contains("Python"));
        Some(vec![
            format!("{name} ({}, {})", baseline.name, contender.name),
            baseline.value.clone(),
            contender.value.clone(),
            contender.compared(),
            python.map(|row| row.value.clone()).unwrap_or_default(),
        ])
    });
    let headings = ["", "one after another", "at once", "", "Python"];
    let table = markdown_table(&headings, &rows.collect::<Vec<_>>());
    format!("Measured on {}:\n\n{table}", report.machine)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::data::Comparison;
    use crate::rows::tests::{machine, requests};

    fn page(path: &str) -> Page {
        let mut report = Report::new(machine(), None);
        report.comparisons.push(Comparison {
            name: "1,000 requests".into(),
            ..requests()
        });
        let pages = pages(&report);
        pages
            .into_iter()
            .find(|page| page.path == Path::new(path))
            .unwrap()
    }

    #[test]
    fn results_have_lessons_and_figures_with_their_words() {
        let text = page("RESULTS.md").text;
        assert!(
            text.contains("**1,000 requests**: They wait together.\n"),
            "{text}"
        );
        let figure = "![4.6 (sequential): 2.20 s; 4.6: 35.0 ms, 62.9 × faster of 100 possible, \
                      0.20 cores busy; Python 4.6: 51.0 ms, 1.46 × slower than 4.6]\
                      (xtask/figures/1-000-requests.svg)";
        assert!(text.contains(figure), "{text}");
        assert!(
            page("xtask/figures/1-000-requests.svg")
                .text
                .starts_with("<svg ")
        );
    }

    #[test]
    fn a_chapter_and_the_top_page_have_rows() {
        let chapter = page("ch04-web/README.md");
        assert_eq!(chapter.part, Some("comparisons"));
        let row = "| 1,000 requests | 4.6 (sequential) | 2.20 s |  |\n\
                   |  | 4.6 | 35.0 ms | 62.9 × faster of 100 possible, 0.20 cores busy |\n";
        assert!(chapter.text.contains(row), "{}", chapter.text);
        let top = page("README.md").text;
        let row = "| 1,000 requests (4.6 (sequential), 4.6) | 2.20 s | 35.0 ms | \
                   62.9 × faster of 100 possible, 0.20 cores busy | 51.0 ms |\n";
        assert!(top.contains(row), "{top}");
    }
}
