//! `--book`: the book's own programs, in a reader's checkout of its public code.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use tempfile::TempDir;

use crate::system::peers::{is_installed, missing_modules};
use crate::system::process::Program;

/// Sends what the book's programs ask of `https://www.example.com` to the example site: Python
/// imports a module of this name before it runs a program.
const SITE_CUSTOMIZE: &str = include_str!("../../../peers/book/sitecustomize.py");

/// A checkout, and the interpreter that runs it.
#[derive(Debug)]
pub struct Book {
    /// The top folder of the checkout.
    folder: PathBuf,
    python: PathBuf,
    customize: TempDir,
}

impl Book {
    /// Checks that both are there.
    ///
    /// # Errors
    /// If the folder is not there or holds no chapters, or the interpreter does not run.
    pub fn open(folder: &Path, python: &Path) -> anyhow::Result<Self> {
        let book = format!("--book '{}'", folder.display());
        let folder = folder.canonicalize().with_context(|| book.clone())?;
        ensure!(
            folder.join("chapter_01").is_dir(),
            "{book}: there is no folder chapter_01 in it, so it is not the book's code"
        );
        let runs = is_installed(python);
        ensure!(runs, "--python '{}' does not run", python.display());
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

    /// Makes ready a program that has the name of one of its files.
    ///
    /// # Errors
    /// If the file is not in the checkout.
    pub fn prepare(&self, mut program: Program) -> anyhow::Result<Program> {
        let (file, folder) = (&program.name, &self.folder);
        let found = folder.join(file).is_file();
        ensure!(found, "it is not in {}", folder.display());
        program.command = vec![self.python.clone().into(), file.into()];
        let path = std::env::join_paths([self.customize.path(), folder])?;
        program.env.push(("PYTHONPATH", path));
        program.env.push(("PYTHONDONTWRITEBYTECODE", "1".into()));
        program.folder = Some(folder.clone());
        Ok(program)
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
