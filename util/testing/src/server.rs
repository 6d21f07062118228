//! A program that runs until it is told to end.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::Instant;

use rustix::process::{Pid, Signal};
use signal_hook::consts::SIGINT;
use signal_hook::flag::register_conditional_default;
use util::memory;

use crate::{POLL_INTERVAL, TIMEOUT, command, wait_until};

/// A running server on a free port. Dropping it kills the server.
///
/// Threads read its output as it comes, so that it never waits for a reader.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    /// A message for each of the two that was read to its end.
    ended: Receiver<()>,
}

impl Server {
    /// Starts `binary` with `127.0.0.1:0` and `args`, and waits until it says where it listens.
    ///
    /// # Panics
    /// If it does not: a test cannot go on without it.
    #[must_use]
    pub fn start(binary: &str, args: &[&str]) -> Self {
        let mut command = command(binary);
        command.arg("127.0.0.1:0").args(args);
        Self::spawn(command)
    }

    /// Starts `command` and waits until it says where it listens.
    ///
    /// # Panics
    /// If it does not: a test cannot go on without it.
    #[must_use]
    pub fn spawn(command: Command) -> Self {
        let mut server = Self::run(command);
        server.wait_for("Listening on ");
        server.wait_for("\n");
        let first = server.stdout();
        let word = first.trim_start_matches("Listening on ").split(';').next();
        server.address = word
            .and_then(|word| word.parse().ok())
            .unwrap_or_else(|| panic!("no address in {first:?}"));
        server
    }

    /// Starts `command`, a program that runs until it is interrupted but does not listen.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn run(mut command: Command) -> Self {
        hear_interrupts();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let (end, ended) = mpsc::channel();
        let stdout = collect(child.stdout.take().unwrap(), end.clone());
        let stderr = collect(child.stderr.take().unwrap(), end);
        Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            stdout,
            stderr,
            ended,
        }
    }

    /// A new connection to it.
    ///
    /// # Panics
    /// If it does not accept.
    #[must_use]
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address)
            .unwrap_or_else(|error| panic!("cannot connect to {}: {error}", self.address));
        // If the server does not answer, the test must fail, not hang.
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(TIMEOUT)).unwrap();
        stream
    }

    /// Its output so far; after [`wait`](Self::wait), all of it.
    #[must_use]
    pub fn stdout(&self) -> String {
        text(&self.stdout)
    }

    /// Its stderr so far; after [`wait`](Self::wait), all of it.
    #[must_use]
    pub fn stderr(&self) -> String {
        text(&self.stderr)
    }

    /// Waits until it has printed `expected`.
    ///
    /// # Panics
    /// If that does not happen in time.
    #[track_caller]
    pub fn wait_for(&self, expected: &str) {
        wait_until(
            || self.stdout().contains(expected),
            || format!("'{expected}' in {:?} {:?}", self.stdout(), self.stderr()),
        );
    }

    /// Waits until it has written `expected` on stderr.
    ///
    /// # Panics
    /// If that does not happen in time.
    #[track_caller]
    pub fn wait_for_error(&self, expected: &str) {
        wait_until(
            || self.stderr().contains(expected),
            || format!("'{expected}' in {:?}", self.stderr()),
        );
    }

    /// Waits until it has a handler for `signal`, if the system says so (Linux does).
    ///
    /// # Panics
    /// If that does not happen in time.
    #[track_caller]
    pub fn wait_for_handler(&self, signal: Signal) {
        let bit = 1 << (signal.as_raw() - 1);
        wait_until(
            || caught_signals(self.id()).is_none_or(|caught| caught & bit != 0),
            || format!("a handler for {signal:?}"),
        );
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends what Ctrl-C sends.
    ///
    /// # Panics
    /// If it has ended.
    #[track_caller]
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Sends what `kill` sends.
    ///
    /// # Panics
    /// If it has ended.
    #[track_caller]
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    #[track_caller]
    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let sent = pid.map(|pid| rustix::process::kill_process(pid, signal));
        assert_eq!(sent, Some(Ok(())), "cannot send {signal:?}");
    }

    /// Waits for its end, and that of its output.
    ///
    /// # Panics
    /// If either does not come in time.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + TIMEOUT;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < deadline => thread::sleep(POLL_INTERVAL),
                ended => panic!("the server has not ended: {ended:?}"),
            }
        };
        // Both threads drop their senders when they have read all there is.
        while self.ended.recv_timeout(TIMEOUT).is_ok() {}
        status
    }

    /// Its memory now, in bytes; `None` if the system does not say.
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        memory::resident(self.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that a shell script runs in the background ignores Ctrl-C, and so do its children, so
/// servers under test would never end. Children do not inherit a handler. This one does the
/// default, it ends the tests.
///
/// # Panics
/// If the handler cannot be registered.
pub fn hear_interrupts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let always = Arc::new(AtomicBool::new(true));
        register_conditional_default(SIGINT, always).unwrap();
    });
}

/// The signals that a process handles, a bit for each; `None` if the system does not say.
fn caught_signals(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("SigCgt:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

fn collect(mut stream: impl Read + Send + 'static, end: Sender<()>) -> Arc<Mutex<Vec<u8>>> {
    let collected = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&collected);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = stream.read(&mut buffer) {
            shared.lock().unwrap().extend(&buffer[..n]);
        }
        drop(end);
    });
    collected
}

fn text(collected: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&collected.lock().unwrap()).into_owned()
}
