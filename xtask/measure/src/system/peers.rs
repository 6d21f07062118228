//! Programs in other languages, from `xtask/peers`: compiled, or given to their interpreter.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

/// The folder of the peers, and one for what is compiled.
#[derive(Debug)]
pub struct Peers {
    sources: PathBuf,
    binaries: TempDir,
}

/// A peer, ready to run or not.
#[derive(Debug)]
pub enum Peer {
    /// It can be run.
    Ready {
        /// `echo (Python)`.
        name: String,
        /// What to start, before the peer's own arguments.
        command: Vec<OsString>,
    },
    /// It cannot be run here, for this reason.
    Skipped(String),
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

    /// Makes one ready. What a Python peer needs beside the standard library are `modules`.
    ///
    /// # Errors
    /// If the file is not there or has no known kind.
    pub fn prepare(&self, file: &str, modules: &[String]) -> anyhow::Result<Peer> {
        let source = self.sources.join(file);
        ensure!(source.is_file(), "there is no peer {}", source.display());
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let extension = source.extension().unwrap_or_default();
        let binary = self.binaries.path().join(file.replace('.', "-"));
        let ready = |language: &str, command: Vec<OsString>| {
            let with: String = modules.iter().map(|it| format!(", {it}")).collect();
            Peer::Ready {
                name: format!("{stem} ({language}{with})"),
                command,
            }
        };
        match extension.to_str().unwrap_or_default() {
            "c" => {
                let mut gcc = Command::new("gcc");
                gcc.args(["-O2", "-o"]).arg(&binary).arg(&source);
                Ok(match compile(gcc) {
                    Ok(()) => ready("C", vec![binary.into()]),
                    Err(reason) => Peer::Skipped(reason),
                })
            }
            "go" => {
                let mut go = Command::new("go");
                go.args(["build", "-o"]).arg(&binary).arg(&source);
                Ok(match compile(go) {
                    Ok(()) => ready("Go", vec![binary.into()]),
                    Err(reason) => Peer::Skipped(reason),
                })
            }
            "py" => {
                let imports: String = modules.iter().map(|it| format!("import {it};")).collect();
                let mut python = Command::new("python3");
                python.args(["-c", &imports]).stderr(Stdio::null());
                Ok(match python.status() {
                    Ok(status) if status.success() => {
                        ready("Python", vec!["python3".into(), source.clone().into()])
                    }
                    Ok(_) => Peer::Skipped(missing_modules(Path::new("python3"), modules)),
                    Err(_) => Peer::Skipped("python3 is not installed".to_owned()),
                })
            }
            _ => bail!("{} is neither C, Go nor Python", source.display()),
        }
    }
}

/// What is missing, and the command that installs it.
pub fn missing_modules(python: &Path, modules: &[String]) -> String {
    let (python, modules) = (python.display(), modules.join(" "));
    format!("{python} has no {modules}; `{python} -m pip install {modules}` installs it")
}

/// Runs a compiler. An error is the reason why there is nothing to run: a peer may need what this
/// system does not have.
fn compile(mut compiler: Command) -> Result<(), String> {
    let name = compiler.get_program().to_string_lossy().into_owned();
    match compiler.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            let mut lines = text.lines();
            let error = lines.find(|line| line.contains("error"));
            let reason = error.or(text.lines().next()).unwrap_or_default().trim();
            Err(format!("{name} does not compile it here: {reason}"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(format!("{name} is not installed"))
        }
        Err(error) => Err(format!("cannot run {name}: {error}")),
    }
}

/// Whether a program of this name is there.
pub fn is_installed(program: &Path) -> bool {
    let found = Command::new(program).arg("--version").output();
    found.context("not there").is_ok()
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
        let reason = |file: &str, modules: &[String]| match peers.prepare(file, modules).unwrap() {
            Peer::Skipped(reason) => reason,
            Peer::Ready { name, .. } => name,
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
