//! A small workspace for the tests of `xtask` and of `xtask-measure`: one chapter.
#![allow(dead_code, reason = "neither uses all of it")]

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use snapbox::cmd::{Command, OutputAssert};
use tempfile::TempDir;

/// The chapter's listings: their names, and their sources.
const LISTINGS: [(&str, &str); 5] = [
    (
        "listing_1_01_one_by_one",
        include_str!("listing_1_01_one_by_one.rs"),
    ),
    (
        "listing_1_01_together",
        include_str!("listing_1_01_together.rs"),
    ),
    (
        "listing_1_02_arguments",
        include_str!("listing_1_02_arguments.rs"),
    ),
    ("listing_1_03_echo", include_str!("listing_1_03_echo.rs")),
    ("recorded", include_str!("recorded.rs")),
];

/// The tables of its manifest, in the workspace that tests share.
const TABLES: &str = include_str!("tables.toml");

/// Writes a workspace with the chapter, whose manifest ends with `tables`.
pub fn write_workspace(root: &Path, tables: &str) {
    let chapter = root.join("ch01-demo");
    fs::create_dir_all(chapter.join("src/bin")).unwrap();
    let write = |file: &str, text: &str| fs::write(chapter.join(file), text).unwrap();
    let manifest = "[package]\nname = \"ch01-demo\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                    description = \"Chapter 1: a demonstration\"\n[features]\ntls = []\n";
    write("Cargo.toml", &format!("{manifest}{tables}"));
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"ch01-demo\"]\n";
    write("../Cargo.toml", members);
    write("src/lib.rs", "pub mod shared;\n");
    write("src/shared.rs", "//! Example: What listings share.\n");
    for (name, source) in LISTINGS {
        write(&format!("src/bin/{name}.rs"), source);
    }
}

/// A workspace of its own.
pub fn workspace(tables: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_workspace(folder.path(), tables);
    folder
}

/// One workspace, built once, for the tests that only read it.
pub fn shared() -> &'static Path {
    static SHARED: OnceLock<TempDir> = OnceLock::new();
    SHARED.get_or_init(|| workspace(TABLES)).path()
}

/// The command that runs `binary` in `folder`, free of what the tester's environment sets.
pub fn command(binary: &str, folder: &Path) -> Command {
    util_testing::listing(binary)
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_NET_OFFLINE", "true")
        .timeout(5 * util_testing::TIMEOUT)
}

/// What it printed, and what it wrote on stderr.
pub fn said(output: &OutputAssert) -> [String; 2] {
    let output = output.get_output();
    [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it).into_owned())
}
