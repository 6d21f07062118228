//! Programs in other languages, from `xtask/peers`: compiled, or given to their interpreter.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

/// The folder of the peers, and one for what is compiled.
#[derive(Debug)]
pub struct Peers {
    sources: PathBuf,
    binaries: TempDir,
}

impl Peers {
    /// Those of the workspace in `root`.
    ///
    /// # Errors
    /// If no temporary folder can be made.
    pub fn of(root: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            sources: root.join("xtask/peers"),
            binaries: tempfile::tempdir()?,
        })
    }

    /// Makes one ready: its name, `echo (Python)`, and what to start before its own arguments.
    /// What a Python peer needs beside the standard library are `modules`.
    ///
    /// # Errors
    /// Why it cannot be run here.
    pub fn prepare(
        &self,
        file: &str,
        modules: &[String],
    ) -> anyhow::Result<(String, Vec<OsString>)> {
        let source = self.sources.join(file);
        ensure!(source.is_file(), "there is no peer {}", source.display());
        let compiled = |compiler: &str, option: &str| {
            let binary = self.binaries.path().join(file.replace('.', "-"));
            let mut compiler = Command::new(compiler);
            run(compiler.args([option, "-o"]).arg(&binary).arg(&source))?;
            anyhow::Ok(vec![binary.into()])
        };
        let (stem, extension) = file.split_once('.').unwrap_or((file, ""));
        let (language, command) = match extension {
            "c" => ("C", compiled("gcc", "-O2")?),
            "go" => ("Go", compiled("go", "build")?),
            "py" => {
                let python = "python3";
                let imports: String = modules.iter().map(|it| format!("import {it};")).collect();
                let checked = Command::new(python).args(["-c", &imports]).output();
                let there = checked
                    .context("python3 is not installed")?
                    .status
                    .success();
                ensure!(there, missing_modules(Path::new(python), modules));
                ("Python", vec![python.into(), source.into()])
            }
            _ => bail!("{} is neither C, Go nor Python", source.display()),
        };
        let with: String = modules.iter().map(|it| format!(", {it}")).collect();
        Ok((format!("{stem} ({language}{with})"), command))
    }
}

/// What is missing, and the command that installs it.
pub fn missing_modules(python: &Path, modules: &[String]) -> String {
    let (python, modules) = (python.display(), modules.join(" "));
    format!("{python} has no {modules}; `{python} -m pip install {modules}` installs it")
}

/// Runs a compiler. A peer may need what this system does not have.
fn run(compiler: &mut Command) -> anyhow::Result<()> {
    let name = compiler.get_program().to_string_lossy().into_owned();
    let output = compiler.output();
    let output = output.with_context(|| format!("{name} is not installed"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let error = text.lines().find(|line| line.contains("error"));
    let reason = error.or(text.lines().next()).unwrap_or_default().trim();
    let compiles = output.status.success();
    ensure!(compiles, "{name} does not compile it here: {reason}");
    Ok(())
}

/// Whether a program of this name is there.
pub fn is_installed(program: &Path) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_that_does_not_compile_is_skipped_with_the_reason() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("xtask/peers");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.c"), "#include <no_such_header.h>\n").unwrap();
        std::fs::write(folder.join("a.py"), "").unwrap();
        let peers = Peers::of(root.path()).unwrap();
        let reason = |file: &str, modules: &[String]| match peers.prepare(file, modules) {
            Err(reason) => reason.to_string(),
            Ok((name, _)) => name,
        };
        if is_installed(Path::new("gcc")) {
            let reason = reason("a.c", &[]);
            assert!(reason.contains("no_such_header.h"), "{reason}");
        }
        if is_installed(Path::new("python3")) {
            assert_eq!(reason("a.py", &[]), "a (Python)");
            assert_eq!(
                reason("a.py", &["no_such_module".to_owned()]),
                "python3 has no no_such_module; \
                 `python3 -m pip install no_such_module` installs it"
            );
        }
        assert!(peers.prepare("b.c", &[]).is_err());
    }
}
