//! Runs every listing of chapter 7 as a reader would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
#![cfg_attr(
    not(unix),
    allow(dead_code, unused_imports, reason = "some tests are Unix's own")
)]

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use ch07_threads::default_workers;
#[cfg(unix)]
use rustix::process::Signal;
use util_terminal::RawMode;
use util_testing::{
    Server, Site, Terminal, Timeline, command, expected, lines, listing, needs_threads,
    raise_limit, reset, skipped,
};
use util_web::ExampleSite;

util_testing::records_timelines!();

util_testing::prints! {
    listing_7_03_blocking_client
    listing_7_09_reentrant
    listing_7_10_reentrant
    listing_7_10_unlocked_helper
}

const LISTING_7_01: &str = env!("CARGO_BIN_EXE_listing_7_01_thread_per_connection");
const LISTING_7_02: &str = env!("CARGO_BIN_EXE_listing_7_02_shutdown");
const LISTING_7_03: &str = env!("CARGO_BIN_EXE_listing_7_03_blocking_client");
const LISTING_7_04: &str = env!("CARGO_BIN_EXE_listing_7_04_thread_pool");
const LISTING_7_04_ASYNC: &str = env!("CARGO_BIN_EXE_listing_7_04_async");
const LISTING_7_04_SEQUENTIAL: &str = env!("CARGO_BIN_EXE_listing_7_04_sequential");
const LISTING_7_05: &str = env!("CARGO_BIN_EXE_listing_7_05_pool_and_event_loop");
const LISTING_7_06: &str = env!("CARGO_BIN_EXE_listing_7_06_default_executor");
const LISTING_7_07: &str = env!("CARGO_BIN_EXE_listing_7_07_to_thread");
const LISTING_7_08: &str = env!("CARGO_BIN_EXE_listing_7_08_progress");
const LISTING_7_09: &str = env!("CARGO_BIN_EXE_listing_7_09_self_deadlock");
const LISTING_7_10: &str = env!("CARGO_BIN_EXE_listing_7_10_threadsafe_list");
const LISTING_7_11: &str = env!("CARGO_BIN_EXE_listing_7_11_deadlock");
const LISTING_7_11_ONE_LOCK: &str = env!("CARGO_BIN_EXE_listing_7_11_one_lock");
const LISTING_7_11_ORDERED: &str = env!("CARGO_BIN_EXE_listing_7_11_ordered");
const LISTING_7_12: &str = env!("CARGO_BIN_EXE_listing_7_12_hello_window");
const LISTING_7_15: &str = env!("CARGO_BIN_EXE_listing_7_15_load_tester");
const LISTING_7_16: &str = env!("CARGO_BIN_EXE_listing_7_16_sequential");
const LISTING_7_17: &str = env!("CARGO_BIN_EXE_listing_7_17_threads");
const SHA2_SEQUENTIAL: &str = env!("CARGO_BIN_EXE_sha2_sequential");
const SHA2_THREADS: &str = env!("CARGO_BIN_EXE_sha2_threads");
const LISTING_7_18: &str = env!("CARGO_BIN_EXE_listing_7_18_matrix_means");
const LISTING_7_19: &str = env!("CARGO_BIN_EXE_listing_7_19_matrix_means");

/// How long a program that does not hang takes at most.
const SOON: Duration = Duration::from_secs(30);

#[test]
fn echo_servers_answer_every_client_while_all_are_connected() {
    for binary in [LISTING_7_01, LISTING_7_02] {
        let server = Server::start(binary, &[]);
        let mut clients: Vec<_> = (0..20).map(|_| server.connect()).collect();
        for (number, client) in clients.iter_mut().enumerate().rev() {
            let message = format!("hello {number}\r\n");
            client.write_all(message.as_bytes()).unwrap();
            let mut echo = vec![0; message.len()];
            client.read_exact(&mut echo).unwrap();
            assert_eq!(echo, message.as_bytes());
        }
        // As Python shows bytes.
        server.wait_for("Received b'hello 0\\r\\n', sending!\n");
        // A client that leaves harms no other.
        drop(clients.pop());
        clients[0].write_all(b"still here").unwrap();
        server.wait_for("Received b'still here', sending!\n");
        // Bytes need not be text.
        clients[1].write_all(b"\xff\xfe").unwrap();
        clients[1].read_exact(&mut [0; 2]).unwrap();
        server.wait_for("Received b'\\xff\\xfe', sending!\n");
    }
}

