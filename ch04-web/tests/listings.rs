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
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Barrier};
use std::thread;

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util_testing::{Server, TIMEOUT, expected, lines, listing};

util_testing::prints! {
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
const GATHER_FIRST_ERROR: &str = env!("CARGO_BIN_EXE_gather_first_error");
const LISTING_4_01: &str = env!("CARGO_BIN_EXE_listing_4_01_connected_socket");
const LISTING_4_02: &str = env!("CARGO_BIN_EXE_listing_4_02_one_request");
const LISTING_4_03: &str = env!("CARGO_BIN_EXE_listing_4_03_timeouts");
const LISTING_4_06: &str = env!("CARGO_BIN_EXE_listing_4_06_join_all");
const LISTING_4_06_SEQUENTIAL: &str = env!("CARGO_BIN_EXE_listing_4_06_sequential");
const LISTING_4_09: &str = env!("CARGO_BIN_EXE_listing_4_09_as_completed_timeout");
const LISTING_4_10: &str = env!("CARGO_BIN_EXE_listing_4_10_wait_all");
const LISTING_4_13: &str = env!("CARGO_BIN_EXE_listing_4_13_first_completed");
const LISTING_4_15: &str = env!("CARGO_BIN_EXE_listing_4_15_wait_timeout");
const LISTING_4_16: &str = env!("CARGO_BIN_EXE_listing_4_16_which_task");

/// All listings that ask the site.
const ASKING: [&str; 16] = [
    GATHER_FIRST_ERROR,
    env!("CARGO_BIN_EXE_gather_return_exceptions"),
    LISTING_4_02,
    LISTING_4_03,
    LISTING_4_06,
    LISTING_4_06_SEQUENTIAL,
    env!("CARGO_BIN_EXE_listing_4_08_as_completed"),
    env!("CARGO_BIN_EXE_listing_4_08_first"),
    LISTING_4_09,
    LISTING_4_10,
    env!("CARGO_BIN_EXE_listing_4_11_exceptions"),
    env!("CARGO_BIN_EXE_listing_4_12_first_exception"),
    LISTING_4_13,
    env!("CARGO_BIN_EXE_listing_4_14_all_as_they_come"),
    LISTING_4_15,
    LISTING_4_16,
];

const OK_200: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
const BAD_URL: &str = "Request got an exception: builder error for url (python://bad): \
                       URL scheme is not allowed\n";

/// What happens to a test's own site.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Request,
    Close,
}

/// A site that gives to the nth request `answer(n)`, if that is any, and tells what it sees.
fn site(
    answer: impl Fn(usize) -> Option<&'static str> + Send + Sync + 'static,
) -> (SocketAddr, Receiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, seen) = mpsc::channel();
    let (answer, requests) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, sender) = (stream.unwrap(), sender.clone());
            let (answer, requests) = (Arc::clone(&answer), Arc::clone(&requests));
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                // A connection that asks for nothing only looks whether the site is there.
                if !matches!(stream.read(&mut buffer), Ok(1..)) {
                    return;
                }
                // The test may be over by now, here and below.
                let _ = sender.send(Seen::Request);
                if let Some(answer) = answer(requests.fetch_add(1, Ordering::Relaxed)) {
                    stream.write_all(answer.as_bytes()).unwrap();
                } else {
                    while let Ok(1..) = stream.read(&mut buffer) {}
                    let _ = sender.send(Seen::Close);
                }
            });
        }
    });
    (address, seen)
}

#[test]
fn gather_first_error_leaves_the_other_request_running() {
    listing(GATHER_FIRST_ERROR)
        .env("EXAMPLE_LATENCY_MS", "2000")
        .assert()
        .success()
        .stdout_eq("Is the other request done? false\nIts status is 200\n")
        .stderr_eq(BAD_URL);
}

#[test]
fn listing_4_01_leaves_its_block_whatever_happens() {
    let mut server = Server::start(LISTING_4_01, &[]);
    server.wait_for("waiting for connection\n");
    server.connect().write_all(b"hello \xff\r\n").unwrap();
    assert!(server.wait().success());
    server.wait_for("Closed connection\n");
    let name = "listing_4_01_connected_socket";
    util_testing::assert_eq(server.stdout(), expected!(name));

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
    let (address, _seen) = site(|_| None);
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
        .stdout_eq(expected!("listing_4_06_sequential"));
}

#[test]
fn listing_4_06_refuses_to_make_no_requests() {
    for (binary, maximum) in [(LISTING_4_06, 20_000), (LISTING_4_06_SEQUENTIAL, 100_000)] {
        for wrong in [0, maximum + 1] {
            listing(binary)
                .arg(wrong.to_string())
                .assert()
                .code(2)
                .stdout_eq("")
                .stderr_eq(format!(
                    "COUNT must be a number from 1 to {maximum}, not '{wrong}'; \
                     usage: [..] [COUNT]\n"
                ));
        }
    }
}

