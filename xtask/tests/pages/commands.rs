//! The commands on the pages work, and CONTRIBUTING.md's walks lead where they say.

use serde_json::Value;

use crate::markdown::{Block, Page};
use crate::{WORKSPACE, assert_none, files, packages, read};

/// The parts of CONTRIBUTING.md that are done in a workspace of their own, in this order.
const WALKS: [&str; 4] = [
    "Add a chapter",
    "Add a listing",
    "Add an experiment",
    "Add a comparison, a curve, a figure",
];

/// The commands of a block: the lines of a script, or what follows a prompt.
fn commands(block: &Block) -> Vec<&str> {
    let script = block.language == "sh";
    let lines = block.text.lines();
    let typed = lines.filter_map(|line| match script {
        true => Some(line),
        false => line.strip_prefix("$ "),
    });
    // Without the comment and the spaces before it.
    let commands = typed.map(|line| line.split(" #").next().unwrap_or(line).trim());
    commands
        .filter(|it| !it.is_empty() && !it.starts_with('#'))
        .collect()
}

/// What is wrong with a command that a page names.
fn check(command: &str) -> Result<(), String> {
    let words = shell_words::split(command).map_err(|error| error.to_string())?;
    let variable = |word: &&str| {
        word.split_once('=')
            .is_some_and(|(name, _)| is_constant(name))
    };
    let words = words.iter().map(String::as_str).skip_while(variable);
    let words: Vec<&str> = words.collect();
    let after = |flag: &str| words.windows(2).find(|it| it[0] == flag).map(|it| it[1]);
    match words[..] {
        ["cargo", "xtask", "run" | "timeline", wanted, ..] if !is_constant(wanted) => {
            let found = WORKSPACE.find(wanted);
            found.map(drop).map_err(|error| error.to_string())
        }
        ["cargo", "xtask", "list", chapter, ..] => {
            let found = WORKSPACE.chapter(chapter);
            found.map(drop).map_err(|error| error.to_string())
        }
        ["cargo", "xtask", name, ..] => {
            let known = HELP.contains(&format!("\n  {name} ")) || name == "--help";
            known.then_some(()).ok_or(format!("there is no {name}"))
        }
        ["cargo", "run" | "test", ..] => {
            let named = |it: &Value, name: &str| it["name"] == name;
            let mut chosen = packages();
            if let Some(name) = after("-p") {
                chosen.retain(|it| named(it, name));
            }
            let mut targets = chosen
                .iter()
                .flat_map(|it| it["targets"].as_array().unwrap());
            let target = after("--bin").or(after("--test")).unwrap_or("<binary>");
            let known = target == "<binary>" || targets.any(|it| named(it, target));
            let known = known && !chosen.is_empty();
            known
                .then_some(())
                .ok_or("there is no such program".to_owned())
        }
        ["cargo", "build" | "fmt" | "xtask", ..] => Ok(()),
        _ => Err("this test does not know it".to_owned()),
    }
}

static HELP: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    let xtask = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("--help")
        .output();
    String::from_utf8(xtask.unwrap().stdout).unwrap()
});

/// Whether it stands for something, as NAME does, or names a variable.
fn is_constant(word: &str) -> bool {
    word.chars().all(|it| it.is_ascii_uppercase() || it == '_')
}

#[test]
fn all_commands_name_what_there_is() {
    let mut wrong = Vec::new();
    for path in files("md") {
        let page = Page::parse(&read(&path));
        let outside = page
            .blocks
            .iter()
            .filter(|it| !WALKS.contains(&&*it.section));
        let in_text = page.spans.iter().map(String::as_str);
        let in_text = in_text.filter(|span| span.split(' ').any(|word| word == "cargo"));
        for command in outside.flat_map(commands).chain(in_text) {
            if let Err(error) = check(command) {
                wrong.push(format!("{}: `{command}`: {error}", path.display()));
            }
        }
    }
    assert_none(&wrong, "these commands do not work");
    for wrong in [
        "cargo xtask runn 2.9",
        "cargo xtask run 2.99",
        "cargo xtask list 99",
        "cargo run -p ch02-basic --bin listing_2_09_multiple_tasks",
        "A=b cargo run -p ch02-basics --bin listing_2_09",
        "cargo tset --workspace",
    ] {
        assert!(check(wrong).is_err(), "{wrong}");
    }
}

