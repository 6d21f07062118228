//! The commands on the pages work, and CONTRIBUTING.md's walks lead where they say.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod pages;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;

use cargo_metadata::{Metadata, MetadataCommand, Package};
use clap::{CommandFactory, Parser};
use pages::markdown::{Block, blocks, prose, spans};
use pages::shell::{Shell, words};
use pages::{files, page, root};
use xtask::options::{Cli, Command, Measure};
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;

/// The pages whose commands are run.
const RUN: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

/// Those that are only read, and why.
const TOO_LARGE: [(&str, &str); 4] = [
    ("cargo xtask bench", "half an hour"),
    (
        "cargo xtask book --open",
        "it compiles mdBook and opens a browser; the site's own tests build it",
    ),
    ("cargo test --workspace", "it is what runs this"),
    (
        "RUSTFLAGS=\"--cfg models\" cargo test --target-dir target/models -p ch06-cpu --test models",
        "it compiles everything once more; the gate runs it",
    ),
];

/// The parts of CONTRIBUTING.md that are done in a workspace of their own, in this order.
const WALKS: [&str; 3] = [
    "Add a chapter",
    "Add a listing",
    "Add a comparison, a curve, a figure",
];

/// A command of a block as it is typed: a line of a script, or what follows a prompt.
fn commands(block: &Block) -> Vec<String> {
    let script = block.language == "sh";
    let typed = block.lines.iter().filter_map(|line| match script {
        true => Some(*line),
        false => line.strip_prefix("$ "),
    });
    let typed = typed.filter(|line| !words(line).is_empty());
    // Without the comment and the spaces before it.
    let command = |line: &str| line.split(" #").next().unwrap().trim().to_owned();
    typed.map(command).collect()
}

#[test]
fn the_commands_of_the_front_pages_run() {
    let shell = Shell::new(&root());
    let pages = RUN.map(page);
    let blocks = pages.iter().flat_map(|page| blocks(page));
    let outside = blocks.filter(|block| !WALKS.contains(&block.section));
    let all: BTreeSet<String> = outside.flat_map(|block| commands(&block)).collect();
    for (large, _) in TOO_LARGE {
        assert!(all.contains(large), "no page has `{large}` any more");
    }
    let small = all
        .iter()
        .filter(|it| TOO_LARGE.iter().all(|(large, _)| large != it));
    let small: Vec<&String> = small.collect();
    assert!(small.len() >= 3, "{small:?}");
    thread::scope(|scope| {
        for command in small {
            scope.spawn(|| shell.run(command));
        }
    });
    let aliases = shell.run("cargo --list");
    let alias = "alias: run --release --quiet --package xtask --";
    assert!(aliases.contains(alias), "{aliases}");
}

/// What commands may speak of.
struct Known {
    workspace: Workspace,
    metadata: Metadata,
}

impl Known {
    fn load() -> Self {
        Self {
            workspace: Workspace::load().unwrap(),
            metadata: MetadataCommand::new().no_deps().exec().unwrap(),
        }
    }

    /// What is wrong with a command.
    fn check(&self, command: &str) -> Result<(), String> {
        let words = words(command);
        let is_variable = |word: &&String| word.split('=').next().is_some_and(is_constant);
        let words: Vec<&str> = words
            .iter()
            .skip_while(|word| word.contains('=') && is_variable(word))
            .map(String::as_str)
            .collect();
        match words[..] {
            ["cargo", "xtask", ref words @ ..] => self.check_xtask(words),
            ["cargo", "build" | "fmt" | "run" | "test", ref words @ ..] => self.check_cargo(words),
            _ => Err("this test does not know it".to_owned()),
        }
    }

    fn check_xtask(&self, words: &[&str]) -> Result<(), String> {
        // The text may speak of a command without its arguments.
        if let [name] = words
            && Cli::command().find_subcommand(name).is_some()
        {
            return Ok(());
        }
        let cli = match Cli::try_parse_from([&["xtask"], words].concat()) {
            Ok(cli) => cli,
            Err(error) if error.exit_code() == 0 => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        let listing = |wanted: &str| match self.workspace.find(wanted) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        let chosen = |filters: &[String]| {
            let mut manifests = Manifests::read(&self.workspace).unwrap();
            let filters: Vec<_> = filters
                .iter()
                .filter(|it| !is_constant(it))
                .cloned()
                .collect();
            let kept = manifests.keep(&filters, "table");
            kept.map_err(|error| error.to_string())
        };
        match cli.command {
            Command::Run(options) => listing(&options.listing),
            Command::Measure(Measure::Timeline(options)) => listing(&options.listing),
            Command::Measure(Measure::Bench(options)) => chosen(&options.filters),
            Command::Measure(Measure::Scale(options)) => chosen(&options.filters),
            _ => Ok(()),
        }
    }

    fn check_cargo(&self, words: &[&str]) -> Result<(), String> {
        let mut packages: Vec<&Package> = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().copied().unwrap_or_default();
            match *word {
                "--" => break,
                "-p" | "--package" => {
                    let name = value();
                    let found = self.metadata.packages.iter().find(|it| *it.name == name);
                    packages.push(found.ok_or(format!("there is no package {name}"))?);
                }
                "--bin" | "--test" => {
                    let name = value();
                    let mut targets = packages.iter().flat_map(|it| &it.targets);
                    let found = targets.any(|it| it.name == name) || name == "<binary>";
                    found
                        .then_some(())
                        .ok_or(format!("there is no target {name}"))?;
                }
                "--features" | "--manifest-path" | "--target-dir" => drop(value()),
                "--all" | "--check" | "--release" | "--workspace" => {}
                // Arguments of the program, or the name of a test.
                other if !other.starts_with('-') => {}
                other => return Err(format!("this test does not know {other}")),
            }
        }
        Ok(())
    }
}