#[test]
fn echo_servers_forget_clients_that_have_left() {
    for binary in [LISTING_7_01, LISTING_7_02] {
        let server = Server::start(binary, &[]);
        for _ in 0..100 {
            let mut client = server.connect();
            client.write_all(b"hello").unwrap();
            client.read_exact(&mut [0; 5]).unwrap();
        }
        let Ok(open) = fs::read_dir(format!("/proc/{}/fd", server.id())) else {
            return skipped("this system does not list a process's open files");
        };
        // A thread may be a little late to notice.
        let open = open.count();
        assert!(open < 50, "{open} files are open");
    }
}

#[test]
fn echo_servers_read_2048_bytes_at_a_time() {
    for binary in [LISTING_7_01, LISTING_7_02] {
        let server = Server::start(binary, &[]);
        let mut client = server.connect();
        client.write_all(&[b'x'; 3000]).unwrap();
        client.read_exact(&mut [0; 3000]).unwrap();
        for read in [2048, 952] {
            server.wait_for(&format!("Received b'{}', sending!\n", "x".repeat(read)));
        }
    }
}

#[cfg(unix)]
#[test]
fn echo_servers_answer_others_while_a_client_does_not_read() {
    for binary in [LISTING_7_01, LISTING_7_02] {
        let server = Server::start(binary, &[]);
        let deaf = server.connect();
        fill(&deaf);
        let mut other = server.connect();
        other.write_all(b"hello").unwrap();
        other.read_exact(&mut [0; 5]).unwrap();
    }
}

#[test]
fn echo_servers_tell_of_a_client_that_fails() {
    let server = Server::start(LISTING_7_01, &[]);
    reset(server.connect());
    server.wait_for_error("(os error ");
    let server = Server::start(LISTING_7_02, &[]);
    reset(server.connect());
    server.wait_for(" exception, shutting down!\n");
}

