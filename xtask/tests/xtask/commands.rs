//! The commands on the pages work, and CONTRIBUTING.md's walks lead where they say.

use std::process::Command;
use std::sync::LazyLock;

use crate::markdown::{Block, Page};
use crate::{WORKSPACE, assert_none, files, packages, read};

/// The parts of CONTRIBUTING.md that are done in a workspace of their own, in this order.
const WALKS: [&str; 4] = [
    "Add a chapter",
    "Add a listing",
    "Add an experiment",
    "Add a comparison, a curve, a figure",
];

static HELP: LazyLock<String> = LazyLock::new(|| {
    let xtask = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("--help")
        .output();
    String::from_utf8(xtask.unwrap().stdout).unwrap()
});

/// The commands of a block: the lines of a script, or what follows a prompt.
fn commands(block: &Block) -> Vec<&str> {
    let prompt = if block.language == "sh" { "" } else { "$ " };
    let lines = block
        .text
        .lines()
        .filter_map(|line| line.strip_prefix(prompt));
    // Without the comment and the spaces before it.
    let commands = lines.map(|line| line.split('#').next().unwrap_or(line).trim());
    commands.filter(|it| !it.is_empty()).collect()
}

/// Whether a command names what there is.
fn is_known(command: &str) -> bool {
    let words = shell_words::split(command).unwrap();
    let words = words.iter().map(String::as_str);
    let words: Vec<&str> = words.skip_while(|word| word.contains('=')).collect();
    match &words[..] {
        ["cargo", "xtask", "run" | "timeline", wanted, ..] => WORKSPACE.find(wanted).is_ok(),
        ["cargo", "xtask", "list", chapter, ..] => WORKSPACE.chapter(chapter).is_ok(),
        ["cargo", "xtask", name, ..] => *name == "--help" || HELP.contains(&format!("\n  {name} ")),
        ["cargo", "run" | "test" | "build", rest @ ..] => rest.windows(2).all(|it| match it {
            ["-p", package] => packages().iter().any(|it| it["name"] == *package),
            ["--bin", name] => *name == "<binary>" || WORKSPACE.binary(name).is_some(),
            _ => true,
        }),
        ["cargo", "deny" | "fmt" | "xtask", ..] => true,
        _ => false,
    }
}

#[test]
fn all_commands_name_what_there_is() {
    let mut wrong = Vec::new();
    for path in files("md") {
        let page = Page::parse(&read(&path));
        let blocks = page.blocks.iter();
        let outside = blocks.filter(|it| !WALKS.contains(&&*it.section));
        let in_text = page.spans.iter().map(String::as_str);
        let in_text = in_text.filter(|span| span.split(' ').any(|word| word == "cargo"));
        let all = outside.flat_map(commands).chain(in_text);
        let unknown = all.filter(|command| !is_known(command));
        wrong.extend(unknown.map(|command| format!("{}: `{command}`", path.display())));
    }
    assert_none(&wrong, "these commands do not work");
    for wrong in [
        "cargo xtask runn 2.9",
        "cargo xtask run 2.99",
        "cargo run -p ch02-basic",
        "A=b cargo run -p ch02-basics --bin listing_2_09",
        "cargo tset --workspace",
    ] {
        assert!(!is_known(wrong), "{wrong}");
    }
}

#[cfg(unix)]
mod as_a_reader {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;
    use std::thread;

    use serde_json::Value;

    use super::{WALKS, commands};
    use crate::markdown::{Block, Page};
    use crate::shell::Shell;
    use crate::{WORKSPACE, packages, read};

    /// Commands that are only read: they take many minutes, open a browser, or run this.
    const TOO_LARGE: [&str; 4] = [
        "cargo xtask bench",
        "cargo xtask book --open",
        "cargo test --workspace",
        "RUSTFLAGS=\"--cfg models\" cargo test --target-dir target/models -p ch06-cpu --test models",
    ];

    #[test]
    fn the_commands_of_the_front_pages_run() {
        let shell = Shell::new(&WORKSPACE.root);
        let pages = ["README.md", "CONTRIBUTING.md"].map(|path| Page::parse(&read(path)));
        let blocks = pages.iter().flat_map(|page| &page.blocks);
        let outside = blocks.filter(|block| !WALKS.contains(&&*block.section));
        let mut all: BTreeSet<&str> = outside.flat_map(commands).collect();
        for large in TOO_LARGE {
            assert!(all.remove(large), "no page has `{large}` any more");
        }
        assert!(all.len() >= 3, "{all:?}");
        thread::scope(|scope| {
            for command in all {
                scope.spawn(|| shell.run(command));
            }
        });
        let aliases = shell.run("cargo --list");
        let alias = "alias: run --release --quiet --bin xtask --";
        assert!(aliases.contains(alias), "{aliases}");
    }

    /// The top of a workspace like this one: its manifest without its chapters, where `util` is
    /// this one's.
    fn write_top(folder: &Path) {
        let manifest = read("Cargo.toml");
        let (before, rest) = manifest.split_once("members = [").unwrap();
        let (_, after) = rest.split_once(']').unwrap();
        let manifest = format!("{before}members = [\"ch*\", \"others\"]{after}");
        let path = format!("path = \"{}/", WORKSPACE.root.display());
        let manifest = manifest.replace("path = \"", &path);
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::create_dir(folder.join(".cargo")).unwrap();
        for file in ["Cargo.lock", ".cargo/config.toml"] {
            fs::copy(WORKSPACE.root.join(file), folder.join(file)).unwrap();
        }
        write_others(&folder.join("others"));
    }

    /// A package in place of all others, which asks of each crate what they ask. So the crates have
    /// the features with which the tests have compiled them, and are not compiled once more.
    fn write_others(folder: &Path) {
        let packages = packages();
        let lists = packages.iter().map(|it| &it["dependencies"]);
        let here = [Value::Null, "cfg(unix)".into()];
        let names: BTreeSet<_> = lists
            .flat_map(|list| list.as_array().unwrap())
            .filter(|it| it["source"].is_string() && it["optional"] == false)
            .filter(|it| here.contains(&it["target"]))
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        let mut manifest = "[package]\nname = \"others\"\nedition = \"2024\"\n\
            [lib]\ntest = false\ndoctest = false\n[dependencies]\n"
            .to_owned();
        for name in names {
            manifest += &format!("{name}.workspace = true\n");
        }
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("src/lib.rs"), "//! Empty.\n").unwrap();
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
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
        let shell = Shell::new(folder);
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
            "ch12-queues                  1\n",
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
        let row = "| `listing_12_01_customers`, `listing_12_01_sequential` |";
        assert!(readme.contains(row), "{readme}");
        let figure = fs::read_to_string(chapter.join("figures/customers.svg")).unwrap();
        assert!(figure.contains("customer=3"), "{figure}");
    }
}
