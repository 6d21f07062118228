//! The parts of the pages that `results` writes.

use super::table::Table;
use super::tables;
use crate::data::{Comparison, Load, Report};
use crate::judge::warnings;

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
    text += &listed(&warnings::of_report(report));
    if !comparisons.is_empty() {
        let title = "How many times faster the contenders are";
        text += &format!("\n![{title}]({FIGURES}/bench.svg)\n");
    }
    text += &compared(report, &comparisons, true);
    let lessons = comparisons.iter().filter_map(|it| {
        let lesson = it.lesson.as_ref()?;
        Some(format!("- **{}**: {lesson}\n", it.name))
    });
    let lessons: String = lessons.collect();
    if !lessons.is_empty() {
        text += &format!("\nWhat each teaches:\n\n{lessons}");
    }
    for load in &report.loads {
        let lesson = load.lesson.as_deref().unwrap_or_default();
        let (name, what) = (&load.name, load.what());
        text += &format!("\n### {name} under load, {what}\n\n{lesson}\n");
        text += &loaded(report, load, true);
    }
    if !report.curves.is_empty() {
        text += "\n### How cost grows with work\n";
    }
    for curve in &report.curves {
        let (name, lesson) = (&curve.name, curve.lesson.as_deref().unwrap_or_default());
        text += &format!(
            "\n**{name}.** {lesson}\n\n![{name}]({FIGURES}/{})\n\n\
             <details><summary>The figures</summary>\n{}{}\n</details>\n",
            figure(name),
            in_markdown(&tables::curve(curve), false),
            listed(&warnings::of_curve(curve, &report.machine))
        );
    }
    text
}

/// The part of a chapter's README.
pub fn chapter(report: &Report, chapter: &str) -> String {
    let own = report.comparisons.iter().filter(|it| it.chapter == chapter);
    let own: Vec<&Comparison> = own.collect();
    let mut text = format!("{}\n{}", report.machine, compared(report, &own, false));
    for load in report.loads.iter().filter(|it| it.chapter == chapter) {
        text += &format!("\n{}, {}:\n", load.name, load.what());
        text += &loaded(report, load, false);
    }
    text
}

/// The tables of some comparisons and their warnings. The first table needs no title.
fn compared(report: &Report, own: &[&Comparison], legend: bool) -> String {
    let mut text = String::new();
    for (title, table) in tables::of_comparisons(own, &report.machine) {
        if table.name != "concurrency" {
            text += &format!("\n{title}:\n");
        }
        text += &in_markdown(&table, legend);
    }
    let warnings = own.iter().flat_map(|it| {
        let warnings = warnings::of_comparison(it, &report.machine);
        warnings::named(&it.name, warnings)
    });
    text + &listed(&warnings.collect::<Vec<_>>())
}

fn loaded(report: &Report, load: &Load, legend: bool) -> String {
    let warnings = warnings::of_load(load, &report.machine);
    in_markdown(&tables::load(load), legend) + &listed(&warnings)
}

fn in_markdown(table: &Table, legend: bool) -> String {
    let mut text = format!("\n{}", table.markdown());
    if legend {
        text += &format!("\n{}\n", table.legend);
    }
    text
}

fn listed(warnings: &[String]) -> String {
    if warnings.is_empty() {
        return String::new();
    }
    let lines: String = warnings.iter().map(|it| format!("- {it}\n")).collect();
    format!(
        "\n<details><summary>Warnings: {}</summary>\n\n{lines}\n</details>\n",
        warnings.len()
    )
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