/// Whether it stands for something, as NAME does, or names a variable.
fn is_constant(word: &str) -> bool {
    word.chars().all(|it| it.is_ascii_uppercase() || it == '_')
}

#[test]
fn all_commands_are_ones_that_xtask_and_cargo_take() {
    let known = Known::load();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files("md") {
        let page = page(&path);
        let in_blocks = blocks(&page);
        let in_blocks = in_blocks
            .iter()
            .filter(|it| !WALKS.contains(&it.section))
            .flat_map(commands);
        let prose = prose(&page);
        let in_text = spans(&prose)
            .map(|span| span.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|span| words(span).iter().any(|word| word == "cargo"));
        for command in in_blocks.chain(in_text) {
            count += 1;
            if let Err(error) = known.check(&command) {
                wrong.push(format!("{}: `{command}`: {error}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 30, "{count}");
}

#[test]
fn misspelt_commands_are_noticed() {
    let known = Known::load();
    for wrong in [
        "cargo xtask runn 2.9",
        "cargo xtask run 2.99",
        "cargo xtask bench --quik",
        "cargo xtask bench nothing",
        "cargo run -p ch02-basic",
        "cargo run -p ch02-basics --bin listing_2_09",
        "cargo tset --workspace",
        "cargo test --wrkspace",
        "A=b cargo xtask list 2 3",
    ] {
        assert!(known.check(wrong).is_err(), "{wrong}");
    }
    let right = "A=\"b c\" cargo xtask scale \"a pool\" --quick # and why";
    assert_eq!(known.check(right), Ok(()));
}

/// The top of a workspace like this one: its manifest without its chapters, where `util` is this
/// one's.
fn write_top(folder: &Path) {
    let root = root().canonicalize().unwrap();
    let manifest = page("Cargo.toml");
    let (before, rest) = manifest.split_once("members = [").unwrap();
    let (_, after) = rest.split_once(']').unwrap();
    let manifest = format!("{before}members = [\"ch*\"]{after}");
    let path = format!("path = \"{}/", root.display());
    fs::write(
        folder.join("Cargo.toml"),
        manifest.replace("path = \"", &path),
    )
    .unwrap();
    fs::create_dir(folder.join(".cargo")).unwrap();
    for file in ["Cargo.lock", ".cargo/config.toml"] {
        fs::copy(root.join(file), folder.join(file)).unwrap();
    }
}

/// Writes the file that a block shows, or adds the block to it.
fn write(folder: &Path, block: &Block) {
    let path = spans(block.before).last().unwrap();
    assert!(block.before.ends_with("`:"), "which file? {}", block.before);
    let path = folder.join(path);
    let text = block.lines.join("\n") + "\n";
    let text = match fs::read_to_string(&path) {
        Ok(old) => format!("{old}\n{text}"),
        Err(_) => text,
    };
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn the_walks_lead_where_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_top(folder);
    let shell = Shell::new(folder).with_measure();
    let page = page("CONTRIBUTING.md");
    let blocks = blocks(&page);
    let mut printed = String::new();
    for walk in WALKS {
        let steps: Vec<&Block> = blocks.iter().filter(|it| it.section == walk).collect();
        assert!(!steps.is_empty(), "there is no walk '{walk}'");
        for step in steps {
            if step.language == "sh" {
                for command in commands(step) {
                    printed += &shell.run(&command);
                }
            } else {
                write(folder, step);
            }
        }
    }
    for part in [
        "served 1\nserved 2\nserved 3\n",
        " 12.1 (sequential) ",
        "100 customers",
        "test listing_12_01_sequential ... ok",
    ] {
        assert!(printed.contains(part), "{part} is not in {printed}");
    }
    // What was written is in order, and all tests pass without writing anew.
    shell.run("cargo xtask readme --check");
    shell.run("cargo fmt --check");
    shell.run("cargo test -p ch12-queues");
    let chapter = folder.join("ch12-queues");
    let readme = fs::read_to_string(chapter.join("README.md")).unwrap();
    assert!(readme.starts_with("# Chapter 12: queues\n"), "{readme}");
    assert!(
        readme.contains("| `listing_12_01_customers`, `listing_12_01_sequential` |"),
        "{readme}"
    );
    let figure = fs::read_to_string(chapter.join("figures/customers.svg")).unwrap();
    assert!(figure.contains("serve(customer=3)"), "{figure}");
}
