//! Runs every listing of chapter 3 as a reader would, and as a reader's worst clients would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use util_testing::{Server, expected, listing, raise_limit, reset, wait_until};

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

/// Long enough to see that nothing comes, where nothing may come however long one waits.
const A_WHILE: Duration = Duration::from_millis(200);

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
    let client = server.connect();
    let address = client.local_addr().unwrap();
    assert!(server.wait().success());
    server.wait_for(&format!("I got a connection from {address}!\n"));
}

#[test]
fn listing_3_01_says_what_is_wrong_with_its_address() {
    let taken = Server::start(LISTING_3_08, &[]);
    listing(LISTING_3_01)
        .arg(taken.address.to_string())
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: cannot listen: Address already in use (os error [..])\n");
    listing(LISTING_3_01)
        .arg("0.0.0.0:0")
        .assert()
        .code(2)
        .stderr_eq(
            "ADDRESS must be a loopback address, not '0.0.0.0:0'; \
             usage: listing_3_01_accept [ADDRESS]\n",
        );
}

fn output_of_3_02(send: impl FnOnce(&mut TcpStream)) -> String {
    let mut server = Server::start(LISTING_3_02, &[]);
    let mut client = server.connect();
    send(&mut client);
    assert!(server.wait().success());
    server.wait_for("All the data is: ");
    server.stdout()
}

#[test]
fn listing_3_02_reads_two_bytes_at_a_time_until_crlf() {
    let output = output_of_3_02(|client| client.write_all(b"test\r\n").unwrap());
    let name = "listing_3_02_read_until_crlf";
    // The backslashes are the listing's, not a path's.
    util_testing::assert_eq(output, expected!(name));
}

#[test]
fn listing_3_02_takes_bytes_as_they_come() {
    let output = output_of_3_02(|client| {
        client.set_nodelay(true).unwrap();
        for byte in b"h\xffi\r\n" {
            client.write_all(&[*byte]).unwrap();
        }
    });
    assert!(
        output.ends_with("All the data is: h\\xffi\\r\\n\n"),
        "{output}"
    );

    let output = output_of_3_02(|client| {
        client.write_all(b"no end").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
    });
    assert!(output.ends_with("All the data is: no end\n"), "{output}");
}

#[test]
fn listing_3_02_refuses_an_endless_line() {
    let mut server = Server::start(LISTING_3_02, &[]);
    let mut client = server.connect();
    // The server closes before all of it is sent.
    let _ = client.write_all(&vec![b'x'; 1024 * 1024]);
    assert_eq!(server.wait().code(), Some(1));
    server.wait_for_error("Error: the line has more than 65536 bytes\n");
}

#[test]
fn listing_3_03_makes_the_second_client_wait_for_the_first() {
    let server = Server::start(LISTING_3_03, &[]);
    let mut first = server.connect();
    echoes(&mut first, b"one\r\n");

    let mut second = server.connect();
    second.write_all(b"two\r\n").unwrap();
    hears_nothing(&mut second);

    // Only when the first speaks again does the server come to the second.
    echoes(&mut first, b"three\r\n");
    reads(&mut second, b"two\r\n");
}

#[test]
fn listing_3_03_goes_on_when_a_client_leaves_resets_or_never_ends_its_line() {
    let server = Server::start(LISTING_3_03, &[]);
    drop(server.connect());
    reset(server.connect());
    let mut endless = server.connect();
    let _ = endless.write_all(&vec![b'x'; 256 * 1024]);
    let mut client = server.connect();
    echoes(&mut client, b"still here\r\n");
}

#[test]
fn listing_3_03_one_at_a_time_serves_the_next_when_the_first_has_left() {
    let server = Server::start(LISTING_3_03_ONE, &["quiet"]);
    let mut first = server.connect();
    let mut second = server.connect();
    second.write_all(b"two\r\n").unwrap();
    for message in ["one\r\n", "no line end", "\u{00fc}"] {
        echoes(&mut first, message.as_bytes());
    }
    hears_nothing(&mut second);
    reset(first);
    reads(&mut second, b"two\r\n");
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
        .stderr_eq(
            "Error: nobody has connected yet, and a non-blocking accept does not wait: \
             Resource temporarily unavailable (os error [..])\n",
        );
}

