//! Runs the commands of a page as a reader would, with what the tests have built: a `cargo` that
//! knows no `--release`, so that nothing is compiled a second time.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// `cargo xtask` is the one under test; what measures is built where the workspace has it.
const CARGO: &str = r#"#!/bin/sh
if [ "$1" = xtask ]; then
    shift
    case "$1 $MEASURE" in
        bench\ /* | scale\ /* | figures\ /*) exec "$MEASURE" "$@" ;;
        *) exec "$XTASK" "$@" ;;
    esac
fi
for word; do
    shift
    [ "$word" = --release ] || set -- "$@" "$word"
done
unset CARGO
exec "$REAL_CARGO" "$@"
"#;

/// Where the tests are built.
fn target() -> &'static Path {
    let target = Path::new(env!("CARGO_BIN_EXE_xtask")).ancestors().nth(2);
    target.unwrap()
}

/// A shell in a folder.
pub struct Shell {
    folder: PathBuf,
    bin: TempDir,
    measure: Option<PathBuf>,
}

impl Shell {
    pub fn new(folder: &Path) -> Self {
        let bin = tempfile::tempdir().unwrap();
        let cargo = bin.path().join("cargo");
        fs::write(&cargo, CARGO).unwrap();
        fs::set_permissions(cargo, fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            folder: folder.to_owned(),
            bin,
            measure: None,
        }
    }

    /// The same for a workspace that does not have what measures, so that it cannot be built there.
    pub fn with_measure(self) -> Self {
        let home = Self::new(&super::root());
        home.run("cargo build --quiet --package xtask-measure");
        Self {
            measure: Some(target().join("debug/xtask-measure")),
            ..self
        }
    }

    /// Runs a line, which must succeed, and gives what it printed.
    pub fn run(&self, line: &str) -> String {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
        let path = env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", self.bin.path().display());
        let mut shell: Command = util_testing::command("sh");
        shell
            .args(["-c", line])
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("CARGO", self.bin.path().join("cargo"))
            .env("REAL_CARGO", cargo)
            .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
            .env("MEASURE", self.measure.as_deref().unwrap_or(Path::new("")))
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true");
        let output = shell.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "`{line}` failed with {}:\n{}{}",
            output.status,
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stdout)
    }
}

/// The words of a line, without its comment; quotes keep one together.
pub fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut quote, mut inside) = (None, false);
    for character in line.chars() {
        match character {
            '"' | '\'' if quote.is_none() => {
                quote = Some(character);
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
            }
            _ if quote == Some(character) => quote = None,
            '#' if !inside => break,
            ' ' if quote.is_none() => inside = false,
            _ => {
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
                if let Some(word) = words.last_mut() {
                    word.push(character);
                }
            }
        }
    }
    words
}
