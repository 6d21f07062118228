//! Runs every listing of chapter 7 as a reader would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use ch07_threads::terminal::in_terminal;
use rustix::process::Signal;
use util_testing::{Server, Terminal, expected, lines, listing};

util_testing::prints! {
    listing_7_03_blocking_client
    listing_7_09_reentrant
    listing_7_10_reentrant
    listing_7_10_unlocked_helper
}

const LISTING_7_01: &str = env!("CARGO_BIN_EXE_listing_7_01_thread_per_connection");
const LISTING_7_02: &str = env!("CARGO_BIN_EXE_listing_7_02_shutdown");
const LISTING_7_08: &str = env!("CARGO_BIN_EXE_listing_7_08_progress");
const LISTING_7_09: &str = env!("CARGO_BIN_EXE_listing_7_09_self_deadlock");
const LISTING_7_10: &str = env!("CARGO_BIN_EXE_listing_7_10_threadsafe_list");
const LISTING_7_11: &str = env!("CARGO_BIN_EXE_listing_7_11_deadlock");
const LISTING_7_11_ORDERED: &str = env!("CARGO_BIN_EXE_listing_7_11_ordered");
const LISTING_7_12: &str = env!("CARGO_BIN_EXE_listing_7_12_hello_window");
const LISTING_7_15: &str = env!("CARGO_BIN_EXE_listing_7_15_load_tester");
const REQUESTS: [&str; 3] = [
    env!("CARGO_BIN_EXE_listing_7_04_async"),
    env!("CARGO_BIN_EXE_listing_7_04_sequential"),
    env!("CARGO_BIN_EXE_listing_7_04_thread_pool"),
];
const IN_THE_EVENT_LOOP: [&str; 3] = [
    env!("CARGO_BIN_EXE_listing_7_05_pool_and_event_loop"),
    env!("CARGO_BIN_EXE_listing_7_06_default_executor"),
    env!("CARGO_BIN_EXE_listing_7_07_to_thread"),
];
const PASSWORDS: [&str; 2] = [
    env!("CARGO_BIN_EXE_listing_7_16_sequential"),
    env!("CARGO_BIN_EXE_listing_7_17_threads"),
];
const SHA2: [&str; 2] = [
    env!("CARGO_BIN_EXE_sha2_sequential"),
    env!("CARGO_BIN_EXE_sha2_threads"),
];
const MATRIX: [&str; 3] = [
    env!("CARGO_BIN_EXE_listing_7_18_matrix_means"),
    env!("CARGO_BIN_EXE_listing_7_19_matrix_threads"),
    env!("CARGO_BIN_EXE_listing_7_19_rayon"),
];

#[test]
fn echo_servers_answer_every_client_while_all_are_connected() {
    for binary in [LISTING_7_01, LISTING_7_02] {
        let server = Server::start(binary, &[]);
        let mut clients: Vec<_> = (0..20).map(|_| server.connect()).collect();
        for (number, client) in clients.iter_mut().enumerate().rev() {
            let message = format!("hello {number}");
            client.write_all(message.as_bytes()).unwrap();
            let mut echo = vec![0; message.len()];
            client.read_exact(&mut echo).unwrap();
            assert_eq!(echo, message.as_bytes());
        }
        server.wait_for("Received \"hello 0\", sending!\n");
        // One that leaves harms nobody.
        drop(clients.pop());
        clients[0].write_all(b"still here").unwrap();
        server.wait_for("Received \"still here\", sending!\n");
    }
}

#[test]
fn listing_7_01_ends_on_ctrl_c_with_clients_connected() {
    let mut server = Server::start(LISTING_7_01, &[]);
    let mut client = server.connect();
    client.write_all(b"hello").unwrap();
    server.wait_for("Received \"hello\"");
    server.interrupt();
    assert!(!server.wait().success());
    let mut rest = Vec::new();
    // The end, or a reset: nobody says goodbye.
    let _ = client.read_to_end(&mut rest);
    assert_eq!(rest, b"hello");
}

