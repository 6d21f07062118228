//! What the tests of the chapters share: running a listing as a reader would.

#![allow(clippy::panic, reason = "only tests use this")]

pub mod terminal;

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};
use signal_hook::consts::SIGINT;
use signal_hook::flag::register_conditional_default;
use snapbox::cmd::Command;
use snapbox::{Assert, Data};

use util::memory;

/// How long a listing may take before a test gives it up: far beyond any of them.
pub const TIMEOUT: Duration = Duration::from_secs(120);

/// How often something awaited is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// The command that runs the built `binary`, free of what the tester's environment sets.
#[must_use]
pub fn listing(binary: impl AsRef<OsStr>) -> Command {
    Command::new(binary)
        // A backslash in the output is one, and not a folder's separator.
        .with_assert(Assert::new().normalize_paths(false))
        .env_remove("EXAMPLE_URL")
        .env_remove("EXAMPLE_LATENCY_MS")
        .env_remove("TIMELINE")
        .env_remove("DATABASE_URL")
        .env_remove("NGRAMS_FILE")
        // What a listing would have Cargo build is built.
        .env_remove("CARGO")
        .timeout(TIMEOUT)
}

/// What a shell's script runs in the background ignores Ctrl-C, and so do its children: servers
/// under test would never end. A handler they do not inherit; this one does what there is to do
/// without any, it ends the tests.
fn hear_interrupts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let always = Arc::new(AtomicBool::new(true));
        if let Err(error) = register_conditional_default(SIGINT, always) {
            panic!("cannot hear Ctrl-C: {error}");
        }
    });
}

/// The PostgreSQL database that the tests may fill, which `POSTGRES_URL` names; without it, says
/// on stderr that a test was skipped.
#[must_use]
pub fn postgresql() -> Option<String> {
    let url = std::env::var("POSTGRES_URL").ok();
    if url.is_none() {
        skipped("POSTGRES_URL names no PostgreSQL database");
    }
    url
}

/// Says on stderr, past the capture of the test's output, that the calling test was skipped.
pub fn skipped(why: &str) {
    let test = thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(io::stderr(), "skipped {test}: {why}");
}

/// The expected output in the chapter's `tests/expected/NAME.txt`, where `[..]` stands for what
/// varies.
#[must_use]
pub fn expected(manifest_dir: &str, name: &str) -> Data {
    let folder = Path::new(manifest_dir).join("tests/expected");
    Data::read_from(&folder.join(format!("{name}.txt")), None)
}

/// The lines of a program's output.
#[must_use]
pub fn lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    text.lines().map(String::from).collect()
}

/// A test for each listing named: it takes no argument, succeeds, and prints what is in
/// `tests/expected/<listing>.txt`, and nothing on stderr.
#[macro_export]
macro_rules! prints {
    ($($listing:ident)*) => {$(
        #[test]
        fn $listing() {
            let name = stringify!($listing);
            $crate::listing(env!(concat!("CARGO_BIN_EXE_", stringify!($listing))))
                .assert()
                .success()
                .stdout_eq($crate::expected(env!("CARGO_MANIFEST_DIR"), name))
                .stderr_eq("");
        }
    )*};
}

/// A server that runs, started on a free port; dropping it kills it.
///
/// Its output is read by a thread as it comes, so that it never waits for a reader.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Server {
    /// Starts `binary` on `127.0.0.1:0`, followed by `args`, and waits until it says where it
    /// listens.
    ///
    /// # Panics
    /// If it does not: a test cannot go on without it.
    #[must_use]
    pub fn start(binary: &str, args: &[&str]) -> Self {
        let mut command = std::process::Command::new(binary);
        command.arg("127.0.0.1:0").args(args);
        Self::spawn(command)
    }

    /// Starts `command` and waits until it says where it listens.
    ///
    /// # Panics
    /// If it does not: a test cannot go on without it.
    #[must_use]
    pub fn spawn(command: std::process::Command) -> Self {
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

    /// Starts `command`, a program that runs until it is interrupted but listens to nobody.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn run(mut command: std::process::Command) -> Self {
        hear_interrupts();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            stdout,
            stderr,
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
        // A test shall fail, not hang, when the server does not answer.
        for set in [TcpStream::set_read_timeout, TcpStream::set_write_timeout] {
            if let Err(error) = set(&stream, Some(TIMEOUT)) {
                panic!("cannot set a time-out: {error}");
            }
        }
        stream
    }

    /// What it has printed so far.
    #[must_use]
    pub fn stdout(&self) -> String {
        text(&self.stdout)
    }

    /// What it has written on stderr so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        text(&self.stderr)
    }

    /// Waits until it has printed `expected`.
    ///
    /// # Panics
    /// If that does not happen in time.
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
    pub fn wait_for_error(&self, expected: &str) {
        wait_until(
            || self.stderr().contains(expected),
            || format!("'{expected}' in {:?}", self.stderr()),
        );
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends what Ctrl-C sends.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Sends what `kill` sends.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let sent = pid.map(|pid| rustix::process::kill_process(pid, signal));
        assert_eq!(sent, Some(Ok(())), "cannot send {signal:?}");
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If it does not end in time.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return status,
                Ok(None) if Instant::now() < deadline => thread::sleep(LOOK),
                ended => panic!("the server has not ended: {ended:?}"),
            }
        }
    }

    /// Its memory at the moment, in bytes; `None` where the system does not tell.
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        memory::resident(self.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets this process and those it starts have as many files open as the system allows, and
/// returns how many that are.
#[must_use]
pub fn raise_limit() -> usize {
    let limit =
        rlimit::increase_nofile_limit(u64::MAX).expect("a process may raise its soft limit");
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Waits until `done`, and panics with what was awaited if that takes too long.
///
/// # Panics
/// After [`TIMEOUT`].
pub fn wait_until(done: impl Fn() -> bool, awaited: impl Fn() -> String) {
    let deadline = Instant::now() + TIMEOUT;
    while !done() {
        assert!(
            Instant::now() < deadline,
            "waited in vain for {}",
            awaited()
        );
        thread::sleep(LOOK);
    }
}

fn collect(stream: Option<impl Read + Send + 'static>) -> Arc<Mutex<String>> {
    let collected = Arc::new(Mutex::new(String::new()));
    if let Some(mut stream) = stream {
        let collected = Arc::clone(&collected);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = stream.read(&mut buffer) {
                if let Ok(mut text) = collected.lock() {
                    text.push_str(&String::from_utf8_lossy(&buffer[..n]));
                }
            }
        });
    }
    collected
}

fn text(collected: &Mutex<String>) -> String {
    collected
        .lock()
        .map_or_else(|_| String::new(), |text| text.clone())
}