#[test]
fn listing_3_06_tells_what_it_cost_when_it_is_interrupted() {
    let mut server = Server::start(LISTING_3_06, &[]);
    let mut client = server.connect();
    echoes(&mut client, b"hello\r\n");
    server.interrupt();
    assert!(server.wait().success());
    server.wait_for("I got data: hello\\r\\n!\n");
    server.wait_for(" s of CPU time in ");

    let mut server = Server::start(LISTING_3_06, &["0"]);
    assert!(server.wait().success());
}

#[test]
fn listing_3_07_reports_that_nothing_happens_and_what_does() {
    let server = Server::start(LISTING_3_07, &[]);
    server.wait_for("No events, waiting a bit more!\n");
    let mut client = server.connect();
    let address = client.local_addr().unwrap();
    echoes(&mut client, b"hello\r\n");
    server.wait_for(&format!("I got a connection from {address}\n"));
    server.wait_for("I got some data: hello\\r\\n\n");
}

#[test]
fn listing_3_08_says_who_has_connected_unless_it_is_to_be_quiet() {
    let server = Server::start(LISTING_3_08, &[]);
    let client = server.connect();
    let address = client.local_addr().unwrap();
    server.wait_for(&format!("Got a connection from {address}\n"));

    let server = Server::start(LISTING_3_08, &["quiet"]);
    echoes(&mut server.connect(), b"hello");
    assert_eq!(server.stdout().lines().count(), 1);
    listing(LISTING_3_08)
        .args(["127.0.0.1:0", "quite"])
        .assert()
        .code(2)
        .stderr_eq("'quite' is not 'quiet'; usage: listing_3_08_async_echo [ADDRESS] [quiet]\n");
}

#[test]
fn listing_3_08_errors_seen_reports_a_broken_connection_and_3_08_does_not() {
    let seen = Server::start(LISTING_3_08_SEEN, &[]);
    let mut client = seen.connect();
    echoes(&mut client, b"hello");
    reset(client);
    seen.wait_for_error("An echo task failed: Connection reset by peer (os error ");
    drop(seen.connect());
    seen.wait_for("A client has left.\n");

    let unseen = Server::start(LISTING_3_08, &[]);
    let mut client = unseen.connect();
    echoes(&mut client, b"hello");
    reset(client);
    echoes(&mut unseen.connect(), b"hello");
    assert_eq!(unseen.stderr(), "");
}

