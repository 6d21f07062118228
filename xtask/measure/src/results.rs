//! `cargo xtask results`: measures everything, and writes what came out into the READMEs.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use anyhow::Context;
use xtask::options::Results as Options;

use crate::load::Load;
use crate::{bench, scale};
use xtask::workspace::{Workspace, tables};
use xtask::{markers, options};

/// The folder of the figures, from the top folder.
const FIGURES: &str = "xtask/figures";

/// The part of a README that this writes, and of a chapter's.
const RESULTS: &str = "results";
const COMPARISONS: &str = "comparisons";

/// Measures what `options` do not bring along, and writes tables, lessons and figures.
///
/// # Errors
/// If a measurement fails, or a file cannot be written.
pub fn results(workspace: &Workspace, options: &Options) -> anyhow::Result<ExitCode> {
    // Before an hour of measuring.
    update(&workspace.root.join("README.md"), RESULTS, None)?;
    let (report, interrupted) = match &options.bench {
        Some(file) => (bench::Report::read(file)?, false),
        None => bench::measure(
            workspace,
            &options::Bench {
                quick: options.quick,
                ..Default::default()
            },
        )?,
    };
    if interrupted {
        return Ok(nothing_written());
    }
    let (curves, interrupted) = match &options.scale {
        Some(file) => (scale::Report::read(file)?, false),
        None => scale::measure(
            workspace,
            &options::Scale {
                quick: options.quick,
                ..Default::default()
            },
        )?,
    };
    if interrupted {
        return Ok(nothing_written());
    }
    let figures = workspace.root.join(FIGURES);
    fs::create_dir_all(&figures).with_context(|| format!("cannot make {}", figures.display()))?;
    write(&figures.join("bench.svg"), &report.figure())?;
    for curve in curves.curves() {
        write(&figures.join(figure(&curve.name)), &curve.figure())?;
    }
    update(
        &workspace.root.join("README.md"),
        RESULTS,
        Some(&text(&report, &curves)),
    )?;
    for chapter in &workspace.chapters {
        let readme = workspace.root.join(&chapter.name).join("README.md");
        let found = match fs::read_to_string(&readme) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            text => markers::has(
                &text.with_context(|| format!("cannot read {}", readme.display()))?,
                COMPARISONS,
            ),
        };
        if found {
            let mut new = format!("{}\n\n", report.machine());
            new += &report.markdown_rows(|measured| measured.chapter == chapter.name);
            for load in tables::<Load>(chapter, "load")? {
                let measured = report
                    .loads()
                    .iter()
                    .find(|report| report.name == load.name);
                if let Some(measured) = measured {
                    let what = measured.what();
                    new += &format!("\n{}, {what}:\n\n{}", load.name, measured.markdown());
                }
            }
            update(&readme, COMPARISONS, Some(&new))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn nothing_written() -> ExitCode {
    eprintln!("interrupted: the READMEs are as they were");
    ExitCode::from(130)
}

/// The part of the top README.
fn text(report: &bench::Report, curves: &scale::Report) -> String {
    let mut text = format!(
        "Measured on: {}.\n\n{}\n![How many times faster the concurrent listings are]({FIGURES}/bench.svg)\n\n\
         What each teaches:\n\n",
        report.machine(),
        report.markdown_rows(|_| true)
    );
    // Writing to a String cannot fail.
    for measured in report.comparisons() {
        if let Some(lesson) = &measured.lesson {
            let _ = writeln!(text, "- **{}**: {lesson}", measured.name);
        }
    }
    for load in report.loads() {
        let _ = write!(
            text,
            "\n### {} under load\n\n{} The table has {}; \"relation\" is the median of the \
             rounds' ratios to the last of the listings.\n\n{}",
            load.name,
            load.lesson.as_deref().unwrap_or_default(),
            load.what(),
            load.markdown()
        );
    }
    let _ = writeln!(text, "\n### How cost grows with work\n");
    if curves.machine().to_string() != report.machine().to_string() {
        let _ = writeln!(text, "Measured on: {}.\n", curves.machine());
    }
    for curve in curves.curves() {
        let _ = write!(
            text,
            "**{}.** {}\n\n![{0}]({FIGURES}/{})\n\n<details><summary>The figures</summary>\n\n{}\n</details>\n\n",
            curve.name,
            curve.lesson.as_deref().unwrap_or_default(),
            figure(&curve.name),
            curve.markdown()
        );
    }
    let skipped: Vec<String> = report
        .skipped()
        .into_iter()
        .chain(curves.skipped().iter().cloned())
        .collect();
    if !skipped.is_empty() {
        let _ = writeln!(text, "Not measured there:\n\n- {}", skipped.join("\n- "));
    }
    text
}

/// `scale-requests-at-once.svg`.
fn figure(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    format!("scale-{}.svg", words.join("-").to_lowercase())
}

/// Writes `new` between the markers of `part`; without it, only looks whether they are there.
fn update(readme: &Path, part: &str, new: Option<&str>) -> anyhow::Result<()> {
    let change = || {
        let text = fs::read_to_string(readme)?;
        let changed = markers::replace(&text, part, new.unwrap_or_default())?;
        if new.is_some() {
            fs::write(readme, changed)?;
        }
        anyhow::Ok(())
    };
    change().with_context(|| format!("cannot change {}", readme.display()))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
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