#[test]
fn listing_4_06_raises_a_soft_limit_of_open_files_and_names_a_hard_one() {
    let limited = |limit: &str| {
        listing("sh")
            .args(["-c", &format!("ulimit {limit} 256 && exec \"$0\" 200")])
            .arg(LISTING_4_06)
            .assert()
    };
    limited("-Sn").success();
    limited("-n")
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: [..]\n...\n    [..]Too many open files[..]\n");
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
            .stderr_eq(BAD_URL);
    }
}

#[test]
fn listing_4_13_leaves_the_others_pending() {
    let output = listing(LISTING_4_13).assert().success();
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
fn listing_4_16_still_waits_for_a_slow_api_a() {
    listing(LISTING_4_16)
        .env("EXAMPLE_LATENCY_MS", "2000")
        .assert()
        .success()
        .stdout_eq("API B too slow, cancelling\nAPI B was cancelled\nAPI A answered 200\n");
}

/// This process goes on, so it is the cancelling that closes the connection, not the end.
#[tokio::test]
async fn a_cancelled_request_closes_its_connection() {
    let (address, seen) = site(|_| None);
    let see = |seen: Receiver<Seen>| {
        tokio::task::spawn_blocking(move || (seen.recv_timeout(TIMEOUT), seen))
    };
    let session = util_web::http::client().unwrap().build().unwrap();
    let mut pending = JoinSet::new();
    pending.spawn(fetch_status(
        session.clone(),
        format!("http://{address}/"),
        0,
    ));
    let (first, seen) = see(seen).await.unwrap();
    assert_eq!(first, Ok(Seen::Request));
    drop(pending);
    let (second, _seen) = see(seen).await.unwrap();
    assert_eq!(second, Ok(Seen::Close));
    drop(session); // it has been there all the time, and could have kept the connection
}

#[test]
fn no_listing_leaves_a_request_behind() {
    // Of three requests, the first of 4.13 is answered.
    for (binary, args, requests, answered, stdout) in [
        // In ten milliseconds a busy machine may not even have sent the request.
        (
            LISTING_4_03,
            &["500"][..],
            1,
            0,
            "The request took longer than 500ms.\n",
        ),
        (
            LISTING_4_09,
            &[],
            1,
            0,
            "We got a timeout error!\nWe got a timeout error!\nWe got a timeout error!\n\
             Task [..] is still running\nTask [..] is still running\n\
             Task [..] is still running\nStill running without the set: 0\n",
        ),
        (
            LISTING_4_13,
            &[],
            3,
            1,
            "...\nDone task count: 1\nPending task count: 2\n200\n...\n",
        ),
        (
            LISTING_4_15,
            &[],
            2,
            0,
            "Done task count: 0\nPending task count: 3\n",
        ),
    ] {
        // Nobody is answered before all have asked: who has an answer ends the others.
        let all_there = Barrier::new(requests);
        let (address, seen) = site(move |n| {
            all_there.wait();
            (n < answered).then_some(OK_200)
        });
        listing(binary)
            .args(args)
            .env("EXAMPLE_URL", format!("http://{address}"))
            .assert()
            .success()
            .stdout_eq(stdout);
        let mut all: Vec<_> = (0..2 * requests - answered)
            .map(|_| seen.recv_timeout(TIMEOUT).unwrap())
            .collect();
        all.retain(|seen| *seen == Seen::Close);
        assert_eq!(all.len(), requests - answered, "{binary}");
    }
}

#[test]
fn a_site_that_fails_is_reported_and_one_that_says_so_is_not_an_error() {
    const ERROR_500: &str = "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let ask = |binary, answer| {
        let (address, _seen) = site(move |_| Some(answer));
        let listing = listing(binary).env("EXAMPLE_URL", format!("http://{address}"));
        if binary == LISTING_4_06 {
            listing.arg("5").assert()
        } else {
            listing.assert()
        }
    };
    for binary in [LISTING_4_02, LISTING_4_06, LISTING_4_10] {
        for garbage in ["", "this is no HTTP\r\n\r\n"] {
            ask(binary, garbage)
                .code(1)
                .stderr_eq("Error: error sending request for url [..]\n");
        }
        let output = ask(binary, ERROR_500).success();
        assert!(String::from_utf8_lossy(&output.get_output().stdout).contains("500"));
    }
}

#[test]
fn every_listing_names_a_site_that_is_not_there() {
    for binary in ASKING {
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
