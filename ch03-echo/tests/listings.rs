//! Runs every listing of chapter 3 as a reader would, with the worst clients a reader could have.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
#![cfg_attr(
    not(unix),
    allow(dead_code, unused_imports, reason = "some tests are Unix's own")
)]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};
use util_testing::{Server, Terminal, command, expected, listing, raise_limit, reset, wait_until};

const LISTING_3_01: &str = env!("CARGO_BIN_EXE_listing_3_01_accept");
const LISTING_3_02: &str = env!("CARGO_BIN_EXE_listing_3_02_read_until_crlf");
const LISTING_3_03: &str = env!("CARGO_BIN_EXE_listing_3_03_multiple_clients");
const LISTING_3_03_ONE: &str = env!("CARGO_BIN_EXE_listing_3_03_one_at_a_time");
const LISTING_3_06: &str = env!("CARGO_BIN_EXE_listing_3_06_busy_loop");
const LISTING_3_07: &str = env!("CARGO_BIN_EXE_listing_3_07_selector");
const LISTING_3_08: &str = env!("CARGO_BIN_EXE_listing_3_08_async_echo");
const LISTING_3_08_SEEN: &str = env!("CARGO_BIN_EXE_listing_3_08_errors_seen");
const LISTING_3_09: &str = env!("CARGO_BIN_EXE_listing_3_09_cancel_on_sigint");
const LISTING_3_10: &str = env!("CARGO_BIN_EXE_listing_3_10_graceful_shutdown");

/// The servers that serve several clients at once.
const CONCURRENT: [&str; 5] = [
    LISTING_3_06,
    LISTING_3_07,
    LISTING_3_08,
    LISTING_3_08_SEEN,
    LISTING_3_10,
];

/// All that serve until they are stopped.
const SERVERS: [&str; 7] = [
    LISTING_3_03,
    LISTING_3_03_ONE,
    LISTING_3_06,
    LISTING_3_07,
    LISTING_3_08,
    LISTING_3_08_SEEN,
    LISTING_3_10,
];

/// Long enough to see that nothing comes where nothing ever should.
const A_WHILE: Duration = Duration::from_millis(200);

/// The grace of listing 3.10.
const GRACE: Duration = Duration::from_secs(2);

/// Held by a test that opens many connections, so that two such tests do not run out of
/// descriptors.
static MANY_CONNECTIONS: Mutex<()> = Mutex::new(());

fn echoes(client: &mut TcpStream, message: &[u8]) {
    client.write_all(message).unwrap();
    reads(client, message);
}

fn reads(client: &mut TcpStream, message: &[u8]) {
    let mut echo = vec![0; message.len()];
    client.read_exact(&mut echo).unwrap();
    assert_eq!(
        echo.escape_ascii().to_string(),
        message.escape_ascii().to_string()
    );
}

fn hears_nothing(client: &mut TcpStream) {
    let patience = client.read_timeout().unwrap();
    client.set_read_timeout(Some(A_WHILE)).unwrap();
    let read = client.read(&mut [0; 64]);
    let kind = read.expect_err("an answer came too early").kind();
    assert!(
        matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{kind}"
    );
    client.set_read_timeout(patience).unwrap();
}

#[test]
fn listing_3_01_accepts_one_connection_and_ends() {
    let mut server = Server::start(LISTING_3_01, &[]);
    // It waits for its client.
    thread::sleep(A_WHILE);
    let client = server.connect();
    let address = client.local_addr().unwrap();
    assert!(server.wait().success());
    let output = server.stdout();
    assert!(
        output.ends_with(&format!("\nI got a connection from {address}!\n")),
        "{output}"
    );
}

#[test]
fn listing_3_01_says_what_is_wrong_with_its_address() {
    let taken = Server::start(LISTING_3_08, &[]);
    listing(LISTING_3_01)
        .arg(taken.address.to_string())
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: [..] (os error [..])\n");
    for (address, problem) in [
        ("0.0.0.0:0", "must be a loopback address"),
        ("8000", "must be an address like 127.0.0.1:8000"),
    ] {
        listing(LISTING_3_01)
            .arg(address)
            .assert()
            .code(2)
            .stderr_eq(format!(
                "ADDRESS {problem}, not '{address}'; usage: listing_3_01_accept [ADDRESS]\n"
            ));
    }
}

