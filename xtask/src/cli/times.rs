//! `cargo xtask run N --times 20`: which lines of a listing's output move from run to run.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use xtask::output::print;

/// Runs a listing `times` times and prints the lines of the first run, each with the number of runs
/// that had it in the same place.
///
/// # Errors
/// If it cannot be started, or fails.
pub fn times(binary: &Path, args: &[OsString], times: u32) -> anyhow::Result<ExitCode> {
    let mut runs: Vec<Vec<String>> = Vec::new();
    for _ in 0..times {
        let output = Command::new(binary).args(args).output();
        let output = output.with_context(|| format!("cannot start {}", binary.display()))?;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "{}: {stderr}", output.status);
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        runs.push(stdout.lines().map(without_numbers).collect());
    }
    print(&compared(&runs))?;
    Ok(ExitCode::SUCCESS)
}

/// Measured times differ in every run, and do not count as moves.
fn without_numbers(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let decimal = word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit());
        if decimal { "[..]" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn compared(runs: &[Vec<String>]) -> String {
    let longest = runs.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for place in 0..longest {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in runs.iter().filter_map(|run| run.get(place)) {
            *counts.entry(line).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut number = (place + 1).to_string();
        for (line, count) in counts {
            let some = format!("{count} of {}", runs.len());
            let mark = if count == runs.len() { "" } else { &some };
            text += &format!("{number:>3}  {mark:>9}  {line}\n");
            number.clear();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_move_are_shown_with_their_numbers() {
        let run = |lines: &[&str]| lines.iter().map(|line| without_numbers(line)).collect();
        let runs = [
            run(&["start", "a took 0.12 s", "b"]),
            run(&["start", "b", "a took 0.13 s"]),
            run(&["start", "a took 0.14 s", "b"]),
        ];
        assert_eq!(
            compared(&runs),
            "  1             start\n  2     2 of 3  a took [..] s\n        1 of 3  b\n  \
             3     2 of 3  b\n        1 of 3  a took [..] s\n"
        );
    }
}
