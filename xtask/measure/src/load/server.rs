//! The programs under load: a listing, or the same server in another language.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use util::memory;

/// How long a server may take to say where it listens. An interpreter on a busy machine needs a
/// second; nothing needs ten.
const START: Duration = Duration::from_secs(10);

/// A program that serves on the address it is given as its first argument.
#[derive(Clone, Debug)]
pub struct Program {
    /// What the report calls it.
    pub name: String,
    /// The program and the arguments before the address, such as an interpreter and its script.
    pub command: Vec<PathBuf>,
    /// The arguments after the address.
    pub args: Vec<String>,
}

/// A peer that cannot be measured here, and why.
#[derive(Debug)]
pub struct Skipped {
    /// The peer as its manifest names it.
    pub name: String,
    /// What is missing, and how to get it.
    pub reason: String,
}

/// Makes a peer ready to run: compiles it into `folder` or finds its interpreter.
///
/// `peer` is a file of `peers`, optionally followed by arguments: `echo.py uvloop`.
///
/// # Errors
/// If the file is not there, has no known kind, or does not compile. A tool that is not installed
/// is no error but a [`Skipped`].
pub fn prepare_peer(
    peer: &str,
    peers: &Path,
    folder: &Path,
) -> anyhow::Result<Result<Program, Skipped>> {
    let mut words = peer.split_whitespace().map(String::from);
    let file = words.next().context("a peer has no file")?;
    let args: Vec<String> = words.collect();
    let source = peers.join(&file);
    if !source.is_file() {
        bail!("there is no peer {}", source.display());
    }
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let skipped = |reason: &str| {
        Ok(Err(Skipped {
            name: peer.to_owned(),
            reason: reason.to_owned(),
        }))
    };
    let program = |language: &str, command: Vec<PathBuf>| {
        let extra = args.iter().map(|arg| format!(", {arg}"));
        Ok(Ok(Program {
            name: format!("{stem} ({language}{})", extra.collect::<String>()),
            command,
            args: args.clone(),
        }))
    };
    let extension = source.extension().unwrap_or_default();
    match extension.to_str().unwrap_or_default() {
        "c" => {
            let binary = folder.join(format!("{stem}-c"));
            let mut gcc = Command::new("gcc");
            gcc.arg("-O2").arg("-o").arg(&binary).arg(&source);
            match compile(gcc)? {
                true => program("C", vec![binary]),
                false => skipped("gcc is not installed"),
            }
        }
        "go" => {
            let binary = folder.join(format!("{stem}-go"));
            let mut go = Command::new("go");
            go.arg("build").arg("-o").arg(&binary).arg(&source);
            match compile(go)? {
                true => program("Go", vec![binary]),
                false => skipped("go is not installed"),
            }
        }
        "py" => {
            let imports = args.iter().map(|module| format!("import {module};"));
            let mut python = Command::new("python3");
            python.arg("-c").arg(imports.collect::<String>());
            python.stderr(Stdio::null());
            match python.status() {
                Ok(status) if status.success() => {
                    program("Python", vec!["python3".into(), source.clone()])
                }
                Ok(_) => skipped(&format!("python3 has no {}", args.join(" or "))),
                Err(_) => skipped("python3 is not installed"),
            }
        }
        _ => bail!("{} is neither C, Go nor Python", source.display()),
    }
}

/// Runs a compiler. Returns false when it is not installed.
fn compile(mut compiler: Command) -> anyhow::Result<bool> {
    match compiler.output() {
        Ok(output) if output.status.success() => Ok(true),
        Ok(output) => bail!(
            "{compiler:?} failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot run {compiler:?}")),
    }
}

/// A server that runs; dropping it ends it.
pub struct Running {
    child: Child,
    stderr: File,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Running {
    /// Starts `program` on a free loopback port, pinned to core 0 where the system can do that,
    /// and waits until it says where it listens.
    ///
    /// # Errors
    /// If it cannot be started, ends, or says no address in time.
    pub fn start(program: &Program) -> anyhow::Result<Self> {
        let stderr = tempfile::tempfile()?;
        let mut command = Command::new(&program.command[0]);
        command
            .args(&program.command[1..])
            .arg("127.0.0.1:0")
            .args(&program.args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr.try_clone()?);
        // A child inherits the cores of the thread that starts it.
        let child = on_core(0, || command.spawn());
        let child = child.with_context(|| format!("cannot start {}", program.name))?;
        let mut running = Self {
            child,
            stderr,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        match running.read_address() {
            Ok(address) => running.address = address,
            Err(error) => {
                return Err(error.context(format!(
                    "{} did not say where it listens{}",
                    program.name,
                    running.complaint()
                )));
            }
        }
        Ok(running)
    }

    fn read_address(&mut self) -> anyhow::Result<SocketAddr> {
        let stdout = self.child.stdout.take().context("no stdout")?;
        let (sender, receiver) = mpsc::channel();
        // The thread goes on reading, so that the server never waits for its own output; it ends
        // with the server.
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            let read = stdout.read_line(&mut line);
            let _ = sender.send(read.map(|_| line));
            let _ = std::io::copy(&mut stdout, &mut std::io::sink());
        });
        let line = receiver
            .recv_timeout(START)
            .with_context(|| format!("nothing for {START:?}"))??;
        let mut words = line.split_whitespace();
        words
            .find_map(|word| word.trim_end_matches([';', ',', '.', '!']).parse().ok())
            .with_context(|| format!("no address in its first line, {:?}", line.trim_end()))
    }

    /// What the server wrote on stderr, for an error message.
    pub fn complaint(&mut self) -> String {
        let mut text = String::new();
        let read = self.stderr.rewind();
        let read = read.and_then(|()| self.stderr.read_to_string(&mut text));
        match (read, text.trim()) {
            (Err(_), _) | (_, "") => String::new(),
            (_, text) => format!("; its stderr: {text}"),
        }
    }

    /// The CPU time that the server has taken so far, in seconds, where the system tells (Linux).
    pub fn cpu(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name, in brackets, may hold anything; what follows it are numbers.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<f64>().ok();
        let ticks = ticks()? + ticks()?;
        Some(ticks / rustix::param::clock_ticks_per_second() as f64)
    }

    /// The memory that the server holds at the moment, in bytes, where the system tells (Linux).
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        memory::resident(self.child.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; nothing is left to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `action` with this thread pinned to a core, where there are two or more and the system
/// can do that (Linux); elsewhere just runs it.
pub fn on_core<T>(core: usize, action: impl FnOnce() -> T) -> T {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        if let Ok(before) = sched_getaffinity(None) {
            let cores = (0..CpuSet::MAX_CPU).filter(|core| before.is_set(*core));
            if let (Some(chosen), true) = (cores.clone().nth(core), cores.count() > 1) {
                let mut one = CpuSet::new();
                one.set(chosen);
                let pinned = sched_setaffinity(None, &one).is_ok();
                let result = action();
                if pinned {
                    let _ = sched_setaffinity(None, &before);
                }
                return result;
            }
        }
    }
    action()
}
