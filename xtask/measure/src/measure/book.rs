//! `--book`: the book's own programs, in a reader's checkout of its public code.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use tempfile::TempDir;

use crate::system::peers::{is_installed, missing_modules};

/// Sends what the book's programs ask of `https://www.example.com` to the example site: Python
/// imports a module of this name before it runs a program.
const SITE_CUSTOMIZE: &str = include_str!("../../../peers/book/sitecustomize.py");

/// A checkout, and the interpreter that runs it.
#[derive(Debug)]
pub struct Book {
    /// The top folder of the checkout.
    pub folder: PathBuf,
    python: PathBuf,
    customize: TempDir,
}

/// A command and its environment.
type Command = (Vec<OsString>, Vec<(&'static str, OsString)>);

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
        // A path is not looked up in PATH, and the programs run in the book's folder.
        let python = match python.components().count() {
            1 => python.to_owned(),
            _ => std::path::absolute(python)?,
        };
        let customize = tempfile::tempdir()?;
        fs::write(customize.path().join("sitecustomize.py"), SITE_CUSTOMIZE)?;
        Ok(Self {
            folder,
            python,
            customize,
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
        let path = std::env::join_paths([self.customize.path(), &self.folder])?;
        let env = vec![
            ("PYTHONPATH", path),
            ("PYTHONDONTWRITEBYTECODE", "1".into()),
        ];
        Ok((vec![self.python.clone().into(), file.into()], env))
    }

    /// Why a program failed: its traceback's last line tells, or the package that is missing.
    pub fn reason(&self, complaint: &str) -> String {
        let last = complaint.lines().next_back().unwrap_or(complaint).trim();
        let missing = last.split_once("No module named '");
        match missing.and_then(|(_, rest)| rest.split(['\'', '.']).next()) {
            Some(module) => missing_modules(&self.python, &[module.to_owned()]),
            None => last.to_owned(),
        }
    }
}
