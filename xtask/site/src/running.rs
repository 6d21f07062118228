//! A program that runs, and what it has printed so far.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use util_testing::TIMEOUT;
use xtask::child::code;

use crate::compare::Printed;
use crate::recording::Source;

/// How often to look whether something has happened.
const LOOK: Duration = Duration::from_millis(2);

/// A listing that runs, and what it has printed so far. Dropping it kills it.
pub struct Running {
    child: Child,
    printed: Arc<Mutex<Vec<Printed>>>,
    readers: Vec<JoinHandle<()>>,
}

/// Microseconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}

impl Running {
    /// Starts it, and reads what it prints.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let mut running = Self {
            child,
            printed: Arc::default(),
            readers: Vec::new(),
        };
        running.read(stdout.context("no stdout")?, Source::Output, String::new());
        running.read(stderr.context("no stderr")?, Source::Error, String::new());
        Ok(running)
    }

    /// Starts a server on a free port, and waits until it listens.
    ///
    /// # Errors
    /// If it does not.
    pub fn start_server(program: &Path) -> anyhow::Result<Self> {
        let mut command = util_testing::command(program);
        command.arg("127.0.0.1:0");
        let server = Self::start(command)?;
        server.wait_for("Listening on ", 0)?;
        Ok(server)
    }

    /// Adds each line of `stream` as it comes, after `prefix`.
    pub fn read(&mut self, stream: impl Read + Send + 'static, source: Source, prefix: String) {
        let printed = Arc::clone(&self.printed);
        self.readers.push(thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                add(&printed, source, format!("{prefix}{}", line.trim_end()));
            }
        }));
    }

    /// Adds a line of our own.
    pub fn say(&self, source: Source, text: String) {
        add(&self.printed, source, text);
    }

    /// What it has printed so far.
    fn printed(&self) -> Vec<Printed> {
        let printed = self.printed.lock();
        printed.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a line after the first `from` ones has `text`, and says how many there are up
    /// to that one.
    ///
    /// # Errors
    /// If none comes.
    pub fn wait_for(&self, text: &str, from: usize) -> anyhow::Result<usize> {
        // Its answer, not what was sent.
        let is_it = |line: &Printed| line.source != Source::Sent && line.text.contains(text);
        let look = || self.printed().iter().skip(from).position(is_it);
        let found = util_testing::wait_for(look, || format!("'{text}': {:#?}", self.printed()))?;
        Ok(from + found + 1)
    }

    /// Where a server says that it listens.
    ///
    /// # Errors
    /// If it has not said so.
    pub fn address(&self) -> anyhow::Result<String> {
        let printed = self.printed();
        let mut lines = printed.iter();
        let found = lines.find_map(|line| line.text.strip_prefix("Listening on "));
        let address = found.and_then(|rest| rest.split(';').next());
        Ok(address
            .context("it did not say where it listens")?
            .to_owned())
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it what Ctrl-C sends.
    ///
    /// # Errors
    /// If it has ended, or the system has no such signal.
    pub fn interrupt(&self) -> anyhow::Result<()> {
        // No crate for one call: every Unix has kill.
        let id = self.id().to_string();
        let status = Command::new("kill").args(["-INT", &id]).status();
        let sent = status.context("cannot run kill")?.success();
        ensure!(sent, "it has ended");
        Ok(())
    }

    /// Waits for its end, and returns what it printed and its exit code, or 128 plus the signal
    /// that ended it. With a limit, it is killed then.
    ///
    /// # Errors
    /// If it does not end, and there is no limit.
    pub fn wait(mut self, limit: Option<Duration>) -> anyhow::Result<(Vec<Printed>, i32)> {
        let deadline = Instant::now() + limit.unwrap_or(TIMEOUT);
        let is_late = || Instant::now() > deadline;
        let status = loop {
            match self.child.try_wait()? {
                Some(status) => break status,
                None if is_late() && limit.is_some() => self.child.kill()?,
                None if is_late() => bail!("it did not end: {:#?}", self.printed()),
                None => thread::sleep(LOOK),
            }
        };
        // What a killed program has started may still have its output.
        for reader in self.readers.drain(..).filter(|_| !is_late()) {
            let _ = reader.join();
        }
        Ok((self.printed(), code(status)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn add(printed: &Mutex<Vec<Printed>>, source: Source, text: String) {
    let at = now();
    let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
    printed.push(Printed { at, source, text });
}
