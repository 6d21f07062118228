//! What listings 13.7 and 13.8 encrypt, and with which command.

use std::iter::repeat_with;

use tokio::process::Command;

/// The book's command, killed when it is dropped, with flags that keep the reader's own keys,
/// settings and agent out of it.
/// (`--s2k-count`: without it, gpg would ask its agent how much hashing takes a tenth of a second.
/// `--no-random-seed-file`: without it, all processes wait for the lock of one file.)
#[must_use]
pub fn command() -> Command {
    let mut gpg = Command::new("gpg");
    gpg.args(["-c", "--batch", "--passphrase", "3ncryptm3"])
        .args(["--cipher-algo", "TWOFISH"])
        .args(["--no-options", "--no-keyring", "--no-autostart"])
        .args(["--s2k-count", "1048576", "--no-random-seed-file"]);
    gpg.kill_on_drop(true);
    gpg
}

/// A text of random ASCII letters.
#[must_use]
pub fn random_text(letters: usize) -> String {
    repeat_with(fastrand::alphabetic).take(letters).collect()
}