#[cfg(unix)]
mod as_a_reader {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;
    use std::thread;

    use super::{WALKS, commands};
    use crate::markdown::{Block, Page};
    use crate::shell::Shell;
    use crate::{WORKSPACE, read};

    /// Commands that are only read, and why.
    const TOO_LARGE: [(&str, &str); 4] = [
        ("cargo xtask bench", "it takes many minutes"),
        (
            "cargo xtask book --open",
            "it compiles mdBook and opens a browser",
        ),
        ("cargo test --workspace", "it is what runs this"),
        (
            "RUSTFLAGS=\"--cfg models\" cargo test --target-dir target/models -p ch06-cpu \
             --test models",
            "it compiles everything once more; the gate runs it",
        ),
    ];

    #[test]
    fn the_commands_of_the_front_pages_run() {
        let shell = Shell::new(&WORKSPACE.root);
        let pages = ["README.md", "CONTRIBUTING.md"].map(|path| Page::parse(&read(path)));
        let blocks = pages.iter().flat_map(|page| &page.blocks);
        let outside = blocks.filter(|block| !WALKS.contains(&&*block.section));
        let mut all: BTreeSet<&str> = outside.flat_map(commands).collect();
        for (large, _) in TOO_LARGE {
            assert!(all.remove(large), "no page has `{large}` any more");
        }
        assert!(all.len() >= 3, "{all:?}");
        thread::scope(|scope| {
            for command in all {
                scope.spawn(|| shell.run(command));
            }
        });
        let aliases = shell.run("cargo --list");
        let alias = "alias: run --release --quiet --package xtask --";
        assert!(aliases.contains(alias), "{aliases}");
    }

    /// The top of a workspace like this one: its manifest without its chapters, where `util` is
    /// this one's.
    fn write_top(folder: &Path) {
        let manifest = read("Cargo.toml");
        let (before, rest) = manifest.split_once("members = [").unwrap();
        let (_, after) = rest.split_once(']').unwrap();
        let manifest = format!("{before}members = [\"ch*\"]{after}");
        let path = format!("path = \"{}/", WORKSPACE.root.display());
        let manifest = manifest.replace("path = \"", &path);
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::create_dir(folder.join(".cargo")).unwrap();
        for file in ["Cargo.lock", ".cargo/config.toml"] {
            fs::copy(WORKSPACE.root.join(file), folder.join(file)).unwrap();
        }
    }

    /// Writes the file that a block shows, or adds the block to it.
    fn write(folder: &Path, block: &Block) {
        let path = folder.join(&block.before);
        let text = match fs::read_to_string(&path) {
            Ok(old) => format!("{old}\n{}", block.text),
            Err(_) => block.text.clone(),
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
        let page = Page::parse(&read("CONTRIBUTING.md"));
        let mut printed = String::new();
        for walk in WALKS {
            let steps: Vec<&Block> = page.blocks.iter().filter(|it| it.section == walk).collect();
            assert!(!steps.is_empty(), "there is no walk '{walk}'");
            for step in steps {
                if step.language == "sh" {
                    printed.extend(commands(step).into_iter().map(|it| shell.run(it)));
                } else {
                    write(folder, step);
                }
            }
        }
        for part in [
            "served 1\nserved 2\nserved 3\n",
            "test listing_12_01_sequential ... ok",
            "What if you forget the `await`?",
            "ch12-queues                  1          1\n",
            "customers",
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
        let row = "| `listing_12_01_customers`, `listing_12_01_sequential` |";
        assert!(readme.contains(row), "{readme}");
        let figure = fs::read_to_string(chapter.join("figures/customers.svg")).unwrap();
        assert!(figure.contains("customer=3"), "{figure}");
    }
}
