//! Compares recordings with the expected output of the tests.

use std::fs;

use anyhow::Context;
use snapbox::{Assert, IntoData};
use xtask::workspace::Workspace;

use crate::recording::{Line, Place, Recording, Source};
use crate::sessions::Sessions;

/// A text for each listing whose recording does not fit the expected output of its tests, or that
/// has no recording.
///
/// # Errors
/// If a file cannot be read.
pub fn check(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let sessions = Sessions::read(workspace)?;
    let mut wrong = Vec::new();
    for (chapter, listing) in workspace.listings() {
        let Some(binary) = listing.binary.as_deref() else {
            continue;
        };
        let Some(recording) = Recording::read(&workspace.root, binary)? else {
            wrong.push(format!("{binary} has not been recorded"));
            continue;
        };
        let expected = format!("{}/tests/expected/{binary}.txt", chapter.name);
        let expected = workspace.root.join(expected);
        let mut lines = recording.lines.iter();
        let in_terminal = lines.any(|line| line.source == Source::Screen);
        if !expected.is_file() || recording.left_out > 0 || in_terminal {
            continue;
        }
        let expected = fs::read_to_string(&expected)
            .with_context(|| format!("cannot read {}", expected.display()))?;
        let difference = difference(&recording.lines, &expected);
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

/// How recorded lines differ from the expected output. Lines that move may be in any order.
fn difference(lines: &[Line], expected: &str) -> Option<String> {
    let output = lines.iter().filter(|line| line.source == Source::Output);
    let moves = output.clone().any(|line| line.place != Place::Fixed);
    let printed: String = output.map(|line| line.plain() + "\n").collect();
    let expected = expected.into_data();
    let expected = if moves { expected.unordered() } else { expected };
    let assert = Assert::new().normalize_paths(false);
    let compared = assert.try_eq(None, printed.into_data(), expected);
    compared.err().map(|difference| difference.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_fits_its_pattern_and_moving_lines_fit_in_any_order() {
        let lines = |place| {
            ["a 1 b", "x", "end"].map(|text| Line {
                place,
                text: text.into(),
                ..Line::default()
            })
        };
        let (fixed, moves) = (lines(Place::Fixed), lines(Place::Moves));
        assert_eq!(difference(&fixed, "a [..] b\n...\nend\n"), None);
        assert_eq!(difference(&moves, "end\na [..] b\nx\n"), None);
        let wrong = difference(&fixed, "end\na [..] b\nx\n");
        assert!(wrong.is_some_and(|it| it.contains("a 1 b")));
        assert!(difference(&moves, "end\na [..] b\n").is_some());
    }
}
