//! Runs every listing of chapter 4 as a reader would, on good sites and on bad ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use util::testing::{Server, TIMEOUT, expected, lines, listing};

util::prints! {
    gather_first_error
    gather_return_exceptions
    listing_4_02_one_request
    listing_4_03_timeouts
    listing_4_04_await_in_loop
    listing_4_05_spawn_first
    listing_4_07_ordered_results
    listing_4_09_as_completed_timeout
    listing_4_10_wait_all
    listing_4_15_wait_timeout
    listing_4_16_which_task
}

const CLOSING_A_FILE: &str = env!("CARGO_BIN_EXE_closing_a_file");
const LISTING_4_01: &str = env!("CARGO_BIN_EXE_listing_4_01_connected_socket");
const LISTING_4_02: &str = env!("CARGO_BIN_EXE_listing_4_02_one_request");
const LISTING_4_03: &str = env!("CARGO_BIN_EXE_listing_4_03_timeouts");
const LISTING_4_06: &str = env!("CARGO_BIN_EXE_listing_4_06_join_all");
const LISTING_4_06_SEQUENTIAL: &str = env!("CARGO_BIN_EXE_listing_4_06_sequential");
const LISTING_4_09: &str = env!("CARGO_BIN_EXE_listing_4_09_as_completed_timeout");
const LISTING_4_10: &str = env!("CARGO_BIN_EXE_listing_4_10_wait_all");

/// What happens to a test's own site.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Request,
    Close,
}

/// A site that gives `answer` to each request, or none, and tells what it sees.
fn site(answer: Option<&'static str>) -> (SocketAddr, Receiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, seen) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, sender) = (stream.unwrap(), sender.clone());
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                // A connection that asks for nothing only looks whether the site is there.
                if !matches!(stream.read(&mut buffer), Ok(1..)) {
                    return;
                }
                sender.send(Seen::Request).unwrap();
                if let Some(answer) = answer {
                    stream.write_all(answer.as_bytes()).unwrap();
                } else {
                    while let Ok(1..) = stream.read(&mut buffer) {}
                    // The test may be over by now.
                    let _ = sender.send(Seen::Close);
                }
            });
        }
    });
    (address, seen)
}

#[test]
fn listing_4_01_leaves_its_block_whatever_happens() {
    let mut server = Server::start(LISTING_4_01, &[]);
    server.wait_for("waiting for connection\n");
    server.connect().write_all(b"hello \xff\r\n").unwrap();
    assert!(server.wait().success());
    server.wait_for("Closed connection\n");
    let name = "listing_4_01_connected_socket";
    let assert = snapbox::Assert::new().normalize_paths(false);
    assert.eq(server.stdout(), expected(env!("CARGO_MANIFEST_DIR"), name));

    let mut server = Server::start(LISTING_4_01, &[]);
    let client = server.connect();
    server.wait_for("Accepted a connection\n");
    let linger = Some(std::time::Duration::ZERO);
    socket2::SockRef::from(&client).set_linger(linger).unwrap();
    drop(client);
    assert_eq!(server.wait().code(), Some(1));
    server.wait_for("Exiting context manager\nClosed connection\n");
    server.wait_for_error("Error: Connection reset by peer");
}

#[test]
fn closing_a_file_reads_it_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("example.txt");
    fs::write(&path, "one\ntwo\n").unwrap();
    listing(CLOSING_A_FILE)
        .arg(&path)
        .assert()
        .success()
        .stdout_eq("Closed by hand: 2 lines\nClosed by its guard: 2 lines\n");
    listing(CLOSING_A_FILE)
        .arg("/no/such/file")
        .assert()
        .code(1)
        .stderr_eq("Error: cannot read /no/such/file: No such file or directory (os error 2)\n");
}

#[test]
fn listing_4_03_tells_a_slow_connection_from_a_slow_answer() {
    let (address, _) = site(None);
    listing(LISTING_4_03)
        .env("EXAMPLE_URL", format!("http://{address}"))
        .arg("50")
        .assert()
        .success()
        .stdout_eq("The request took longer than 50ms.\n");
    listing(LISTING_4_03)
        .arg("60000")
        .assert()
        .success()
        .stdout_eq("Status was 200\n");
}

/// A queue of two for those who want to connect, and nobody who accepts them.
#[cfg(target_os = "linux")]
#[test]
fn listing_4_03_gives_up_connecting() {
    use socket2::{Domain, Socket, Type};
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any.into()).unwrap();
    socket.listen(1).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let _first = TcpStream::connect(address).unwrap();
    // The second is the one that looks whether the site is there.
    listing(LISTING_4_03)
        .env("EXAMPLE_URL", format!("http://{address}"))
        .arg("60000")
        .assert()
        .success()
        .stdout_eq("Connecting took longer than 100 ms.\n");
}

#[test]
fn listing_4_06_makes_a_thousand_requests_at_once() {
    let output = listing(LISTING_4_06).assert().success();
    let lines = lines(&output.get_output().stdout);
    assert_eq!(lines[0].matches("200").count(), 1000, "{}", lines[0]);
    assert_eq!(lines[1], "All 1000 requests were answered with 200.");
    assert!(lines[2].starts_with("finished in "), "{}", lines[2]);
}

#[test]
fn listing_4_06_sequential_makes_its_requests_one_by_one() {
    listing(LISTING_4_06_SEQUENTIAL)
        .arg("3")
        .assert()
        .success()
        .stdout_eq(expected(
            env!("CARGO_MANIFEST_DIR"),
            "listing_4_06_sequential",
        ));
}