fn output_of_3_02(send: impl FnOnce(&mut TcpStream)) -> String {
    let mut server = Server::start(LISTING_3_02, &[]);
    let mut client = server.connect();
    send(&mut client);
    assert!(server.wait().success());
    server.stdout()
}

#[test]
fn listing_3_02_reads_two_bytes_at_a_time_until_crlf() {
    let output = output_of_3_02(|client| client.write_all(b"test\r\n").unwrap());
    util_testing::assert_eq(output, expected!("listing_3_02_read_until_crlf"));
}

#[test]
fn listing_3_02_takes_bytes_as_they_come() {
    let output = output_of_3_02(|client| {
        client.set_nodelay(true).unwrap();
        for byte in b"h\xff\ni\r\n" {
            client.write_all(&[*byte]).unwrap();
        }
    });
    assert!(
        output.ends_with("All the data is: h\\xff\\ni\\r\\n\n"),
        "{output}"
    );

    // A newline alone ends no message, in whichever read it comes. A last byte may come alone.
    for message in [&b"a\nbc\r\n"[..], b"ab\nc\r\n", b"a\rbc\r\n", b"abc\r\n"] {
        let output = output_of_3_02(|client| client.write_all(message).unwrap());
        let all = format!("All the data is: {}\n", message.escape_ascii());
        assert!(output.ends_with(&all), "{output}");
    }

    let output = output_of_3_02(|client| {
        client.write_all(b"no end").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
    });
    assert!(output.ends_with("All the data is: no end\n"), "{output}");
}

#[test]
fn listing_3_03_makes_the_second_client_wait_for_the_first() {
    let server = Server::start(LISTING_3_03, &[]);
    let mut first = server.connect();
    echoes(&mut first, b"one\r\n");

    let mut second = server.connect();
    second.write_all(b"two\r\n").unwrap();
    // However long the first says nothing.
    thread::sleep(Duration::from_millis(1500));
    hears_nothing(&mut second);

    // The server reaches the second client only when the first speaks again.
    echoes(&mut first, b"three\r\n");
    reads(&mut second, b"two\r\n");
    server.wait_for("I got data: tw!\nI got data: o\\r!\nI got data: \\n!\nAll the data is: two");

    // Now it waits for a new client, and hears the old ones again when one has come.
    first.write_all(b"four\r\n").unwrap();
    hears_nothing(&mut first);
    let _third = server.connect();
    reads(&mut first, b"four\r\n");
}

