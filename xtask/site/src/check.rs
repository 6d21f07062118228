//! Compares recordings with the expected output of the tests.

use std::fs;

use anyhow::Context;
use xtask::workspace::Workspace;

use crate::compare::{differences, fits_line};
use crate::recording::{Line, Place, Recording, Source};
use crate::sessions::Sessions;

/// A line for each listing whose recording does not fit the expected output of its tests, or that
/// has no recording.
///
/// # Errors
/// If a file cannot be read.
pub fn check(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let sessions = Sessions::read(workspace)?;
    for (chapter, listing) in workspace.listings() {
        let Some(binary) = listing
            .binary
            .as_deref()
            .filter(|it| !sessions.leaves_out(it))
        else {
            continue;
        };
        let Some(recording) = Recording::read(&workspace.root, binary)? else {
            wrong.push(format!("{binary} has not been recorded"));
            continue;
        };
        let expected = workspace
            .root
            .join(format!("{}/tests/expected/{binary}.txt", chapter.name));
        let in_terminal = recording
            .lines
            .iter()
            .any(|line| line.source == Source::Screen);
        if !expected.is_file() || recording.left_out > 0 || in_terminal {
            continue;
        }
        let pattern = fs::read_to_string(&expected)
            .with_context(|| format!("cannot read {}", expected.display()))?;
        let difference = difference(&recording, &pattern);
        match (difference, sessions.is_tested_differently(binary)) {
            (Some(difference), false) => {
                wrong.push(format!(
                    "{binary} did not print what its test expects: {difference}"
                ));
            }
            (None, true) => wrong.push(format!("{binary} prints what its test expects after all")),
            _ => {}
        }
    }
    Ok(wrong)
}

/// How a recording differs from the expected output. Lines that move may be in any order.
fn difference(recording: &Recording, pattern: &str) -> Option<String> {
    let output = recording
        .lines
        .iter()
        .filter(|line| line.source == Source::Output);
    let texts: Vec<String> = output.clone().map(Line::plain).collect();
    let difference = differences(&texts, pattern)?;
    if output.clone().all(|line| line.place == Place::Fixed) {
        return Some(difference);
    }
    let expected = |text: &String| pattern.lines().any(|wanted| fits_line(text, wanted));
    let found = |wanted: &str| texts.iter().any(|text| fits_line(text, wanted));
    let all = texts.iter().all(expected) && pattern.lines().all(found);
    (!all).then_some(difference)
}
