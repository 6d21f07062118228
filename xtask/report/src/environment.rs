//! The environment of a program that is measured or recorded: only what it needs.

use std::env;
use std::process::Command;

/// What such a program may see of the reader's environment. `RUST_BACKTRACE` alone would make
/// every error of `anyhow` walk the stack; `GOMAXPROCS`, `PYTHONDEVMODE`, `LD_PRELOAD` and their
/// like change what is measured.
const KEPT: &str = "
    APPDATA COMSPEC DATABASE_URL EXAMPLE_LATENCY_MS EXAMPLE_URL GNUPGHOME HOME LANG LC_ALL LOGNAME
    NGRAMS_FILE PATH PATHEXT PYENV_ROOT PYENV_VERSION RUSTUP_HOME RUSTUP_TOOLCHAIN SHELL SYSTEMROOT
    TEMP TERM TMP TMPDIR TZ USER USERNAME USERPROFILE VIRTUAL_ENV";

/// Gives `command` a clean environment.
pub fn clean(command: &mut Command) -> &mut Command {
    let kept = env::vars_os().filter(|(name, _)| is_kept(&name.to_string_lossy()));
    command.env_clear().envs(kept)
}

/// Names of variables have no case on Windows, where some are `Path`.
fn is_kept(name: &str) -> bool {
    let same = |kept: &str| kept == name || (cfg!(windows) && kept.eq_ignore_ascii_case(name));
    KEPT.split_whitespace().any(same)
}