#[test]
fn listing_3_03_goes_on_when_a_client_leaves_or_resets() {
    let server = Server::start(LISTING_3_03, &[]);
    drop(server.connect());
    // On Windows, to accept a client that has already reset is an error.
    #[cfg(unix)]
    reset(server.connect());
    let mut client = server.connect();
    echoes(&mut client, b"still here\r\n");
    server.wait_for("All the data is: still here");
    // It has forgotten those who left.
    assert_eq!(server.stdout().matches("All the data is").count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn all_servers_but_3_06_rest_while_clients_are_silent() {
    for binary in SERVERS.into_iter().filter(|it| *it != LISTING_3_06) {
        Server::start(binary, &[]).rests();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn async_servers_let_hundreds_of_clients_wait() {
    for binary in [LISTING_3_08, LISTING_3_08_SEEN, LISTING_3_10] {
        Server::start(binary, &[]).lets_wait(300);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn servers_forget_clients_that_have_left() {
    for binary in SERVERS {
        let server = Server::start(binary, &[]);
        for _ in 0..50 {
            echoes(&mut server.connect(), b"hi\r\n");
        }
        let open = || util_testing::open_files(server.id(), "");
        // Listing 3.3 notices it when the next client comes.
        wait_until(
            || open() < 20,
            || format!("{binary}: {} open files", open()),
        );
    }
}

#[test]
fn listing_3_03_one_at_a_time_serves_the_next_when_the_first_has_left() {
    let server = Server::start(LISTING_3_03_ONE, &[]);
    let mut first = server.connect();
    let mut second = server.connect();
    second.write_all(b"two\r\n").unwrap();
    for message in ["one\r\n", "no line end", "\u{00fc}"] {
        echoes(&mut first, message.as_bytes());
    }
    hears_nothing(&mut second);
    let address = first.local_addr().unwrap();
    reset(first);
    reads(&mut second, b"two\r\n");
    server.wait_for_error(&format!("{address}: "));
}

#[test]
fn listing_3_04_is_non_blocking() {
    listing(env!("CARGO_BIN_EXE_listing_3_04_non_blocking_socket"))
        .arg("127.0.0.1:0")
        .assert()
        .success()
        .stdout_eq("Is the server socket non-blocking? true\n");
}

#[test]
fn listing_3_05_fails_at_once() {
    listing(env!("CARGO_BIN_EXE_listing_3_05_non_blocking_accept"))
        .arg("127.0.0.1:0")
        .assert()
        .code(1)
        .stdout_eq("Listening on [..]\n")
        .stderr_eq("Error: [..] (os error [..])\n");
}

#[test]
fn a_server_listens_on_port_8000_by_default() {
    // Another program may have the port.
    let listens = || {
        let output = listing(env!("CARGO_BIN_EXE_listing_3_05_non_blocking_accept")).assert();
        let stdout = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
        let client = if cfg!(windows) { "telnet" } else { "nc" };
        stdout == format!("Listening on 127.0.0.1:8000; talk to it with: {client} 127.0.0.1 8000\n")
    };
    wait_until(listens, || "port 8000".into());
}

#[cfg(target_os = "linux")]
#[test]
fn listing_3_06_never_rests() {
    let server = Server::start(LISTING_3_06, &[]);
    let mut client = server.connect();
    echoes(&mut client, b"hello\r\n");
    server.wait_for("I got data: hello\\r\\n!\n");

    let cpu_ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.id())).unwrap();
        let fields = stat.rsplit(')').next().unwrap().split_whitespace();
        let times = fields.skip(11).take(2);
        times
            .map(|ticks| ticks.parse::<u64>().unwrap())
            .sum::<u64>()
    };
    let rests = || {
        let rests = util_testing::status(server.id(), "voluntary_ctxt_switches:");
        rests.unwrap().parse::<u64>().unwrap()
    };
    let (before, rested) = (cpu_ticks(), rests());
    wait_until(|| cpu_ticks() >= before + 10, || "CPU time".into());
    // In this time, a loop that sleeps for a millisecond does so thousands of times.
    assert!(rests() < rested + 100);
}

#[test]
fn listing_3_07_reports_that_nothing_happens_and_what_does() {
    let seconds_of_two = || {
        let started = Instant::now();
        let server = Server::start(LISTING_3_07, &[]);
        server.wait_for("No events, waiting a bit more!\nNo events, waiting a bit more!\n");
        started.elapsed().as_secs()
    };
    // It never says so twice in less than two seconds, and later only on a busy machine.
    let seconds: Vec<u64> = (0..3).map(|_| seconds_of_two()).collect();
    assert_eq!(seconds.iter().min(), Some(&2), "{seconds:?}");

    let server = Server::start(LISTING_3_07, &[]);
    let mut client = server.connect();
    let address = client.local_addr().unwrap();
    echoes(&mut client, b"hello\r\n");
    server.wait_for(&format!("I got a connection from {address}\n"));
    server.wait_for("I got some data: hello\\r\\n\n");
}

#[cfg(unix)]
#[test]
fn listing_3_07_goes_on_after_it_was_stopped() {
    let server = Server::start(LISTING_3_07, &[]);
    let mut client = server.connect();
    echoes(&mut client, b"before");
    let pid = Pid::from_raw(server.id().try_into().unwrap()).unwrap();
    for signal in [Signal::STOP, Signal::CONT] {
        kill_process(pid, signal).unwrap();
        thread::sleep(A_WHILE);
    }
    echoes(&mut client, b"after");
}

/// Other clients get their turn while one sends and reads without a pause.
#[test]
fn listing_3_07_is_fair() {
    let server = Server::start(LISTING_3_07, &[]);
    let mut other = server.connect();
    let writer = server.connect();
    let reader = writer.try_clone().unwrap();
    let pump = thread::spawn(move || io::copy(&mut { reader }, &mut io::sink()));
    let feed = thread::spawn(move || {
        let mut writer = writer;
        // Until the test closes the connection.
        while writer.write_all(&[b'x'; 64 * 1024]).is_ok() {}
    });
    let start = Instant::now();
    // This takes a second, but minutes if the others wait until the one is done.
    for _ in 0..1000 {
        echoes(&mut other, b"meanwhile");
        assert!(start.elapsed() < Duration::from_secs(30));
    }
    drop(server);
    feed.join().unwrap();
    // It may end with a reset.
    let _ = pump.join().unwrap();
}

#[test]
fn a_server_says_who_has_connected() {
    for (binary, says) in [
        (LISTING_3_03, "I got a connection from {}!\n"),
        (LISTING_3_03_ONE, "I got a connection from {}!\n"),
        (LISTING_3_06, "I got a connection from {}!\n"),
        (LISTING_3_07, "I got a connection from {}\n"),
        (LISTING_3_08, "Got a connection from {}\n"),
        (LISTING_3_08_SEEN, "Got a connection from {}\n"),
        (LISTING_3_10, "Got a connection from {}\n"),
    ] {
        let server = Server::start(binary, &[]);
        let client = server.connect();
        let address = client.local_addr().unwrap().to_string();
        server.wait_for(&says.replace("{}", &address));
    }
}

#[cfg(unix)]
#[test]
fn listing_3_08_errors_seen_reports_a_broken_connection_and_3_08_does_not() {
    let seen = Server::start(LISTING_3_08_SEEN, &[]);
    let mut client = seen.connect();
    echoes(&mut client, b"hello");
    reset(client);
    seen.wait_for_error("An echo task failed: ");
    drop(seen.connect());
    seen.wait_for("A client has left.\n");

    let mut unseen = Server::start(LISTING_3_08, &[]);
    let mut client = unseen.connect();
    echoes(&mut client, b"hello");
    reset(client);
    // The reset came first, so it has been noticed when this is answered.
    echoes(&mut unseen.connect(), b"hello");
    unseen.interrupt();
    unseen.wait();
    assert_eq!(unseen.stderr(), "");
}

#[cfg(unix)]
#[test]
fn listing_3_09_cancels_its_task_on_sigint() {
    let mut waiting = Server::run(command(LISTING_3_09));
    waiting.wait_for_handler(Signal::INT);
    waiting.wait_for("sleeping for 10 second(s)\n");
    waiting.interrupt();
    assert_eq!(waiting.wait().code(), Some(1));
    let name = "listing_3_09_cancel_on_sigint";
    util_testing::assert_eq(waiting.stdout(), expected!(name));
    util_testing::assert_eq(waiting.stderr(), "Error: task [..] was cancelled\n");
}

#[test]
fn listing_3_09_ends_when_its_task_does() {
    listing(LISTING_3_09)
        .assert()
        .success()
        .stdout_eq("sleeping for 10 second(s)\nfinished sleeping for 10 second(s)\n")
        .stderr_eq("");
}

#[cfg(unix)]
#[test]
fn listing_3_10_logs_a_boom_and_closes_that_connection_only() {
    let mut server = Server::start(LISTING_3_10, &[]);
    let mut other = server.connect();
    echoes(&mut other, b"before\r\n");
    // A line that only begins so is one like any other.
    echoes(&mut other, b"boomerang\r\n");
    let mut client = server.connect();
    client.write_all(b"boom\r\n").unwrap();
    assert_eq!(client.read(&mut [0; 64]).unwrap(), 0, "it is closed");
    server.wait_for_error("Unexpected network error\n");
    echoes(&mut other, b"after\r\n");
    drop(other);
    server.interrupt();
    assert!(server.wait().success());
    assert_eq!(server.stdout().matches("got data!").count(), 4);
}

#[cfg(unix)]
#[test]
fn listing_3_10_ends_at_once_when_its_clients_leave() {
    let ends_within_its_grace = || {
        let mut server = Server::start(LISTING_3_10, &[]);
        let mut client = server.connect();
        echoes(&mut client, b"hello");
        let start = Instant::now();
        server.interrupt();
        drop(client);
        assert!(server.wait().success());
        start.elapsed() < GRACE
    };
    // A busy machine may sometimes take that long.
    assert!((0..5).any(|_| ends_within_its_grace()));
}

#[cfg(unix)]
#[test]
fn listing_3_10_gives_its_clients_two_seconds_and_cancels_who_is_left() {
    let seconds_until_cancelled = || {
        let mut server = Server::start(LISTING_3_10, &[]);
        let stuck = server.connect();
        flood(&stuck, usize::MAX);
        let mut idle = server.connect();
        echoes(&mut idle, b"hello");

        let start = Instant::now();
        server.terminate();
        wait_until(
            || TcpStream::connect(server.address).is_err(),
            || "an end of accepting".into(),
        );
        echoes(&mut idle, b"still served");
        assert_eq!(idle.read(&mut [0; 64]).unwrap(), 0, "it is closed");
        assert!(start.elapsed() >= GRACE);
        assert!(server.wait().success());
        drop(stuck);
        start.elapsed().as_secs()
    };
    // A busy machine may sometimes take longer.
    assert!((0..3).any(|_| seconds_until_cancelled() == GRACE.as_secs()));
}

/// Sends text without reading, until the peer takes no more or has taken `at_most` bytes. Returns
/// the number of bytes.
fn flood(mut client: &TcpStream, at_most: usize) -> usize {
    client
        .set_write_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    let mut total = 0;
    while total < at_most {
        match client.write(&[b'x'; 64 * 1024]) {
            Ok(n) => total += n,
            Err(error) => {
                assert!(
                    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                    "{error}"
                );
                break;
            }
        }
    }
    total
}

#[test]
fn bad_clients_do_not_disturb_the_others() {
    for binary in CONCURRENT {
        let server = Server::start(binary, &[]);
        let mut other = server.connect();
        echoes(&mut other, b"before\r\n");

        let silent = server.connect();
        let mut resetting = server.connect();
        echoes(&mut resetting, b"half a li");
        reset(resetting);
        // On Windows, to accept a client that has already reset is an error.
        #[cfg(unix)]
        {
            reset(server.connect());
            let mut resetting = server.connect();
            resetting.write_all(b"half a li").unwrap();
            reset(resetting);
        }
        let mut half_closed = server.connect();
        half_closed.write_all(b"the last words").unwrap();
        half_closed.shutdown(Shutdown::Write).unwrap();
        let mut heard = String::new();
        half_closed.read_to_string(&mut heard).unwrap();
        assert_eq!(heard, "the last words");
        let mut slow = server.connect();
        slow.set_nodelay(true).unwrap();
        for byte in b"slow\xff\xfe\r\n" {
            echoes(&mut slow, &[*byte]);
        }

        echoes(&mut other, b"after\r\n");
        drop(silent);
    }
}

/// Without free descriptors a server must not try again and again.
#[cfg(unix)]
#[test]
fn servers_end_when_no_client_can_be_accepted() {
    for binary in CONCURRENT {
        let error = util_testing::error_without_descriptors(binary);
        assert!(error.starts_with("Error: Too many open files"), "{error}");
    }
}

#[test]
fn listing_3_06_disconnects_a_client_that_does_not_read() {
    let server = Server::start(LISTING_3_06, &[]);
    let mut other = server.connect();
    let mut greedy = server.connect();
    // Far more than the buffers take.
    let mut writes = (0..8192).map(|_| greedy.write(&[b'x'; 64 * 1024]));
    let error = writes.find_map(Result::err).unwrap().kind();
    assert!(
        matches!(error, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
        "{error}"
    );
    echoes(&mut other, b"meanwhile");
}

/// Not 3.6, which disconnects that client.
#[test]
fn a_client_that_sends_100_mib_without_reading_costs_no_memory() {
    let servers = [LISTING_3_07, LISTING_3_08, LISTING_3_08_SEEN, LISTING_3_10];
    thread::scope(|scope| {
        for binary in servers {
            scope.spawn(move || withstands_a_flood(binary));
        }
    });
}

fn withstands_a_flood(binary: &str) {
    const SIZE: usize = 100 * 1024 * 1024;
    let server = Server::start(binary, &[]);
    let mut other = server.connect();
    echoes(&mut other, b"before\r\n");
    let before = server.memory();

    let greedy = server.connect();
    let sent = flood(&greedy, SIZE);
    assert!(sent < SIZE, "nothing held the sender back");
    echoes(&mut other, b"meanwhile\r\n");
    if let (Some(before), Some(after)) = (before, server.memory()) {
        let grown = after.saturating_sub(before);
        assert!(
            grown < 4 * 1024 * 1024,
            "{binary} has grown by {grown} bytes"
        );
    }

    // When it finally reads, every byte is there.
    let reader = greedy.try_clone().unwrap();
    let rest = thread::spawn(move || {
        let mut greedy = greedy;
        greedy
            .set_write_timeout(Some(util_testing::TIMEOUT))
            .unwrap();
        for _ in 0..(SIZE - sent).div_ceil(1024) {
            greedy.write_all(&[b'x'; 1024]).unwrap();
        }
        greedy.shutdown(Shutdown::Write).unwrap();
    });
    let echoed = io::copy(&mut { reader }, &mut io::sink()).unwrap();
    rest.join().unwrap();
    assert_eq!(echoed, (sent + (SIZE - sent).div_ceil(1024) * 1024) as u64);
}

#[test]
fn two_thousand_connections_fit_on_one_thread() {
    let _alone = MANY_CONNECTIONS
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    // The other tests need descriptors too.
    let connections = 2000.min(raise_limit() / 2);
    for binary in [LISTING_3_07, LISTING_3_08, LISTING_3_10] {
        let server = Server::start(binary, &[]);
        echoes(&mut server.connect(), b"hello");
        let before = server.memory();
        let mut clients = Vec::new();
        while clients.len() < connections {
            // Connect no more at a time than may wait to be accepted.
            let mut arriving: Vec<_> = (0..100).map(|_| server.connect()).collect();
            for client in &mut arriving {
                echoes(client, b"hello");
            }
            clients.append(&mut arriving);
        }
        for client in &mut clients {
            echoes(client, b"still here");
        }
        if let (Some(before), Some(after)) = (before, server.memory()) {
            let each = after.saturating_sub(before) / clients.len() as u64;
            assert!(
                each < 4096,
                "{binary} takes {each} bytes for each connection"
            );
        }
        #[cfg(unix)]
        if binary == LISTING_3_10 {
            server.terminate();
            for client in &mut clients {
                assert_eq!(client.read(&mut [0; 64]).unwrap(), 0, "it is closed");
            }
        }
    }
}

/// In a terminal, as a reader does it.
#[test]
fn ctrl_c_ends_every_server() {
    for binary in [LISTING_3_01].into_iter().chain(SERVERS) {
        let mut server = Terminal::start(binary, &["127.0.0.1:0"]);
        let screen = server.wait_for_text("talk to it with");
        let address = screen.split(['\n', ' ', ';']).nth(2).unwrap();
        // With a client, listing 3.1 would end by itself.
        let client = (binary != LISTING_3_01).then(|| TcpStream::connect(address).unwrap());
        server.keys("\x03");
        // Listing 3.10 ends by itself, the system ends the others.
        assert_eq!(server.wait() == 0, binary == LISTING_3_10, "{binary}");
        drop(client);
    }
}

#[test]
fn ctrl_c_cancels_the_task_of_listing_3_09() {
    let mut waiting = Terminal::start(LISTING_3_09, &[]);
    waiting.wait_for_text("sleeping for 10 second(s)");
    waiting.keys("\x03");
    waiting.wait_for_text("Got a SIGINT!\nCancelling 1 task(s).\nError: task ");
    assert_eq!(waiting.wait(), 1);
}
