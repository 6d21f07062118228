//! A program that runs until it is told to end.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
#[cfg(target_os = "linux")]
use std::time::Duration;

#[cfg(unix)]
use rustix::process::Signal;
use util::memory;

#[cfg(unix)]
use crate::signals;
use crate::{TIMEOUT, command, hear_interrupts, lock, read, wait_for, wait_until};

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
    readers: [JoinHandle<()>; 2],
}

impl Server {
    /// Starts `binary` with `127.0.0.1:0` and `args`, and waits until it says where it listens.
    #[must_use]
    pub fn start(binary: &str, args: &[&str]) -> Self {
        let mut command = command(binary);
        command.arg("127.0.0.1:0").args(args);
        Self::spawn(command)
    }

    /// Starts `command` and waits until it says where it listens.
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
    #[must_use]
    pub fn run(mut command: Command) -> Self {
        hear_interrupts().unwrap();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let (stdout, out) = collect(child.stdout.take().unwrap());
        let (stderr, err) = collect(child.stderr.take().unwrap());
        Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            stdout,
            stderr,
            readers: [out, err],
        }
    }

    /// A new connection to it.
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
    #[track_caller]
    pub fn wait_for(&self, expected: &str) {
        wait_until(
            || self.stdout().contains(expected),
            || format!("'{expected}' in {:?} {:?}", self.stdout(), self.stderr()),
        );
    }

    /// Waits until it has written `expected` on stderr.
    #[track_caller]
    pub fn wait_for_error(&self, expected: &str) {
        wait_until(
            || self.stderr().contains(expected),
            || format!("'{expected}' in {:?}", self.stderr()),
        );
    }

    /// Waits until it has a handler for `signal`, if the system says so (Linux does).
    #[cfg(unix)]
    #[track_caller]
    pub fn wait_for_handler(&self, signal: Signal) {
        wait_until(
            || signals::handles(self.id(), signal).unwrap_or(true),
            || format!("a handler for {signal:?}"),
        );
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Checks that this many clients can connect while the server does nothing. Linux would drop one too
    /// many, which tries again after a second.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub fn lets_wait(&self, clients: usize) {
        signals::send(self.id(), Signal::STOP);
        let soon = Duration::from_millis(900);
        let connect = |_| TcpStream::connect_timeout(&self.address, soon).unwrap();
        let _waiting: Vec<_> = (0..clients).map(connect).collect();
    }

    /// Waits until it computes nothing, though a client is connected that says nothing.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub fn rests(&self) {
        let _client = self.connect();
        crate::rests(self.id());
    }

    /// Sends what Ctrl-C sends.
    #[cfg(unix)]
    #[track_caller]
    pub fn interrupt(&self) {
        signals::send(self.id(), Signal::INT);
    }

    /// Sends what `kill` sends.
    #[cfg(unix)]
    #[track_caller]
    pub fn terminate(&self) {
        signals::send(self.id(), Signal::TERM);
    }

    /// Waits for its end, and that of its output.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let (stdout, stderr) = (&self.stdout, &self.stderr);
        let ended = wait_for(
            || self.child.try_wait().transpose(),
            || {
                format!(
                    "the end of a program: {:?} {:?}",
                    text(stdout),
                    text(stderr)
                )
            },
        );
        let status = ended.unwrap().unwrap();
        wait_until(
            || self.readers.iter().all(JoinHandle::is_finished),
            || "the end of its output".into(),
        );
        status
    }

    /// Its memory now, in bytes; `None` if the system does not say.
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        memory::resident(self.id())
    }
}

/// What a server says on stderr that has too few descriptors for its clients. It must end, and not
/// try to accept again and again.
#[cfg(unix)]
#[must_use]
#[track_caller]
pub fn error_without_descriptors(binary: &str) -> String {
    let mut limited = command("sh");
    limited.args(["-c", "ulimit -n 20; exec \"$0\" 127.0.0.1:0", binary]);
    let mut server = Server::spawn(limited);
    let _too_many: Vec<_> = (0..40)
        .map_while(|_| TcpStream::connect(server.address).ok())
        .collect();
    assert_eq!(server.wait().code(), Some(1), "{binary}");
    server.stderr()
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(stream: impl Read + Send + 'static) -> (Arc<Mutex<Vec<u8>>>, JoinHandle<()>) {
    let collected = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&collected);
    let reader = read(stream, move |bytes| lock(&shared).extend(bytes));
    (collected, reader)
}

fn text(collected: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&lock(collected)).into_owned()
}
