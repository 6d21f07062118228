//! The environment of what is measured: only what it needs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::process::Command;

/// What a measured program may see of the reader's environment. `RUST_BACKTRACE` alone would make
/// every error of `anyhow` walk the stack; `GOMAXPROCS`, `PYTHONDEVMODE`, `LD_PRELOAD` and their
/// like change what is measured.
const KEPT: [&str; 18] = [
    "DATABASE_URL",
    "EXAMPLE_LATENCY_MS",
    "EXAMPLE_URL",
    "GNUPGHOME",
    "HOME",
    "LANG",
    "LC_ALL",
    "LOGNAME",
    "NGRAMS_FILE",
    "PATH",
    "PYENV_ROOT",
    "PYENV_VERSION",
    "SHELL",
    "TERM",
    "TMPDIR",
    "TZ",
    "USER",
    "VIRTUAL_ENV",
];

/// Gives `command` a clean environment, and `own` beside it.
pub fn clean(command: &mut Command, own: &[(&'static str, OsString)]) {
    command.env_clear().envs(kept(env::vars_os()));
    command.envs(own.iter().map(|(name, value)| (name, value)));
}

fn kept(
    all: impl Iterator<Item = (OsString, OsString)>,
) -> impl Iterator<Item = (OsString, OsString)> {
    all.filter(|(name, _)| KEPT.iter().any(|kept| OsStr::new(kept) == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_a_measurement_is_not_kept() {
        let names = ["PATH", "RUST_BACKTRACE", "LD_PRELOAD", "HOME", "GOMAXPROCS"];
        let all = names.map(|name| (name.into(), "1".into()));
        let kept: Vec<_> = kept(all.into_iter()).map(|(name, _)| name).collect();
        assert_eq!(kept, ["PATH", "HOME"]);
    }
}
