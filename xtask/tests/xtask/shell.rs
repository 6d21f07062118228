//! Runs the commands of a page as a reader would, with what the tests have built: a `cargo` that
//! knows no `--release` and has the features of tests, so that nothing is compiled a second time. In
//! a workspace of a test it leaves out `-p` too: the features are those that all packages want.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// `cargo xtask` is the one under test; what measures is that of this workspace, because a
/// workspace of a test has none.
const CARGO: &str = r#"#!/bin/sh
if [ "$1" = xtask ]; then
    shift
    case "$1" in
        bench | scale | figures)
            (cd "$HOME_WORKSPACE" && "$CARGO" build --quiet --workspace \
                --bin xtask-measure --bin xtask-launch) && exec "$XTASK-measure" "$@" ;;
        *) exec "$XTASK" "$@" ;;
    esac
fi
[ "$PWD" = "$HOME_WORKSPACE" ] && test=rust || test=listings
for word; do
    shift
    case $test:$word in
        *:--release | *:--no-default-features) ;;
        listings:-p | listings:ch12-queues | listings:--package=ch12-queues) ;;
        *:--workspace) set -- "$@" "$word" --test "$test" ;;
        *) set -- "$@" "$word" ;;
    esac
done
unset CARGO
exec "$REAL_CARGO" "$@"
"#;

/// A shell in a folder.
pub struct Shell {
    folder: PathBuf,
    bin: TempDir,
}

impl Shell {
    pub fn new(folder: &Path) -> Self {
        let bin = tempfile::tempdir().unwrap();
        let cargo = bin.path().join("cargo");
        fs::write(&cargo, CARGO).unwrap();
        fs::set_permissions(cargo, fs::Permissions::from_mode(0o755)).unwrap();
        let folder = folder.to_owned();
        Self { folder, bin }
    }

    /// Runs a line, which must succeed, and gives what it printed.
    pub fn run(&self, line: &str) -> String {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
        let path = env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", self.bin.path().display());
        let xtask = env!("CARGO_BIN_EXE_xtask");
        let target = Path::new(xtask).ancestors().nth(2).unwrap();
        let mut shell = util_testing::command("sh");
        shell.args(["-c", line]).current_dir(&self.folder);
        shell.env("PATH", path).env("REAL_CARGO", cargo);
        shell.env("CARGO", self.bin.path().join("cargo"));
        shell
            .env("XTASK", xtask)
            .env("HOME_WORKSPACE", &crate::WORKSPACE.root);
        shell
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_NET_OFFLINE", "true");
        let output = shell.output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(String::from_utf8);
        let (stdout, stderr) = (stdout.unwrap(), stderr.unwrap());
        let status = output.status;
        assert!(status.success(), "`{line}`: {status}:\n{stdout}{stderr}");
        stdout
    }
}
