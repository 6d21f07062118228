//! `cargo xtask try`: shows what happens if a line of a listing is another.

use std::io;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Args;
use diffy::{Patch, PatchFormatter};
use subprocess::{Exec, Redirection};
use xtask::build::binaries;
use xtask::output::{print, width};
use xtask::what_if::{Copy, Experiment, experiments};
use xtask::workspace::Workspace;

use crate::check::check;
use crate::run::build;

/// What `try` takes.
#[derive(Args, Debug)]
pub struct Try {
    /// The listing's number, or part of its name; without it, all experiments are listed
    listing: Option<String>,
    /// The experiment's number in the list
    number: Option<usize>,
    /// Prove that the tests that an experiment names fail with its change: of all experiments, or of
    /// those with PART in their files' names
    #[arg(long, value_name = "PART", num_args = 0..=1, default_missing_value = "")]
    #[arg(conflicts_with = "listing")]
    check: Option<String>,
}

/// A listing may take this long.
const LIMIT: Duration = Duration::from_secs(60);

/// A changed one may take this much longer than twice the listing's time: the requests of 7.7 take half
/// a second together, and 22 s one after the other.
const MORE: Duration = Duration::from_secs(25);

/// How many lines of a program's output are shown: of its begin, and of its end.
const LINES: usize = 20;

/// Lists experiments, shows one, or checks them. Gives the exit code.
pub fn attempt(workspace: &Workspace, options: &Try) -> anyhow::Result<i32> {
    let mut found = experiments(workspace)?;
    if let Some(part) = &options.check {
        found.retain(|it| it.path.contains(part));
    } else if let Some(wanted) = &options.listing {
        let (_, listing) = workspace.find(wanted)?;
        found.retain(|it| it.listing.prefix() == listing.prefix());
    }
    ensure!(!found.is_empty(), "there is no such experiment");
    if options.check.is_some() {
        return check(workspace, &found);
    }
    if let Some(number) = options.number {
        let experiment = number.checked_sub(1).and_then(|at| found.get(at));
        let problem = || format!("there are {} experiments", found.len());
        show(workspace, experiment.with_context(problem)?)?;
    } else {
        print(&list(&found))?;
    }
    Ok(0)
}

/// The experiments, numbered for each listing and its variants.
fn list(experiments: &[Experiment]) -> String {
    let mut text = String::new();
    for group in experiments.chunk_by(|a, b| a.listing.prefix() == b.listing.prefix()) {
        let listing = group[0].listing;
        text += &format!("{}: {}\n", listing.name(), listing.header.title);
        for (experiment, number) in group.iter().zip(1..) {
            text += &format!("  {number}  {}\n", experiment.question);
        }
    }
    text
}

/// Shows the question, the change, what the listing does with and without it, and the answer.
fn show(workspace: &Workspace, experiment: &Experiment) -> anyhow::Result<()> {
    let formatter = PatchFormatter::new().with_color();
    let hunks = Patch::from_str(&experiment.hunks)?;
    let (file, change) = (&experiment.file, formatter.fmt_patch(&hunks));
    print(&format!("{}\n\n{file}\n{change}\n", experiment.question))?;
    let copy = Copy::of(workspace)?;
    copy.change(experiment)?;
    if let Some(binary) = &experiment.listing.binary {
        let mut cargo = binaries(workspace, [binary.as_str()]);
        copy.build_with(&mut cargo);
        let changed = build(cargo, &copy.target.join("release"), binary);
        if experiment.is_refused() {
            ensure!(changed.is_err(), "the compiler takes it");
        } else if experiment.listing.ends_by_itself() {
            let cargo = binaries(workspace, [binary.as_str()]);
            let original = build(cargo, &workspace.target.join("release"), binary)?;
            let [original, changed] = [original, changed?].map(|it| Exec::cmd(it).cwd(&copy.root));
            let (took, before) = observe("the listing", original, LIMIT)?;
            let (_, after) = observe("changed", changed, MORE + 2 * took)?;
            print(&beside(&before, &after))?;
        } else {
            let changed = changed?.display().to_string();
            let programs = format!("  cargo xtask run {binary}\n  {changed}\n");
            print(&format!("Run both yourself:\n{programs}"))?;
        }
    }
    print(&format!("\n{}\n", experiment.answer))
}

/// How long `program` takes, and what it prints, below a line that says so.
fn observe(name: &str, program: Exec, limit: Duration) -> anyhow::Result<(Duration, Vec<String>)> {
    let start = Instant::now();
    let program = program.stdin(Redirection::Null);
    let program = program.stdout(Redirection::Pipe).stderr(Redirection::Merge);
    let mut job = program.start()?;
    let mut printed = Vec::new();
    let mut output = job.communicate()?.limit_time(limit);
    let ended = output.read_to(&mut printed, io::sink()).is_ok();
    job.kill()?;
    job.wait()?;
    let took = start.elapsed();
    let end = if ended { "" } else { ", and then it was ended" };
    let mut lines = vec![format!("{name}: {:.2} s{end}", took.as_secs_f64())];
    lines.extend(String::from_utf8_lossy(&printed).lines().map(String::from));
    let hidden = lines.len().saturating_sub(2 * LINES);
    if hidden > 0 {
        let what = format!("… {hidden} more lines …");
        lines.splice(LINES..LINES + hidden, [what]);
    }
    Ok((took, lines))
}

/// Two texts, side by side if the terminal is wide enough.
fn beside(left: &[String], right: &[String]) -> String {
    let longest = |lines: &[String]| lines.iter().map(|it| it.chars().count()).max().unwrap_or(0);
    let columns = longest(left);
    if width().is_none_or(|width| width < columns + 3 + longest(right)) {
        return format!("{}\n\n{}\n", left.join("\n"), right.join("\n"));
    }
    let rows = (0..left.len().max(right.len())).map(|row| {
        let line = |lines: &[String]| lines.get(row).cloned().unwrap_or_default();
        format!("{:columns$} │ {}\n", line(left), line(right))
    });
    rows.collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended() -> anyhow::Result<()> {
        let limit = Duration::from_secs(1);
        let hangs = Exec::cmd("sh").args(["-c", "while echo slept; do sleep 0.001; done"]);
        let (took, lines) = observe("changed", hangs, limit)?;
        assert!(took >= limit, "{took:?}");
        let said = &lines[0];
        assert!(said.starts_with("changed: "), "{said}");
        assert!(said.ends_with(" s, and then it was ended"), "{said}");
        assert_eq!(lines[1], "slept");
        assert_eq!(lines.len(), 2 * LINES + 1);
        assert!(lines[LINES].ends_with(" more lines …"), "{lines:?}");
        assert_eq!(lines[LINES + 1], "slept");
        Ok(())
    }
}