#[test]
fn listing_7_02_says_goodbye_to_each_client_and_ends() {
    for terminate in [false, true] {
        let mut server = Server::start(LISTING_7_02, &[]);
        let mut clients: Vec<_> = (0..20).map(|_| server.connect()).collect();
        for client in &mut clients {
            client.write_all(b"hello").unwrap();
            client.read_exact(&mut [0; 5]).unwrap();
        }
        // One has left already, and is not told anything.
        drop(clients.pop());
        server.wait_for("Thread interrupted by Connection closed! exception, shutting down!\n");
        if terminate {
            server.terminate();
        } else {
            server.interrupt();
        }
        assert!(server.wait().success());
        for mut client in clients {
            let mut goodbye = String::new();
            client.read_to_string(&mut goodbye).unwrap();
            assert_eq!(goodbye, "Shutting down!");
        }
        let stdout = server.stdout();
        assert!(stdout.contains("\nShutting down!\n"), "{stdout}");
        let ended = "Thread interrupted by Connection closed! exception, shutting down!\n";
        // Each thread of a client, and the connection that woke the listener up, if it got one.
        assert!(
            (20..=21).contains(&stdout.matches(ended).count()),
            "{stdout}"
        );
    }
}

#[test]
fn listing_7_02_ends_though_a_client_does_not_read() {
    let mut server = Server::start(LISTING_7_02, &[]);
    let mut client = server.connect();
    client
        .set_write_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    // Until both sides' buffers are full, and the server's thread waits in `write`.
    let flood = vec![b'x'; 1 << 20];
    loop {
        match client.write(&flood) {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                break;
            }
            Err(error) => panic!("{error}"),
        }
    }
    server.interrupt();
    assert!(server.wait().success());
}

#[test]
fn requests_are_all_answered_one_by_one_in_a_pool_and_on_one_thread() {
    for binary in REQUESTS {
        let output = listing(binary).arg("40").assert().success();
        let lines = lines(&output.get_output().stdout);
        assert_eq!(lines.len(), 41);
        assert!(lines[..40].iter().all(|code| code == "200"), "{lines:?}");
        assert!(lines[40].starts_with("finished requests in "), "{lines:?}");
    }
    for binary in IN_THE_EVENT_LOOP {
        let codes = ["200"; 40].join(", ");
        listing(binary)
            .arg("40")
            .assert()
            .success()
            .stdout_eq(format!("[{codes}]\nfinished in [..] second(s)\n"));
    }
}

#[test]
fn a_thousand_requests_have_a_thousand_threads() {
    listing(REQUESTS[2])
        .args(["1000", "1000"])
        .assert()
        .success()
        .stdout_eq(format!(
            "{}finished requests in [..] second(s)\n",
            "200\n".repeat(1000)
        ));
}

#[test]
fn a_site_that_is_not_there_is_one_clear_line() {
    for binary in REQUESTS.into_iter().chain(IN_THE_EVENT_LOOP) {
        listing(binary)
            // Port 1 is reserved: nobody listens there.
            .env("EXAMPLE_URL", "http://127.0.0.1:1/")
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq("Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached: [..]\n");
    }
}

#[test]
fn a_pool_without_workers_is_refused() {
    listing(REQUESTS[2])
        .args(["10", "0"])
        .assert()
        .code(2)
        .stderr_eq(
            "WORKERS must be a number from 1 to 10000, not '0'; \
             usage: listing_7_04_thread_pool [REQUESTS] [WORKERS]\n",
        );
}

#[test]
fn listing_7_08_reports_while_requests_are_on_their_way() {
    listing(LISTING_7_08)
        .arg("20")
        .env("EXAMPLE_LATENCY_MS", "200")
        .assert()
        .success()
        .stdout_eq(expected!("listing_7_08_progress"));
}

