//! The texts that listings 13.7 and 13.8 encrypt, and the command.

use std::iter::repeat_with;
use std::process::Stdio;

use tokio::process::Command;

/// The book's command with its pipes, and with flags that leave out your own keys, settings and
/// agent. (Without `--s2k-count`, gpg would ask its agent how much hashing takes a tenth of a
/// second. Without `--no-random-seed-file`, all processes wait for the lock of one file.)
#[must_use]
pub fn command() -> Command {
    let mut gpg = Command::new("gpg");
    gpg.args(["-c", "--batch", "--passphrase", "3ncryptm3"])
        .args(["--cipher-algo", "TWOFISH"])
        .args(["--no-options", "--no-keyring", "--no-autostart"])
        .args(["--s2k-count", "1048576", "--no-random-seed-file"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    gpg
}

/// Texts of a thousand random ASCII letters each.
#[must_use]
pub fn random_texts(texts: usize) -> Vec<String> {
    let random_text = || repeat_with(fastrand::alphabetic).take(1000).collect();
    repeat_with(random_text).take(texts).collect()
}
