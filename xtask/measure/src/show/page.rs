//! The parts of the pages that `results` writes.

use std::fmt::Write;

use super::table::Table;
use super::tables;
use crate::data::comparison::{Comparison, Role};
use crate::data::report::Report;
use crate::judge::warnings::{self, Warning};

/// The folder of the figures, from the top folder.
pub const FIGURES: &str = "xtask/figures";

/// `scale-requests-at-once.svg`.
pub fn figure(curve: &str) -> String {
    let words = curve.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    format!("scale-{}.svg", words.join("-").to_lowercase())
}

/// The part of the top page.
pub fn results(report: &Report) -> String {
    let comparisons: Vec<&Comparison> = report.comparisons.iter().collect();
    let mut text = format!("Measured on: {}.\n", report.machine);
    add_warnings(&mut text, warnings::of_report(report));
    if !comparisons.is_empty() {
        let _ = writeln!(
            text,
            "\n![How many times faster the contenders are]({FIGURES}/bench.svg)"
        );
    }
    add_comparisons(&mut text, report, &comparisons, true);
    let lessons = comparisons
        .iter()
        .filter_map(|it| Some((&it.name, it.lesson.as_ref()?)));
    let lessons: Vec<String> = lessons
        .map(|(name, lesson)| format!("- **{name}**: {lesson}\n"))
        .collect();
    if !lessons.is_empty() {
        let _ = write!(text, "\nWhat each teaches:\n\n{}", lessons.concat());
    }
    for load in &report.loads {
        let lesson = load.lesson.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "\n### {} under load, {}\n\n{lesson}",
            load.name,
            load.what()
        );
        add_table(&mut text, &tables::load(load), true);
        add_warnings(&mut text, warnings::of_load(load, &report.machine));
    }
    if !report.curves.is_empty() {
        text += "\n### How cost grows with work\n";
    }
    for curve in &report.curves {
        let (name, lesson) = (&curve.name, curve.lesson.as_deref().unwrap_or_default());
        let _ = write!(
            text,
            "\n**{name}.** {lesson}\n\n![{name}]({FIGURES}/{})\n\n\
             <details><summary>The figures</summary>\n",
            figure(name)
        );
        add_table(&mut text, &tables::curve(curve), true);
        add_warnings(&mut text, warnings::of_curve(curve, &report.machine));
        text += "\n</details>\n";
    }
    text
}

/// The part of a chapter's README.
pub fn chapter(report: &Report, chapter: &str) -> String {
    let own = report.comparisons.iter().filter(|it| it.chapter == chapter);
    let own: Vec<&Comparison> = own.collect();
    let mut text = format!("{}\n", report.machine);
    add_comparisons(&mut text, report, &own, false);
    for load in report.loads.iter().filter(|it| it.chapter == chapter) {
        let _ = writeln!(text, "\n{}, {}:", load.name, load.what());
        add_table(&mut text, &tables::load(load), false);
        add_warnings(&mut text, warnings::of_load(load, &report.machine));
    }
    text
}

fn add_comparisons(text: &mut String, report: &Report, own: &[&Comparison], legend: bool) {
    let machine = &report.machine;
    add_table(text, &tables::concurrency(own, machine), legend);
    let titled = [
        ("A against B", tables::against(own, machine)),
        (
            "Other languages beside Rust",
            tables::beside(own, machine, Role::Peer),
        ),
        (
            "The book's Python beside Rust, same machine, same site",
            tables::beside(own, machine, Role::Book),
        ),
    ];
    for (title, table) in titled.into_iter().filter(|(_, it)| !it.rows.is_empty()) {
        let _ = writeln!(text, "\n{title}:");
        add_table(text, &table, legend);
    }
    let named = own.iter().flat_map(|comparison| {
        let warnings = warnings::of_comparison(comparison, machine);
        let named = |warning| Warning::Note(format!("{}: {warning}", comparison.name));
        warnings.into_iter().map(named).collect::<Vec<_>>()
    });
    add_warnings(text, named.collect());
}

fn add_table(text: &mut String, table: &Table, legend: bool) {
    if table.rows.is_empty() {
        return;
    }
    let _ = write!(text, "\n{}", table.markdown());
    if legend && !table.legend.is_empty() {
        let _ = writeln!(text, "\n{}", table.legend);
    }
}

fn add_warnings(text: &mut String, warnings: Vec<Warning>) {
    if warnings.is_empty() {
        return;
    }
    let warnings: Vec<String> = warnings.iter().map(|it| format!("- {it}\n")).collect();
    let _ = write!(
        text,
        "\n<details><summary>Warnings: {}</summary>\n\n{}\n</details>\n",
        warnings.len(),
        warnings.concat()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_named_after_its_curve() {
        assert_eq!(figure("sleeping"), "scale-sleeping.svg");
        assert_eq!(
            figure("a limit on 1,000 requests"),
            "scale-a-limit-on-1-000-requests.svg"
        );
    }
}
