//! `cargo xtask try --check`: proves that every change is noticed.
//!
//! Changes that cannot disturb each other are built and tested together, in rounds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use xtask::build;
use xtask::output::print;
use xtask::what_if::{Copy, Experiment};
use xtask::workspace::Workspace;

/// How often a test may run until it ends as it should: some depend on chance.
const ATTEMPTS: usize = 3;

/// Checks `experiments`, says what is wrong with which, and gives the exit code.
pub fn check(workspace: &Workspace, experiments: &[Experiment]) -> anyhow::Result<i32> {
    ensure!(!experiments.is_empty(), "there is no such experiment");
    let mut check = Check {
        workspace,
        copy: Copy::of(workspace)?,
        wrong: BTreeSet::new(),
    };
    let (refused, tested): (Vec<_>, Vec<_>) = experiments.iter().partition(|it| it.is_refused());
    check.wants("ok", "passes without the change", &tested)?;
    let rounds = rounds(&workspace.root, tested);
    for (round, number) in rounds.iter().zip(1..) {
        let start = Instant::now();
        let changed = check.change(round);
        check.wants("FAILED", "fails with the change", &changed)?;
        check.restore(round)?;
        let (rounds, changes, seconds) = (rounds.len(), round.len(), start.elapsed().as_secs());
        eprintln!("round {number} of {rounds}: {changes} changes, {seconds} s");
    }
    for it in refused {
        check.wants_error(it)?;
    }
    print(&check.table(experiments))?;
    Ok(i32::from(!check.wrong.is_empty()))
}

struct Check<'a> {
    workspace: &'a Workspace,
    copy: Copy<'a>,
    /// The names of the experiments that something is wrong with.
    wrong: BTreeSet<String>,
}

impl Check<'_> {
    fn note(&mut self, experiment: &Experiment, problem: &str) {
        let (chapter, name) = (&experiment.chapter.name, &experiment.name);
        eprintln!("{chapter}/what-if/{name}.patch: {problem}");
        self.wrong.insert(name.clone());
    }

    /// Makes the changes, and gives the experiments whose changes can be made.
    fn change<'e>(&mut self, round: &[&'e Experiment<'e>]) -> Vec<&'e Experiment<'e>> {
        let mut changed = round.to_vec();
        changed.retain(|it| match self.copy.change(it) {
            Ok(()) => true,
            Err(problem) => {
                self.note(it, &format!("{problem:#}"));
                false
            }
        });
        changed
    }

    fn restore(&self, round: &[&Experiment]) -> anyhow::Result<()> {
        round.iter().try_for_each(|it| self.copy.restore(it))
    }

    /// A build of the tests of all chapters. With `--workspace`, Cargo need not compile the
    /// dependencies again after `cargo test --workspace`.
    fn cargo(&self, stderr: Stdio) -> Command {
        let mut cargo = build::cargo();
        cargo.stderr(stderr);
        cargo.args(["--quiet", "--workspace", "--keep-going"]);
        for chapter in &self.workspace.chapters {
            let tests = fs::read_dir(self.workspace.root.join(&chapter.name).join("tests"));
            for path in tests.into_iter().flatten().flatten().map(|it| it.path()) {
                if path.extension().is_some_and(|it| it == "rs") {
                    cargo.arg("--test").args(path.file_stem());
                }
            }
        }
        self.copy.build_with(&mut cargo);
        cargo
    }

    /// Wants a compiler's error.
    fn wants_error(&mut self, experiment: &Experiment) -> anyhow::Result<()> {
        for it in self.change(&[experiment]) {
            let output = self.cargo(Stdio::piped()).output()?;
            let said = String::from_utf8_lossy(&output.stderr);
            let file = it.file.file_name().unwrap_or_default().to_string_lossy();
            let code = it.noticed_by.get(1).map_or("error", |code| code);
            if output.status.success() || !said.contains(&*file) || !said.contains(code) {
                self.note(it, &format!("the compiler says no {code}"));
            }
        }
        self.restore(&[experiment])
    }

    /// Wants every test of a round to end as `wanted`.
    fn wants(&mut self, end: &str, wish: &str, round: &[&Experiment]) -> anyhow::Result<()> {
        let built = build::run(self.cargo(Stdio::null()))
            .or_else(|_| build::run(self.cargo(Stdio::inherit())))?;
        let mut open: BTreeSet<_> = round.iter().flat_map(|it| &it.noticed_by).collect();
        for _ in 0..ATTEMPTS {
            let mut running = Vec::new();
            for harness in built.tests() {
                let mut command = Command::new(harness);
                command.args(&open).current_dir(&self.copy.root);
                command.stdout(Stdio::piped()).stderr(Stdio::null());
                running.push(command.spawn().context("cannot run the tests")?);
            }
            for harness in running {
                let output = harness.wait_with_output()?;
                for line in String::from_utf8_lossy(&output.stdout).lines() {
                    // `test module::name ... ok`
                    let test = line
                        .strip_suffix(end)
                        .and_then(|it| it.strip_suffix(" ... "));
                    let name = test.and_then(|it| it.rsplit([' ', ':']).next());
                    open.retain(|it| Some(it.as_str()) != name);
                }
            }
            if open.is_empty() {
                break;
            }
        }
        for it in round {
            if let Some(test) = it.noticed_by.iter().find(|test| open.contains(test)) {
                self.note(it, &format!("no test {test} {wish}"));
            }
        }
        Ok(())
    }

    /// How many experiments each chapter has.
    fn table(&self, experiments: &[Experiment]) -> String {
        let mut table = "chapter            experiments  questions  wrong\n".to_owned();
        for group in experiments.chunk_by(|a, b| a.chapter.name == b.chapter.name) {
            let (chapter, count) = (&group[0].chapter.name, group.len());
            let questions = group.iter().filter(|it| !it.answer.is_empty()).count();
            let wrong = group
                .iter()
                .filter(|it| self.wrong.contains(&it.name))
                .count();
            table += &format!("{chapter:17}  {count:11}  {questions:9}  {wrong:5}\n");
        }
        table
    }
}

/// Divides `experiments` so that no change disturbs the tests of another one in its round.
fn rounds<'e>(root: &Path, experiments: Vec<&'e Experiment<'e>>) -> Vec<Vec<&'e Experiment<'e>>> {
    let mut rounds: Vec<Vec<&Experiment>> = Vec::new();
    for it in experiments {
        let fits = |other: &&Experiment| !disturbs(root, it, other) && !disturbs(root, other, it);
        match rounds.iter_mut().find(|round| round.iter().all(fits)) {
            Some(round) => round.push(it),
            None => rounds.push(vec![it]),
        }
    }
    rounds
}

/// Whether `change` may decide how the tests of `other` end.
fn disturbs(root: &Path, change: &Experiment, other: &Experiment) -> bool {
    let is_library = |it: &Experiment| !it.file.parent().is_some_and(|it| it.ends_with("bin"));
    let changed = match change.file.file_stem() {
        Some(program) if !is_library(change) => program.display().to_string(),
        _ => change.chapter.name.replace('-', "_"),
    };
    let uses = || {
        let source = fs::read_to_string(root.join(&other.file));
        source.is_ok_and(|it| it.contains(&changed)) || is_library(change) && is_library(other)
    };
    change
        .noticed_by
        .iter()
        .any(|test| other.noticed_by.contains(test))
        || change.file == other.file
        || change.chapter.name == other.chapter.name && uses()
}