#[test]
fn listing_7_09_reports_that_a_thread_waits_for_itself() {
    listing(LISTING_7_09)
        .assert()
        .code(3)
        .stdout_eq(expected!("listing_7_09_self_deadlock"))
        .stderr_eq(
            "Deadlock: a thread waits for a lock that it holds itself\n\
             ThreadId([..]) waits in sum_list[..], called by sum_list[..]\n",
        );
}

#[test]
fn listing_7_10_reports_that_a_method_locks_twice() {
    listing(LISTING_7_10)
        .assert()
        .code(3)
        .stdout_eq("")
        .stderr_eq(
            "Deadlock: a thread waits for a lock that it holds itself\n\
             ThreadId([..]) waits in [..]\n",
        );
}

#[test]
fn listing_7_11_reports_which_threads_wait_for_each_other() {
    let output = listing(LISTING_7_11).assert().code(3);
    let output = output.get_output();
    let sorted = |bytes: &[u8]| -> BTreeSet<String> { lines(bytes).into_iter().collect() };
    // The threads race for the first line.
    let acquired = [
        "Acquired lock a from method a!",
        "Acquired lock b from method b!",
    ];
    assert_eq!(sorted(&output.stdout), acquired.map(String::from).into());
    let report = lines(&output.stderr);
    assert_eq!(report[0], "Deadlock: 2 threads wait for each other's locks");
    assert_eq!(report.len(), 3);
    for (function, line) in [("a", " waits in a"), ("b", " waits in b")] {
        let found = report.iter().any(|report| report.contains(line));
        assert!(found, "nothing of {function} in {report:?}");
    }
}

#[test]
fn listing_7_11_ordered_ends_with_both_locks_acquired_by_both() {
    let output = listing(LISTING_7_11_ORDERED).assert().success();
    let lines = lines(&output.get_output().stdout);
    let order = |first: &str, second: &str| {
        [first, second]
            .iter()
            .flat_map(|method| {
                [
                    format!("Acquired lock a from method {method}!"),
                    format!("Acquired both locks from method {method}!"),
                ]
            })
            .collect::<Vec<_>>()
    };
    assert!(
        lines == order("a", "b") || lines == order("b", "a"),
        "{lines:?}"
    );
}

#[test]
fn listing_7_12_says_hello_for_each_press_and_gives_the_terminal_back() {
    let mut terminal = Terminal::start(LISTING_7_12, &[]);
    terminal.wait_for_text("[ Say hello ]");
    assert!(terminal.is_alternate() && !terminal.is_cooked());
    terminal.keys("\r");
    terminal.wait_for_text("Hello there!");
    terminal.keys(" ");
    terminal.wait_for("two greetings", |screen| {
        screen.matches("Hello there!").count() == 2
    });
    terminal.keys("\x1b");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn terminal_programs_end_on_ctrl_c_and_on_signals_with_the_terminal_restored() {
    for (binary, ready) in [(LISTING_7_12, "Say hello"), (LISTING_7_15, "Submit")] {
        let mut terminal = Terminal::start(binary, &[]);
        terminal.wait_for_text(ready);
        terminal.keys("\x03");
        assert_eq!(terminal.wait(), 0);
        terminal.wait_until_restored();
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            let mut terminal = Terminal::start(binary, &[]);
            terminal.wait_for_text(ready);
            terminal.signal(signal);
            assert_ne!(terminal.wait(), 0);
            terminal.wait_until_restored();
        }
    }
}