#[test]
fn listing_3_09_cancels_its_task_on_sigint() {
    let child = Command::new(LISTING_3_09)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id().to_string();
    // The handler is in place by the time that the delay speaks: both happen in the first turn.
    let status = format!("/proc/{}/status", child.id());
    wait_until(
        || caught_signals(&status).is_none_or(|caught| caught & 0b10 != 0),
        || "a handler for SIGINT".into(),
    );
    Command::new("kill").args(["-INT", &pid]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let name = "listing_3_09_cancel_on_sigint";
    util_testing::assert_eq(String::from_utf8(output.stdout).unwrap(), expected!(name));
}

/// The signals that a process handles, a bit each; `None` where the system does not tell.
fn caught_signals(status: &str) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("SigCgt:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

#[test]
fn listing_3_10_logs_a_boom_and_closes_that_connection_only() {
    let server = Server::start(LISTING_3_10, &[]);
    let mut other = server.connect();
    echoes(&mut other, b"before\r\n");
    let mut client = server.connect();
    client.write_all(b"boom\r\n").unwrap();
    assert_eq!(client.read(&mut [0; 64]).unwrap(), 0, "it is closed");
    server.wait_for_error("Unexpected network error\n");
    echoes(&mut other, b"after\r\n");
}

#[test]
fn listing_3_10_ends_at_once_when_its_clients_leave() {
    let mut server = Server::start(LISTING_3_10, &[]);
    let mut client = server.connect();
    echoes(&mut client, b"hello");
    server.interrupt();
    server.wait_for("Shutting down, 1 client(s) have 2s.\n");
    echoes(&mut client, b"still served in the time of grace");
    drop(client);
    assert!(server.wait().success());
    assert!(!server.stdout().contains("Closing"), "{}", server.stdout());
}

#[test]
fn listing_3_10_echoes_what_it_has_and_tells_a_thousand_clients() {
    let clients = 1000.min(raise_limit() / 2);
    let mut server = Server::start(LISTING_3_10, &[]);
    let mut clients: Vec<_> = (0..clients).map(|_| server.connect()).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        write!(client, "hello {number}\r\n").unwrap();
    }
    // All are accepted when the last is heard.
    let last = clients.len() - 1;
    reads(&mut clients[last], format!("hello {last}\r\n").as_bytes());
    server.terminate();

    for (number, mut client) in clients.into_iter().enumerate() {
        let mut heard = String::new();
        client.read_to_string(&mut heard).unwrap();
        let echo = format!("hello {number}\r\n");
        let echo = if number == last { "" } else { &echo };
        assert_eq!(heard, format!("{echo}Server is shutting down.\r\n"));
    }
    assert!(server.wait().success());
}

#[test]
fn listing_3_10_does_not_wait_for_a_client_who_never_reads() {
    let mut server = Server::start(LISTING_3_10, &[]);
    let client = server.connect();
    flood(&client, usize::MAX);
    server.terminate();
    assert!(server.wait().success());
    drop(client);
}

/// Sends zeros without reading until nothing more is taken, or `at_most` bytes are. Returns how
/// many.
fn flood(mut client: &TcpStream, at_most: usize) -> usize {
    client
        .set_write_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    let mut total = 0;
    while total < at_most {
        match client.write(&[0; 64 * 1024]) {
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
        resetting.write_all(b"half a li").unwrap();
        reset(resetting);
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

#[test]
fn a_client_who_sends_100_mib_without_reading_costs_no_memory() {
    const SIZE: usize = 100 * 1024 * 1024;
    // Not 3.6 and 3.7 with their words: those would print the hundred MiB too.
    for (binary, args) in [
        (LISTING_3_07, &["quiet"][..]),
        (LISTING_3_08, &["quiet"]),
        (LISTING_3_08_SEEN, &[]),
        (LISTING_3_10, &[]),
    ] {
        let server = Server::start(binary, args);
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

        // When it reads at last, every byte is there.
        let reader = greedy.try_clone().unwrap();
        let rest = thread::spawn(move || {
            let mut greedy = greedy;
            greedy
                .set_write_timeout(Some(util_testing::TIMEOUT))
                .unwrap();
            greedy.write_all(&vec![0; SIZE - sent]).unwrap();
            greedy.shutdown(Shutdown::Write).unwrap();
        });
        let echoed = std::io::copy(&mut { reader }, &mut std::io::sink()).unwrap();
        rest.join().unwrap();
        assert_eq!(echoed, SIZE as u64);
    }
}

#[test]
fn ten_thousand_connections_fit_on_one_thread() {
    let limit = raise_limit();
    let connections = 10_000.min(limit.saturating_sub(1000));
    if connections < 10_000 {
        eprintln!("only {connections} connections: no more files may be open here");
    }
    for (binary, args) in [(LISTING_3_08, &["quiet"][..]), (LISTING_3_10, &[])] {
        let server = Server::start(binary, args);
        echoes(&mut server.connect(), b"hello");
        let before = server.memory();
        let mut clients = Vec::new();
        while clients.len() < connections {
            // No more at a time than may wait to be accepted.
            let mut arriving: Vec<_> = (0..500).map(|_| server.connect()).collect();
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
    }
}

#[test]
fn a_server_without_free_descriptors_goes_on_when_there_are_some() {
    for binary in CONCURRENT {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -n 24; exec \"$0\" 127.0.0.1:0", binary]);
        let server = Server::spawn(command);
        let mut first = server.connect();
        echoes(&mut first, b"hello");
        let many: Vec<_> = (0..40).map(|_| server.connect()).collect();
        server.wait_for_error("cannot accept: Too many open files");
        echoes(&mut first, b"still served");
        drop(many);
        echoes(&mut server.connect(), b"served again");
    }
}

#[test]
fn ctrl_c_ends_every_server() {
    for binary in [
        LISTING_3_01,
        LISTING_3_03,
        LISTING_3_03_ONE,
        LISTING_3_07,
        LISTING_3_08,
    ] {
        let mut server = Server::start(binary, &[]);
        server.interrupt();
        let _ = server.wait();
    }
}
