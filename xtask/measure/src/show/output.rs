//! Where a report goes: stdout, and the files that a reader asks for.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, ensure};
use xtask::options::Outputs;
use xtask::output::{print, save, width};

use super::table::CSV_HEADINGS;
use super::{svg, tables};
use crate::data::{Report, SCHEMA};
use crate::judge::warnings;

/// Creates the files that are asked for: a folder that is not there is named before an hour of
/// measuring, not after it.
///
/// # Errors
/// If one cannot be created.
pub fn create(outputs: &Outputs) -> anyhow::Result<()> {
    let files = [&outputs.json, &outputs.csv, &outputs.markdown, &outputs.svg];
    for path in files.into_iter().flatten().filter(|it| !is_stdout(it)) {
        let file = File::options().create(true).append(true).open(path);
        file.with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Writes the report where `outputs` say: the tables to stdout, unless something else goes there.
/// Warnings go to stderr.
///
/// # Errors
/// If a file cannot be written.
pub fn write(report: &Report, outputs: &Outputs) -> anyhow::Result<()> {
    let files = [
        (&outputs.json, json(report)?),
        (&outputs.csv, csv(report)),
        (&outputs.markdown, markdown(report)),
        (&outputs.svg, svg::of_report(report)),
    ];
    let mut to_stdout = true;
    for (path, text) in files {
        match path {
            None => {}
            Some(path) if is_stdout(path) => {
                print(&text)?;
                to_stdout = false;
            }
            Some(path) => save(path, &text)?,
        }
    }
    if to_stdout {
        print(&text(report))?;
    }
    for warning in warnings::all(report) {
        eprintln!("warning: {warning}");
    }
    Ok(())
}

/// The report as JSON.
///
/// # Errors
/// Never, but for a bug in JSON's own library.
pub fn json(report: &Report) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// Reads what `--json` has written.
///
/// # Errors
/// If the file cannot be read, or is none of these, or of another version.
pub fn read(path: &Path) -> anyhow::Result<Report> {
    let read = || {
        let value: serde_json::Value = serde_json::from_slice(&fs::read(path)?)?;
        let same = value["schema"] == SCHEMA;
        ensure!(same, "it is not a report of this version ({SCHEMA})");
        Ok(serde_json::from_value(value)?)
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

fn heading(report: &Report) -> String {
    let site = report.site.as_ref();
    let site = site.map_or_else(String::new, |site| format!("\nexample site: {site}"));
    format!("{}{site}\n", report.machine)
}

fn text(report: &Report) -> String {
    let width = width();
    let mut text = heading(report);
    let mut legends = Vec::new();
    for (title, table) in tables::all(report) {
        text += &format!("\n{title}\n\n{}", table.text(width));
        if !table.legend.is_empty() && !legends.contains(&table.legend) {
            legends.push(table.legend);
        }
    }
    for legend in legends {
        text += &format!("\n{}", wrapped(legend, width.unwrap_or(100)));
    }
    text
}

/// Words in lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let length = |text: &str| text.chars().count();
        match lines.last_mut() {
            Some(line) if length(line) + 1 + length(word) <= width => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

fn markdown(report: &Report) -> String {
    let tables = tables::all(report).into_iter();
    let tables = tables.map(|(title, table)| format!("\n{title}:\n\n{}", table.markdown()));
    heading(report) + &tables.collect::<String>()
}

fn csv(report: &Report) -> String {
    let tables = tables::all(report).into_iter();
    CSV_HEADINGS.to_owned() + &tables.map(|(_, table)| table.csv()).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fill_lines() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree\n");
        assert_eq!(wrapped("one two three", 3), "one\ntwo\nthree\n");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named_before_measuring() {
        let outputs = Outputs {
            csv: Some("/no/such/folder/a.csv".into()),
            json: Some("-".into()),
            ..Outputs::default()
        };
        let error = create(&outputs).unwrap_err().to_string();
        assert_eq!(error, "cannot write /no/such/folder/a.csv");
    }
}