#[test]
fn a_panic_restores_the_terminal_before_it_is_told() {
    let test = std::env::current_exe().unwrap();
    let args = [
        "--exact",
        "panics_in_a_terminal",
        "--ignored",
        "--nocapture",
    ];
    let mut terminal = Terminal::start(test.to_str().unwrap(), &args);
    terminal.wait_for_text("on purpose");
    assert_ne!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
#[ignore = "it is run by another test, in a terminal"]
fn panics_in_a_terminal() {
    let _ = in_terminal::<()>(|_| panic!("on purpose"));
}

#[test]
fn without_a_terminal_there_is_a_clear_error() {
    for binary in [LISTING_7_12, LISTING_7_15] {
        listing(binary).assert().code(1).stdout_eq("").stderr_eq(
            "Error: this program needs a terminal, with neither input nor output \
                 redirected\n",
        );
    }
}

#[test]
fn listing_7_15_runs_a_test_and_another_one() {
    let mut terminal = Terminal::start(LISTING_7_15, &[]);
    terminal.wait_for_text("[ Submit ]");
    // To the number, which is replaced.
    terminal.keys("\t\x15300\r");
    let screen = terminal.wait_for_text("Finished 300 requests in ");
    assert!(
        screen.contains(" 0 failed") && screen.contains("100%"),
        "{screen}"
    );
    terminal.keys("\x15200\r");
    terminal.wait_for_text("Finished 200 requests in ");
    // In a smaller terminal, and a larger one.
    terminal.resize(18, 60);
    terminal.wait_for("the window at its new size", |screen| {
        screen
            .lines()
            .next()
            .is_some_and(|top| top.trim_end().chars().count() == 60)
    });
    terminal.resize(40, 120);
    terminal.wait_for("the window at its new size", |screen| {
        screen
            .lines()
            .next()
            .is_some_and(|top| top.trim_end().chars().count() == 120)
    });
    terminal.keys("\x1b");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn listing_7_15_really_stops_the_requests_when_it_is_cancelled() {
    // A site that accepts and never answers.
    let site = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", site.local_addr().unwrap());
    let mut terminal = Terminal::start(LISTING_7_15, &[&url, "1000"]);
    terminal.wait_for_text("[ Submit ]");
    terminal.keys("\r");
    let mut connections: Vec<_> = (0..100).map(|_| site.accept().unwrap().0).collect();
    terminal.wait_for_text("0 of 1000 requests");
    terminal.keys("\r");
    terminal.wait_for_text("Cancelled after 0 of 1000 requests");
    for connection in &mut connections {
        connection
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        // The request, and then the end or a reset, but no silence.
        let mut request = Vec::new();
        match connection.read_to_end(&mut request) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }
    terminal.keys("\x03");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn listing_7_15_tells_what_is_wrong_with_a_field_or_a_site() {
    let mut terminal = Terminal::start(LISTING_7_15, &["nonsense"]);
    terminal.wait_for_text("[ Submit ]");
    terminal.keys("\r");
    terminal.wait_for_text("'nonsense' is not a URL");
    // Port 1 is reserved: nobody listens there.
    terminal.keys("\x15http://127.0.0.1:1/\t\x1520\r");
    let screen = terminal.wait_for_text("Finished 20 requests");
    assert!(screen.contains("20 failed"), "{screen}");
    assert!(screen.contains("the last: "), "{screen}");
}

#[test]
fn passwords_are_hashed_in_turn_and_on_threads() {
    for binary in PASSWORDS {
        listing(binary)
            .arg("20")
            .assert()
            .success()
            .stdout_eq("Hashed 20 passwords in [..] seconds\n");
    }
}

#[test]
fn digests_are_the_same_in_turn_and_on_threads() {
    let digests = SHA2.map(|binary| {
        let output = listing(binary).arg("3").assert().success();
        let lines = lines(&output.get_output().stdout);
        assert!(lines[0].starts_with("Hashing took "), "{lines:?}");
        assert_eq!(lines[1].len(), "SHA-512: ".len() + 128);
        assert_eq!(lines[2].len(), "SHA-256: ".len() + 64);
        lines[1..].to_vec()
    });
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn means_are_the_same_in_turn_and_on_threads() {
    for columns in [1, 3, 1000] {
        // The mean of consecutive numbers is in the middle between the first and the last.
        let mean = |row: u32| f64::from(row * columns) + f64::from(columns - 1) / 2.0;
        let means: Vec<f64> = (0..50).map(mean).collect();
        for binary in MATRIX {
            listing(binary)
                .arg(columns.to_string())
                .assert()
                .success()
                .stdout_eq(format!("Means took [..] seconds\n{means:?}\n"));
        }
    }
}
