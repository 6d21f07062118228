//! `--book`: the book's own programs, in a reader's checkout of its public code.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::measure::is_installed;

/// A checkout, and the interpreter that runs it.
#[derive(Debug)]
pub struct Book {
    /// The top folder of the checkout.
    pub folder: PathBuf,
    python: PathBuf,
}

/// A program, its arguments and its environment.
type Command = (PathBuf, Vec<String>, Vec<(&'static str, OsString)>);

impl Book {
    /// Checks that both are there.
    ///
    /// # Errors
    /// If the folder is not there or holds no chapters, or the interpreter does not run.
    pub fn open(folder: &Path, python: &Path) -> anyhow::Result<Self> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("--book '{}'", folder.display()))?;
        ensure!(
            folder.join("chapter_01").is_dir(),
            "--book '{}': there is no folder chapter_01 in it, so it is not the book's code",
            folder.display()
        );
        ensure!(
            is_installed(python),
            "--python '{}' does not run",
            python.display()
        );
        Ok(Self {
            folder,
            python: python.to_owned(),
        })
    }

    /// How to run one of its files.
    ///
    /// # Errors
    /// If the file is not in the checkout.
    pub fn command(&self, file: &str) -> anyhow::Result<Command> {
        ensure!(
            self.folder.join(file).is_file(),
            "it is not in {}",
            self.folder.display()
        );
        let path = vec![("PYTHONPATH", self.folder.clone().into())];
        Ok((self.python.clone(), vec![file.to_owned()], path))
    }
}
