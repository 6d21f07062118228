//! The texts that listings 13.7 and 13.8 encrypt, and the command.

use std::iter::repeat_with;

use tokio::process::Command;

/// The book's command, killed when it is dropped, with flags that leave out your own keys, settings
/// and agent. (Without `--s2k-count`, gpg would ask its agent how much hashing takes a tenth of a
/// second. Without `--no-random-seed-file`, all processes wait for the lock of one file.)
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
