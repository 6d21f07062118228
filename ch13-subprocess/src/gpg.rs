//! Encrypting with gpg, for listings 13.7 and 13.8.

use std::fs;
use std::iter::repeat_with;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use crate::communicate;

/// gpg with a home of its own, so that the reader's keys and settings stay out of it.
#[derive(Debug)]
pub struct Gpg {
    home: TempDir,
}

impl Gpg {
    /// Makes its home in the temp folder; dropping it removes that.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn new() -> anyhow::Result<Self> {
        let home = TempDir::with_prefix("gpg-").context("cannot make a folder for gpg")?;
        Ok(Self { home })
    }

    /// The book's command. Left to itself, gpg would start an agent that outlives it, to find out
    /// how much hashing makes a key from the passphrase in a tenth of a second; and each would
    /// wait for a lock on the one file of random seeds, with a hundred of them for minutes.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut gpg = Command::new("gpg");
        gpg.args(["-c", "--batch", "--passphrase", "3ncryptm3"])
            .args(["--cipher-algo", "TWOFISH"])
            .args(["--no-autostart", "--s2k-count", "1048576"])
            .args(["--no-random-seed-file", "--homedir"])
            .arg(self.home.path());
        gpg
    }

    /// Encrypts one text: one process.
    ///
    /// # Errors
    /// If gpg cannot be started or fails, with what it says of it.
    #[tracing::instrument(skip_all)]
    pub async fn encrypt(&self, text: &str) -> anyhow::Result<Vec<u8>> {
        let process = self
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start gpg")?;
        let output = communicate(process, text.as_bytes()).await?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        let last = complaint.lines().next_back().unwrap_or_default();
        ensure!(
            output.status.success(),
            "gpg failed with {}: {last}",
            output.status
        );
        Ok(output.stdout)
    }
}

/// A text of so many random ASCII letters.
#[must_use]
pub fn random_text(letters: usize) -> String {
    repeat_with(fastrand::alphabetic).take(letters).collect()
}

/// Writes each text and what gpg made of it to `folder`, as `0.txt` and `0.txt.gpg` and so on;
/// nothing at all if no folder is given.
///
/// # Errors
/// If the folder cannot be made or written to.
pub fn keep(folder: &Path, texts: &[String], encrypted: &[Vec<u8>]) -> anyhow::Result<()> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    let keep = || {
        fs::create_dir_all(folder)?;
        for (number, (text, encrypted)) in texts.iter().zip(encrypted).enumerate() {
            fs::write(folder.join(format!("{number}.txt")), text)?;
            fs::write(folder.join(format!("{number}.txt.gpg")), encrypted)?;
        }
        std::io::Result::Ok(())
    };
    keep().with_context(|| format!("cannot write to {}", folder.display()))
}