#[cfg(unix)]
#[test]
fn echo_servers_end_when_no_client_can_be_accepted() {
    for binary in [LISTING_7_01, LISTING_7_02] {
        let error = util_testing::error_without_descriptors(binary);
        assert!(error.starts_with("Error: Too many open files"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn listing_7_01_ends_on_ctrl_c_with_clients_connected() {
    let mut server = Server::start(LISTING_7_01, &[]);
    let mut client = server.connect();
    client.write_all(b"hello").unwrap();
    client.read_exact(&mut [0; 5]).unwrap();
    server.interrupt();
    assert!(!server.wait().success());
    let mut rest = Vec::new();
    // The connection ends or is reset, without a goodbye.
    let _ = client.read_to_end(&mut rest);
    assert_eq!(rest, b"");
}

#[cfg(unix)]
#[test]
fn listing_7_02_says_goodbye_to_each_client_and_ends() {
    let ended = "Thread interrupted by Connection closed! exception, shutting down!\n";
    for terminate in [false, true] {
        let mut server = Server::start(LISTING_7_02, &[]);
        let mut clients: Vec<_> = (0..20).map(|_| server.connect()).collect();
        for client in &mut clients {
            client.write_all(b"hello").unwrap();
            client.read_exact(&mut [0; 5]).unwrap();
        }
        // One client has left already, and is told nothing.
        drop(clients.pop());
        server.wait_for(ended);
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
        // All threads were joined, because each has reported its end.
        let stdout = server.stdout();
        let (before, after) = stdout.split_once("\nShutting down!\n").unwrap();
        assert!(before.ends_with(ended.trim_end()), "{before}");
        assert_eq!(after, ended.repeat(19));
    }
}

#[cfg(unix)]
#[test]
fn listing_7_02_ends_though_clients_do_not_read() {
    let mut server = Server::start(LISTING_7_02, &[]);
    let clients: Vec<_> = (0..16).map(|_| server.connect()).collect();
    thread::scope(|scope| {
        for client in &clients {
            scope.spawn(|| fill(client));
        }
    });
    server.interrupt();
    assert!(server.wait().success());
}

/// Writes until both sides' buffers are full, and the server's thread waits in `write`.
#[cfg(unix)]
fn fill(mut client: &TcpStream) {
    // It does not grow, so the server's buffer has no room for a short goodbye either.
    rustix::net::sockopt::set_socket_recv_buffer_size(client, 4096).unwrap();
    client
        .set_write_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    let flood = vec![b'x'; 1 << 20];
    let full = loop {
        if let Err(error) = client.write(&flood) {
            break error.kind();
        }
    };
    assert!(
        matches!(full, ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{full}"
    );
}

#[test]
fn listing_7_03_takes_404_for_an_answer() {
    let site = ExampleSite::embedded(Duration::ZERO).unwrap();
    listing(LISTING_7_03)
        .env("EXAMPLE_URL", format!("{}missing", site.url()))
        .assert()
        .success()
        .stdout_eq("404\n404\n");
}

#[test]
fn listing_7_03_opens_a_connection_for_each_call() {
    let site = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", site.local_addr().unwrap());
    let connections = thread::spawn(move || {
        let mut open = Vec::new();
        // Before the first request, a connection checks whether the site is there.
        for mut connection in site.incoming().map(Result::unwrap).skip(1).take(2) {
            assert!(connection.read(&mut [0; 4096]).unwrap() > 0);
            // It stays open, and could take the next request too.
            connection
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .unwrap();
            open.push(connection);
        }
        open.len()
    });
    listing(LISTING_7_03)
        .env("EXAMPLE_URL", url)
        .assert()
        .success()
        .stdout_eq("200\n200\n");
    assert_eq!(connections.join().unwrap(), 2);
}

/// All that make many requests.
const REQUESTS: [&str; 7] = [
    LISTING_7_04,
    LISTING_7_04_ASYNC,
    LISTING_7_04_SEQUENTIAL,
    LISTING_7_05,
    LISTING_7_06,
    LISTING_7_07,
    LISTING_7_08,
];

#[test]
fn there_are_as_many_requests_as_in_the_book() {
    // Another test has the asynchronous one without arguments.
    for binary in REQUESTS
        .into_iter()
        .filter(|binary| *binary != LISTING_7_04_ASYNC)
    {
        let requests = if binary == LISTING_7_08 { 200 } else { 1000 };
        let ended = listing(binary).env("EXAMPLE_LATENCY_MS", "0").assert();
        let lines = lines(&ended.success().get_output().stdout);
        // The last report of 7.8 has the number too.
        let codes = lines.iter().filter(|line| !line.starts_with("Finished"));
        let codes = codes.flat_map(|line| line.split(|c: char| !c.is_ascii_digit()));
        assert_eq!(
            codes.filter(|code| *code == "200").count(),
            requests,
            "{binary}"
        );
    }
}

#[test]
fn a_request_that_fails_is_an_error() {
    let site = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", site.local_addr().unwrap());
    thread::spawn(move || {
        for connection in site.incoming() {
            // It reads a request, and closes the connection.
            let _ = connection.unwrap().read(&mut [0; 4096]);
        }
    });
    for binary in REQUESTS {
        let listing = listing(binary).arg("3").env("EXAMPLE_URL", &url);
        let ended = listing.timeout(SOON).assert().code(1);
        let error = String::from_utf8_lossy(&ended.get_output().stderr).into_owned();
        assert!(error.starts_with("Error: "), "{binary}: {error}");
    }
}

/// What a listing prints when `requests` have been answered.
fn codes(binary: &str, requests: usize) -> String {
    if [LISTING_7_05, LISTING_7_06, LISTING_7_07].contains(&binary) {
        let codes = vec!["200"; requests].join(", ");
        format!("starting main()\n[{codes}]\nfinished main in [..] second(s)\n")
    } else {
        let codes = "200\n".repeat(requests);
        format!("{codes}finished requests in [..] second(s)\n")
    }
}

/// With fewer requests at once, none would be answered.
fn makes_requests_together(binary: &str, together: usize, requests: usize, args: &[&str]) {
    let site = Site::barrier(together);
    listing(binary)
        .arg(requests.to_string())
        .args(args)
        .env("EXAMPLE_URL", site.url())
        .assert()
        .success()
        .stdout_eq(codes(binary, requests));
    assert_eq!(site.requests(), requests);
}

/// While no request is answered, only this many are made.
fn makes_no_more_requests_at_once(binary: &str, most: usize, args: &[&str]) {
    let site = Site::answering(|_| false);
    let mut command = command(binary);
    command
        .arg((10 * most).to_string())
        .args(args)
        .env("EXAMPLE_URL", site.url());
    let _listing = Server::run(command);
    site.wait_for_requests(most);
    // One request too many would come now.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(site.requests(), most);
}

#[test]
fn listing_7_04_sequential_makes_one_request_after_the_other() {
    makes_requests_together(LISTING_7_04_SEQUENTIAL, 1, 40, &[]);
    makes_no_more_requests_at_once(LISTING_7_04_SEQUENTIAL, 1, &[]);
}

#[test]
fn listing_7_04_makes_as_many_requests_at_once_as_the_pool_has_threads() {
    makes_requests_together(LISTING_7_04, 7, 21, &["7"]);
    makes_no_more_requests_at_once(LISTING_7_04, 7, &["7"]);
    makes_no_more_requests_at_once(LISTING_7_04, default_workers(), &[]);
}

#[test]
fn listing_7_04_prints_each_result_as_soon_as_it_is_there() {
    let site = Site::answering(|number| number == 0);
    let mut listing = command(LISTING_7_04);
    listing.args(["2", "1"]).env("EXAMPLE_URL", site.url());
    Server::run(listing).wait_for("200\n");
}

#[test]
fn listing_7_04_shows_six_threads_in_its_figure() {
    let (timeline, ended) = Timeline::record(listing(LISTING_7_04).args(["20", "6"]));
    ended.success();
    assert_eq!(timeline.count("get_status_code"), 20);
    assert_eq!(timeline.most_running("get_status_code"), 6);
    assert_eq!(timeline.threads("get_status_code"), 6);
}

#[test]
fn listing_7_04_can_have_a_thread_for_each_request() {
    if raise_limit() < 2_000 {
        return skipped("too few files may be open");
    }
    makes_requests_together(LISTING_7_04, 300, 300, &["300"]);
}

#[cfg(target_os = "linux")]
#[test]
fn listing_7_04_async_has_one_thread_and_the_site_another() {
    let running = util_testing::Running::held(command(LISTING_7_04_ASYNC).arg("1"));
    util_testing::wait_until(|| running.threads() > 1, || "the site's thread".into());
    // More threads would be there by then.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(running.threads(), 2);
}

#[test]
fn listing_7_04_async_makes_all_requests_at_once() {
    if raise_limit() < 4_000 {
        return skipped("too few files may be open");
    }
    let site = Site::barrier(1000);
    listing(LISTING_7_04_ASYNC)
        .env("EXAMPLE_URL", site.url())
        .assert()
        .success()
        .stdout_eq(codes(LISTING_7_04_ASYNC, 1000));
    assert_eq!(site.requests(), 1000);
}

#[test]
fn listings_7_05_and_7_06_make_as_many_requests_at_once_as_pythons_pool() {
    for binary in [LISTING_7_05, LISTING_7_06] {
        let workers = default_workers();
        makes_requests_together(binary, workers, 3 * workers, &[]);
        makes_no_more_requests_at_once(binary, workers, &[]);
    }
}

#[test]
fn listing_7_07_has_a_thread_for_each_request_up_to_512() {
    if raise_limit() < 2_000 {
        return skipped("too few files may be open");
    }
    makes_requests_together(LISTING_7_07, 512, 512, &[]);
    makes_no_more_requests_at_once(LISTING_7_07, 512, &[]);
}

#[test]
fn a_site_that_is_not_there_is_one_clear_line() {
    for binary in REQUESTS.into_iter().chain([LISTING_7_03]) {
        listing(binary)
            // Port 1 is reserved, so nothing listens there.
            .env("EXAMPLE_URL", "http://127.0.0.1:1/")
            .assert()
            .code(1)
            .stderr_eq("Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached\n...\n");
    }
}

#[test]
fn a_pool_without_workers_is_refused() {
    listing(LISTING_7_04)
        .args(["10", "0"])
        .assert()
        .code(2)
        .stderr_eq(
            "WORKERS must be a number from 1 to 10000, not '0'; \
         usage: listing_7_04_thread_pool [REQUESTS] [WORKERS]\n",
        );
}

#[test]
fn a_pool_that_cannot_start_is_one_clear_error() {
    // No address space has room for such a stack. The site has a thread too.
    let site = Site::answering(|_| true);
    listing(LISTING_7_04)
        .args(["10", "7"])
        .env("EXAMPLE_URL", site.url())
        .env("RUST_MIN_STACK", (1_u64 << 46).to_string())
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: cannot start 7 threads\n\nCaused by:\n    [..] (os error [..])\n");
}

#[test]
fn listing_7_08_reports_while_requests_are_under_way() {
    // Four rounds of 400 ms, and a report every 500 ms.
    let requests = 4 * default_workers();
    let output = listing(LISTING_7_08)
        .arg(requests.to_string())
        .env("EXAMPLE_LATENCY_MS", "400")
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let [starting, reports @ .., codes, finished] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert_eq!(starting, "starting main()");
    assert_eq!(codes, &format!("[{}]", vec!["200"; requests].join(", ")));
    assert!(finished.starts_with("finished main in "), "{finished}");
    let reports: Vec<usize> = reports
        .iter()
        .map(|line| {
            let count = line.strip_prefix("Finished ").unwrap();
            let count = count.strip_suffix(&format!("/{requests} requests"));
            count.unwrap().parse().unwrap()
        })
        .collect();
    assert_eq!(reports[0], 0);
    assert!(reports.is_sorted(), "{reports:?}");
    let between = reports.iter().filter(|count| (1..requests).contains(count));
    assert!(between.count() > 0, "{reports:?}");
}

#[test]
fn listing_7_08_counts_a_request_when_it_is_answered() {
    let site = Site::answering(|_| false);
    let mut command = command(LISTING_7_08);
    command.arg("100").env("EXAMPLE_URL", site.url());
    let start = Instant::now();
    let listing = Server::run(command);
    site.wait_for_requests(default_workers());
    #[cfg(target_os = "linux")]
    util_testing::waits_at_most(listing.id(), 430..=500);
    let reports = |count| "Finished 0/100 requests\n".repeat(count);
    listing.wait_for(&reports(3));
    let stdout = listing.stdout();
    let (_, reported) = stdout.split_once("starting main()\n").unwrap();
    let count = reported.lines().count();
    assert_eq!(reported, reports(count));
    // At most two a second.
    assert!(count as u128 <= start.elapsed().as_millis() / 500 + 1);
}

/// The lines of a deadlock's report, without the threads' numbers.
fn report(binary: &str) -> (Vec<String>, Vec<String>) {
    let output = listing(binary).assert().code(3);
    let output = output.get_output();
    let report = lines(&output.stderr).into_iter().map(|line| {
        let thread = line.split_once(" waits in ");
        thread.map_or(line.clone(), |(_, place)| format!("waits in {place}"))
    });
    let mut report: Vec<_> = report.collect();
    report[1..].sort();
    (lines(&output.stdout), report)
}

#[test]
fn listing_7_09_reports_that_a_thread_waits_for_itself() {
    let (stdout, report) = report(LISTING_7_09);
    util_testing::assert_eq(
        stdout.join("\n") + "\n",
        expected!("listing_7_09_self_deadlock"),
    );
    let file = "listing_7_09_self_deadlock.rs";
    util_testing::assert_eq(
        report.join("\n"),
        format!(
            "Deadlock: a thread waits for a lock that it holds itself\n\
             waits in sum_list ({file}:[..]), called by sum_list ({file}:[..]), \
             called by main::{{{{closure}}}} ({file}:[..])"
        ),
    );
}

/// The first look comes after half a second. Then a busy machine may take some seconds to name the
/// functions.
#[test]
fn the_watch_finds_a_deadlock_soon() {
    let ends_soon = || {
        let start = Instant::now();
        report(LISTING_7_09);
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(500), "{took:?}");
        took < Duration::from_millis(4500)
    };
    assert!((0..5).any(|_| ends_soon()));
}

#[test]
fn listing_7_10_reports_that_a_method_locks_twice() {
    let (stdout, report) = report(LISTING_7_10);
    assert_eq!(stdout, [""; 0]);
    let file = "listing_7_10_threadsafe_list.rs";
    util_testing::assert_eq(
        report.join("\n"),
        format!(
            "Deadlock: a thread waits for a lock that it holds itself\n\
             waits in IntListThreadsafe::indices_of ({file}:[..]), \
             called by IntListThreadsafe::find_and_replace ({file}:[..])"
        ),
    );
}

#[test]
fn listing_7_11_reports_which_threads_wait_for_each_other() {
    let (mut stdout, report) = report(LISTING_7_11);
    // The threads race for the first line.
    stdout.sort();
    let acquired = [
        "Acquired lock a from method a!",
        "Acquired lock b from method b!",
    ];
    assert_eq!(stdout, acquired);
    util_testing::assert_eq(
        report.join("\n"),
        "Deadlock: 2 threads wait for each other's locks\n\
         waits in a (listing_7_11_deadlock.rs:[..])\n\
         waits in b (listing_7_11_deadlock.rs:[..])",
    );
}

#[test]
fn listing_7_11_ordered_and_with_one_lock_runs_one_method_after_the_other() {
    for (binary, first, second) in [
        (
            LISTING_7_11_ORDERED,
            "Acquired lock a from method",
            "Acquired both locks from method",
        ),
        (
            LISTING_7_11_ONE_LOCK,
            "Acquired the lock from method",
            "Releasing the lock from method",
        ),
    ] {
        let output = listing(binary).timeout(SOON).assert().success();
        let lines = lines(&output.get_output().stdout);
        let [a, b] =
            ["a", "b"].map(|method| [first, second].map(|line| format!("{line} {method}!")));
        let (ab, ba) = ([a.clone(), b.clone()].concat(), [b, a].concat());
        assert!(lines == ab || lines == ba, "{lines:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_waits_for_a_user_or_a_client_rests() {
    for binary in [LISTING_7_01, LISTING_7_02] {
        Server::start(binary, &[]).rests();
    }
    // The window of 7.15 looks for news all the time.
    let terminal = Terminal::start(LISTING_7_12, &[]);
    terminal.wait_for_text("Say hello");
    util_testing::rests(terminal.id());
}

#[test]
fn listing_7_12_says_hello_for_each_press_and_gives_the_terminal_back() {
    let mut terminal = Terminal::start(LISTING_7_12, &[]);
    let screen = terminal.wait_for_text("[ Say hello ]");
    assert!(!screen.contains("Hello there!"), "{screen}");
    assert!(terminal.is_alternate() && terminal.is_cooked() != Some(true));
    terminal.keys("\r");
    terminal.wait_for_text("Hello there!");
    terminal.keys("x\r");
    terminal.wait_for("two greetings", |screen| {
        screen.matches("Hello there!").count() == 2
    });
    terminal.keys("\x1b");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[cfg(unix)]
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
#[ignore = "another test runs it, in a terminal"]
fn panics_in_a_terminal() {
    let _raw_mode = RawMode::alternate_screen().unwrap();
    panic!("on purpose");
}

#[test]
fn without_a_terminal_there_is_a_clear_error() {
    for binary in [LISTING_7_12, LISTING_7_15] {
        listing(binary).assert().code(1).stdout_eq("").stderr_eq(
            "Error: this program needs a terminal, with neither input nor output redirected\n",
        );
    }
}

#[test]
fn listing_7_15_runs_a_test_and_another_one() {
    let site = Site::answering(|_| true);
    let environment = [("EXAMPLE_URL", &*site.url())];
    let mut terminal = Terminal::start_with(LISTING_7_15, &[], &environment).unwrap();
    let complete = |screen: &str| screen.contains("100%") && screen.contains("[ Submit ]");
    let screen = terminal.wait_for_text("[ Submit ]");
    for default in [&*site.url(), "│10000 "] {
        assert!(screen.contains(default), "no {default} in\n{screen}");
    }
    // Move to the number and replace it.
    terminal.keys("\t\x15300\r");
    site.wait_for_requests(300);
    terminal.wait_for("the first test's end", complete);
    terminal.keys("\x15200\r");
    site.wait_for_requests(500);
    terminal.wait_for("the second test's end", complete);
    assert_eq!(site.requests(), 500);
    for columns in [60, 120] {
        terminal.resize(20, columns);
        terminal.wait_for("the window at its new size", |screen| {
            let top = screen.lines().next().unwrap_or_default();
            top.trim_end().chars().count() == usize::from(columns)
        });
    }
    terminal.keys("\x1b");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

/// The window waits for a key, and looks for news when none has come.
#[cfg(target_os = "linux")]
#[test]
fn listing_7_15_looks_for_news_every_25_milliseconds() {
    let terminal = Terminal::start(LISTING_7_15, &[]);
    terminal.wait_for_text("[ Submit ]");
    util_testing::waits_at_most(terminal.id(), 20..=25);
    // The window's thread, the event loop's, the example site's, and what hears Ctrl-C.
    assert_eq!(util_testing::tasks(terminal.id()).count(), 4);
}

#[test]
fn listing_7_15_reads_whole_pages() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\nhalf";
    let site = Site::saying(|_| half.to_owned());
    let environment = [("EXAMPLE_URL", &*site.url())];
    let mut terminal = Terminal::start_with(LISTING_7_15, &[], &environment).unwrap();
    terminal.wait_for_text("[ Submit ]");
    terminal.keys("\t\x151\r");
    terminal.wait_for_text("100%");
    terminal.wait_for_text("body");
}

#[test]
fn listing_7_15_counts_the_others_while_one_request_hangs() {
    let site = Site::answering(|number| number > 0);
    let environment = [("EXAMPLE_URL", &*site.url())];
    let mut terminal = Terminal::start_with(LISTING_7_15, &[], &environment).unwrap();
    terminal.wait_for_text("[ Submit ]");
    terminal.keys("\t\x15100\r");
    terminal.wait_for_text("99%");
}

#[test]
fn listing_7_15_cancels_the_requests_and_can_start_anew() {
    // Nothing is answered until the first test has been cancelled.
    let site = Site::answering(|number| number >= 100);
    let environment = [("EXAMPLE_URL", &*site.url())];
    let mut terminal = Terminal::start_with(LISTING_7_15, &[], &environment).unwrap();
    terminal.wait_for_text("[ Submit ]");
    terminal.keys("\r");
    site.wait_for_requests(100);
    terminal.wait_for_text("[ Cancel ]");
    terminal.keys("\r");
    site.wait_for_given_up(100);
    terminal.wait_for_text("[ Submit ]");
    terminal.keys("\t\x1550\r");
    terminal.wait_for_text("100%");
    assert_eq!(site.requests(), 150);
    terminal.keys("\x03");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn listing_7_15_tells_what_is_wrong_with_a_field_or_a_site() {
    let mut terminal = Terminal::start(LISTING_7_15, &[]);
    terminal.wait_for_text("[ Submit ]");
    terminal.keys("\x15nonsense\r");
    terminal.wait_for_text("'nonsense' is not a URL");
    // A long line shows where one types.
    terminal.keys(&format!("\x15{}, the end", "x".repeat(200)));
    terminal.wait_for_text("x, the end");
    // Port 1 is reserved, so nothing listens there.
    terminal.keys("\x15http://127.0.0.1:1/\t\x1520\r");
    terminal.wait_for_text("100%");
    terminal.wait_for_text("error sending request");
}

#[test]
fn passwords_are_hashed() {
    for (binary, start, end) in [
        (LISTING_7_16, "Hashed 20 passwords in ", " seconds"),
        (LISTING_7_17, "finished main in ", " second(s)"),
    ] {
        let output = listing(binary).arg("20").assert().success();
        let lines = lines(&output.get_output().stdout);
        let seconds = lines.last().unwrap().strip_prefix(start).unwrap();
        let seconds: f64 = seconds.strip_suffix(end).unwrap().parse().unwrap();
        // No machine makes twenty keys faster.
        assert!(seconds > 0.002, "{lines:?}");
    }
}

#[test]
fn means_are_the_same_in_turn_and_on_threads() {
    // The long rows are shared out among threads, and do not end in their order.
    for columns in [1, 3, 1000, 100_000] {
        // The mean of consecutive numbers is in the middle between the first and the last.
        let mean = |row: u32| f64::from(row * columns) + f64::from(columns - 1) / 2.0;
        let means: Vec<f64> = (0..50).map(mean).collect();
        for binary in [LISTING_7_18, LISTING_7_19] {
            let output = listing(binary).arg(columns.to_string()).assert().success();
            let took = lines(&output.get_output().stdout)[0].clone();
            output.stdout_eq(format!("Means took [..] seconds\n{means:?}\n"));
            // Nobody adds five million numbers in so little time.
            assert!(columns < 100_000 || took != "Means took 0.0000 seconds");
        }
    }
}

#[test]
fn what_has_a_thread_cannot_do_without() {
    needs_threads(env!("CARGO_BIN_EXE_listing_7_09_reentrant"), &[]);
    needs_threads(LISTING_7_17, &["20"]);
    needs_threads(LISTING_7_19, &["1000"]);
}

/// They would take minutes. The passwords are made before, so the heap tells how many there are.
#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_passwords_are_hashed_by_default() {
    for binary in [LISTING_7_16, LISTING_7_17] {
        let heap = |args: &[&str]| {
            let mut listing = command(binary);
            // The heap grows by what it needs, and gives nothing back.
            listing.args(args).env("MALLOC_TOP_PAD_", "0");
            listing.env("MALLOC_MMAP_THRESHOLD_", "65536");
            let running = util_testing::Running::start(&mut listing);
            util_testing::wait_until(|| running.computed() >= 10, || "hashes".into());
            running.heap()
        };
        assert_eq!(heap(&[]), heap(&["10000"]), "{binary}");
        assert_ne!(heap(&[]), heap(&["9000"]), "{binary}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_matrix_has_a_gibibyte() {
    for binary in [LISTING_7_18, LISTING_7_19] {
        let running = util_testing::Running::held(&mut command(binary));
        let mebibytes = || running.asked_for() >> 20;
        util_testing::wait_until(|| mebibytes() >= 1023, || "a gibibyte".into());
        assert!(mebibytes() < 2048, "{} MiB", mebibytes());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn two_hundred_mebibytes_are_hashed_by_default() {
    for binary in [SHA2_SEQUENTIAL, SHA2_THREADS] {
        let running = util_testing::Running::held(&mut command(binary));
        let mebibytes = || running.memory() >> 20;
        util_testing::wait_until(|| mebibytes() >= 199, || "200 MiB".into());
        // Of more, the next ones would come now.
        thread::sleep(Duration::from_millis(500));
        assert!(mebibytes() < 220, "{} MiB", mebibytes());
    }
}

/// A pool has a thread for each core, beside the main thread.
#[cfg(target_os = "linux")]
#[test]
fn what_computes_on_all_cores_has_a_thread_for_each() {
    let cores = thread::available_parallelism().unwrap().get();
    let long = util_testing::Running::start(&mut command(LISTING_7_17));
    let held = |binary, arg| util_testing::Running::held(command(binary).arg(arg));
    for (binary, running) in [
        (LISTING_7_17, long),
        (LISTING_7_19, held(LISTING_7_19, "1000")),
        (SHA2_THREADS, held(SHA2_THREADS, "1")),
    ] {
        let threads = || running.threads();
        util_testing::wait_until(|| threads() > cores, || format!("threads of {binary}"));
        assert_eq!(threads(), 1 + cores, "{binary}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn listing_7_17_computes_on_all_threads_and_7_16_on_one() {
    for (binary, at_once) in [(LISTING_7_16, false), (LISTING_7_17, true)] {
        let mut listing = command(binary);
        let listing = listing.arg("900").env("RAYON_NUM_THREADS", "2");
        let running = util_testing::Running::start(listing);
        // Making up the passwords takes the main thread a tenth of that.
        let has_hashed = || running.computed() >= 60;
        util_testing::wait_until(has_hashed, || format!("hashes of {binary}"));
        assert_eq!(running.busy_threads() > 1, at_once, "{binary}");
    }
}

#[test]
fn sha2_digests_are_the_same_in_turn_and_on_threads() {
    let digests = "SHA-512: 1ee355d530b0f2903b67f6ebc74bb7d73b4617880d1f1efbe9ed5fde7fe238bf4dee14a7d\
                   415f141b2daef9474694c93d912a0d8ce97a8d009560ea1af7722c7\n\
                   SHA-256: 498fd362612d32f03140825c0fde4f94e259c5a1c225a8d52d36fd9400e3897b\n";
    // Of more buffers, the order is lost more easily.
    let digests_of = |binary| {
        let ended = listing(binary)
            .arg("20")
            .env("RAYON_NUM_THREADS", "4")
            .assert();
        lines(&ended.success().get_output().stdout)[1..].to_vec()
    };
    assert_eq!(digests_of(SHA2_SEQUENTIAL), digests_of(SHA2_THREADS));
    for binary in [SHA2_SEQUENTIAL, SHA2_THREADS] {
        let printed = format!("Hashing took [..] seconds\n{digests}");
        listing(binary)
            .arg("3")
            .assert()
            .success()
            .stdout_eq(printed);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn sha2_threads_computes_on_all_of_them() {
    let mut listing = command(SHA2_THREADS);
    let running = util_testing::Running::held(listing.env("RAYON_NUM_THREADS", "2"));
    // One thread makes the buffers, and two hash them.
    util_testing::wait_until(|| running.busy_threads() >= 3, || "two threads".to_owned());
}
