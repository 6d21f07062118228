//! The pages, or their parts, that are painted from the report.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::data::{Comparison, Curve, Load, Machine, Program, Report, Role, seconds};
use crate::possible::speed_up;
use crate::rows::{Row, of_comparison, of_load};
use crate::svg;
use crate::text::{count, digits, markdown_table, time};
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
        text += &format!("\n{}: {warning}.\n", "Disturbed");
    }
    for it in &report.comparisons {
        text += &compared(it, &report.machine);
    }
    for load in &report.loads {
        text += &format!("\n**{}**: {}\n\n", load.name, said(load.lesson.as_ref()));
        text += &table(&of_load(load));
    }
    for curve in &report.curves {
        text += &grown(curve);
    }
    text
}

fn said(lesson: Option<&String>) -> &str {
    lesson.map_or("", String::as_str)
}

/// A comparison: its lesson, and its figure, in words for those who do not see it.
fn compared(comparison: &Comparison, machine: &Machine) -> String {
    let Comparison { name, lesson, .. } = comparison;
    let rows = of_comparison(comparison, machine);
    let words: Vec<String> = rows.iter().map(Row::sentence).collect();
    let (lesson, words, file) = (said(lesson.as_ref()), words.join("; "), figure(name));
    format!("\n**{name}**: {lesson}\n\n![{words}]({file})\n")
}

fn grown(curve: &Curve) -> String {
    let Curve { name, lesson, .. } = curve;
    let (lesson, file) = (said(lesson.as_ref()), figure(name));
    format!("\n**{name}**: {lesson}\n\n![{name}]({file})\n")
}

/// The part of a chapter's README.
fn chapter(report: &Report, chapter: &str) -> String {
    let comparisons = report.comparisons.iter().filter(|it| it.chapter == chapter);
    let compared = comparisons.flat_map(|it| of_comparison(it, &report.machine));
    let loads: Vec<&Load> = report
        .loads
        .iter()
        .filter(|it| it.chapter == chapter)
        .collect();
    let loaded = loads.into_iter().flat_map(of_load);
    let rows: Vec<Row> = compared.chain(loaded).collect();
    format!("{}:\n\n{}", report.machine, table(&rows))
}

fn table(rows: &[Row]) -> String {
    let mut before = "";
    let rows = rows.iter().map(|row| {
        let group = if row.group == before { "" } else { &row.group };
        before = &row.group;
        let compared = format!("{} {}", row.relation, row.note);
        let cells = [group, &row.name, &row.value, compared.trim()];
        cells.map(String::from).into()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    markdown_table(&["", "", "median", ""], &rows)
}

/// The table of the top page: what a reader gains by concurrency, and what Python takes.
fn numbers(report: &Report) -> String {
    let cores = report.machine.cores;
    let chosen = TOP.iter().filter_map(|name| report.comparison(name));
    let rows = chosen.filter_map(|it| {
        let contender = it.programs.iter().find(|it| it.role == Role::Contender)?;
        let baseline = it.baseline()?;
        let times = digits(speed_up(baseline, contender).median);
        let possible = it.possible(contender, cores).map(count);
        let others = it.programs.iter().filter(|it| {
            let python = it.role == Role::Book || it.label.contains("Python");
            python && it.beside.contains(&contender.program)
        });
        let median = |it: &Program| seconds(&it.runs).map(time).unwrap_or_default();
        let python: Vec<String> = others.map(median).collect();
        Some(vec![
            format!("{} ({}, {})", it.name, baseline.label, contender.label),
            median(baseline),
            median(contender),
            possible.map_or(times.clone(), |it| format!("{times} of {it} possible")),
            python.join(", "),
        ])
    });
    let headings = ["", "one after another", "at once", "times faster", "Python"];
    let table = markdown_table(&headings, &rows.collect::<Vec<_>>());
    format!("Measured on {}:\n\n{table}", report.machine)
}

#[cfg(test)]
mod tests {
    use super::*;
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
            .find(|page| page.path == PathBuf::from(path))
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
                   62.9 of 100 possible | 51.0 ms |\n";
        assert!(top.contains(row), "{top}");
    }
}
