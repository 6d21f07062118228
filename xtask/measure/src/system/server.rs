//! A server under load, which runs until it is dropped.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use util::memory;

use super::affinity::on_core;
use super::environment;
use super::process::{Program, complaint};

/// How long a server may take to say where it listens. An interpreter on a busy machine needs a
/// second; nothing needs ten.
const START: Duration = Duration::from_secs(10);

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
        let (first, rest) = program.command.split_first().context("no command")?;
        let mut command = Command::new(first);
        environment::clean(&mut command, &program.env);
        command
            .args(rest)
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
        running.address = running.read_address().with_context(|| {
            let complaint = running.complaint();
            format!("{} did not say where it listens{complaint}", program.name)
        })?;
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
        complaint(&mut self.stderr)
    }

    /// The CPU time that the server has taken so far, in seconds, where the system tells (Linux).
    pub fn cpu(&self) -> Option<f64> {
        let stat = self.proc("stat")?;
        // The name, in brackets, may hold anything; what follows it are numbers.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<f64>().ok();
        let ticks = ticks()? + ticks()?;
        Some(ticks / rustix::param::clock_ticks_per_second() as f64)
    }

    /// The memory that the server holds at the moment, in bytes, where the system tells (Linux).
    pub fn memory(&self) -> Option<u64> {
        memory::resident(self.child.id())
    }

    /// The most memory that it has held so far, in bytes, where the system tells (Linux).
    pub fn peak_memory(&self) -> Option<u64> {
        let status = self.proc("status")?;
        let mut lines = status.lines();
        let peak = lines.find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kibibytes: u64 = peak.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kibibytes * 1024)
    }

    fn proc(&self, file: &str) -> Option<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; nothing is left to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
