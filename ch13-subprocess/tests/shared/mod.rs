//! What both files of tests use.

use std::process::Command;

use ch13_subprocess::prompt::ENTER_TEXT;
use snapbox::cmd::OutputAssert;
use util_testing::{lines, skipped};

pub fn stdout(output: &OutputAssert) -> Vec<String> {
    lines(&output.get_output().stdout)
}

pub fn is_random_echo(printed: &str, texts: &[&str]) {
    let parts: Vec<_> = printed.split(ENTER_TEXT).collect();
    assert_eq!(parts.len(), texts.len() + 1, "{printed}");
    assert_eq!(parts[0], "");
    for (part, text) in parts[1..].iter().zip(texts) {
        assert!(part.lines().all(|line| line == *text), "{printed}");
        assert!(part.lines().count() <= 9, "{printed}");
    }
}

/// The strings that a listing printed with `{:?}`, joined.
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "elsewhere only one of the files needs it")
)]
pub fn joined(printed: &[String]) -> String {
    let parts = printed.iter().filter_map(|line| {
        let part = line.strip_prefix('"')?.strip_suffix('"')?;
        Some(part.replace("\\n", "\n"))
    });
    parts.collect()
}

pub fn has_gpg() -> bool {
    let found = Command::new("gpg").arg("--version").output().is_ok();
    if !found {
        skipped("gpg is not installed");
    }
    found
}
