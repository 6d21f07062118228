//! Runs the commands of a page as a reader would, with what the tests have built: a `cargo` that
//! knows no `--release`, so that nothing is compiled a second time.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// `cargo xtask` is the one under test; what measures is that of this workspace.
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

/// A shell in a folder.
pub struct Shell {
    folder: PathBuf,
    bin: TempDir,
    /// What measures, for a workspace that does not have it.
    measure: PathBuf,
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
            measure: PathBuf::new(),
        }
    }

    pub fn with_measure(mut self) -> Self {
        let home = Self::new(&crate::WORKSPACE.root);
        home.run("cargo build --quiet --workspace --bin xtask-measure --bin xtask-launch");
        self.measure = Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("xtask-measure");
        self
    }

    /// Runs a line, which must succeed, and gives what it printed.
    pub fn run(&self, line: &str) -> String {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
        let path = env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", self.bin.path().display());
        let target = Path::new(env!("CARGO_BIN_EXE_xtask")).ancestors().nth(2);
        let mut shell: std::process::Command = util_testing::command("sh");
        shell
            .args(["-c", line])
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("CARGO", self.bin.path().join("cargo"))
            .env("REAL_CARGO", cargo)
            .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
            .env("MEASURE", &self.measure)
            .env("CARGO_TARGET_DIR", target.unwrap())
            .env("CARGO_NET_OFFLINE", "true");
        let output = shell.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        let status = output.status;
        assert!(status.success(), "`{line}`: {status}:\n{stdout}{stderr}");
        stdout
    }
}