#[test]
fn listing_4_06_refuses_to_make_no_requests() {
    for binary in [LISTING_4_06, LISTING_4_06_SEQUENTIAL] {
        listing(binary)
            .arg("0")
            .assert()
            .code(2)
            .stdout_eq("")
            .stderr_eq("COUNT must be a number from 1 to 100000, not '0'; usage: [..] [COUNT]\n");
    }
}

#[test]
fn listing_4_08_gives_the_first_results_while_the_last_still_runs() {
    let output = listing(env!("CARGO_BIN_EXE_listing_4_08_as_completed"))
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let at = |text: &str| -> Vec<usize> {
        let found = lines.iter().enumerate();
        let found = found.filter(|(_, line)| line.starts_with(text));
        found.map(|(index, _)| index).collect()
    };
    let (results, finished) = (at("200"), at("finished fetch_status in "));
    assert_eq!((results.len(), finished.len()), (3, 3), "{lines:#?}");
    assert!(results[1] < finished[2], "{lines:#?}");
    assert!(lines[finished[2]].starts_with("finished fetch_status in 1"));
}

#[test]
fn listing_4_08_first_takes_one_result_and_ends() {
    let output = listing(env!("CARGO_BIN_EXE_listing_4_08_first"))
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let results = lines.iter().filter(|line| *line == "200");
    assert_eq!(results.count(), 1, "{lines:#?}");
}

#[test]
fn listings_4_11_and_4_12_show_a_bad_url_as_an_error_with_its_cause() {
    for (binary, counts) in [
        (
            env!("CARGO_BIN_EXE_listing_4_11_exceptions"),
            "Done task count: 2\nPending task count: 0\n200\n",
        ),
        (
            env!("CARGO_BIN_EXE_listing_4_12_first_exception"),
            "Done task count: 1\nPending task count: 2\n",
        ),
    ] {
        listing(binary)
            .assert()
            .success()
            .stdout_eq(counts)
            .stderr_eq(
                "Request got an exception: builder error for url (python://bad): \
             URL scheme is not allowed\n",
            );
    }
}

#[test]
fn listing_4_13_leaves_the_others_pending() {
    let output = listing(env!("CARGO_BIN_EXE_listing_4_13_first_completed"))
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let start = lines.iter().position(|line| line.starts_with("Done"));
    // After the results, the requests that are dropped at the end say that they are over.
    assert_eq!(
        lines[start.unwrap()..][..3],
        ["Done task count: 1", "Pending task count: 2", "200"]
    );
}

#[test]
fn listing_4_14_counts_until_none_is_pending() {
    let output = listing(env!("CARGO_BIN_EXE_listing_4_14_all_as_they_come"))
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let counts = |name: &str| -> Vec<usize> {
        let counts = lines.iter().filter_map(|line| line.strip_prefix(name));
        counts.map(|count| count.parse().unwrap()).collect()
    };
    let (done, pending) = (counts("Done task count: "), counts("Pending task count: "));
    assert_eq!(done.iter().sum::<usize>(), 3, "{lines:#?}");
    assert_eq!(pending.last(), Some(&0), "{lines:#?}");
    let results = lines.iter().filter(|line| *line == "200");
    assert_eq!(results.count(), 3, "{lines:#?}");
}

#[test]
fn a_request_that_is_given_up_closes_its_connection() {
    for (binary, requests) in [(LISTING_4_03, 1), (LISTING_4_09, 1)] {
        let (address, seen) = site(None);
        listing(binary)
            .env("EXAMPLE_URL", format!("http://{address}"))
            .assert()
            .success();
        for _ in 0..requests {
            let mut both = [seen.recv_timeout(TIMEOUT), seen.recv_timeout(TIMEOUT)];
            both.sort_by_key(|seen| *seen == Ok(Seen::Close));
            assert_eq!(both, [Ok(Seen::Request), Ok(Seen::Close)], "{binary}");
        }
    }
}

#[test]
fn a_site_that_fails_is_reported_and_one_that_says_so_is_not_an_error() {
    const ERROR_500: &str = "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    for binary in [LISTING_4_02, LISTING_4_06, LISTING_4_10] {
        for (answer, error) in [
            ("", "error sending request for url [..]"),
            (
                "this is no HTTP\r\n\r\n",
                "error sending request for url [..]",
            ),
        ] {
            let (address, _seen) = site(Some(answer));
            let listing = listing(binary).env("EXAMPLE_URL", format!("http://{address}"));
            let listing = if binary == LISTING_4_06 {
                listing.arg("5")
            } else {
                listing
            };
            listing
                .assert()
                .code(1)
                .stderr_eq(format!("Error: {error}\n"));
        }
        let (address, _seen) = site(Some(ERROR_500));
        let listing = listing(binary).env("EXAMPLE_URL", format!("http://{address}"));
        let listing = if binary == LISTING_4_06 {
            listing.arg("5")
        } else {
            listing
        };
        let output = listing.assert().success();
        assert!(String::from_utf8_lossy(&output.get_output().stdout).contains("500"));
    }
}

#[test]
fn every_listing_names_a_site_that_is_not_there() {
    for binary in [
        LISTING_4_02,
        LISTING_4_03,
        LISTING_4_06,
        LISTING_4_09,
        LISTING_4_10,
    ] {
        listing(binary)
            .env("EXAMPLE_URL", "http://127.0.0.1:1/")
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(
                "Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached: \
                 Connection refused[..]\n",
            );
    }
}
