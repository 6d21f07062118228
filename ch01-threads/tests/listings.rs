//! Runs every listing of chapter 1 as a reader would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::sync::{Arc, Barrier};
use std::thread;

use util_testing::{Server, Site, Timeline, command, expected, lines, listing};

util_testing::records_timelines!();

util_testing::prints_at! {
    event_loop [0; 6];
}

const LISTING_1_01: &str = env!("CARGO_BIN_EXE_listing_1_01_io_and_cpu_bound");
const LISTING_1_02: &str = env!("CARGO_BIN_EXE_listing_1_02_processes_and_threads");
const LISTING_1_03: &str = env!("CARGO_BIN_EXE_listing_1_03_multithreaded");
const LISTING_1_04: &str = env!("CARGO_BIN_EXE_listing_1_04_multiprocessing");
const LISTING_1_05: &str = env!("CARGO_BIN_EXE_listing_1_05_fib_sequential");
const LISTING_1_06: &str = env!("CARGO_BIN_EXE_listing_1_06_fib_threads");
const LISTING_1_07: &str = env!("CARGO_BIN_EXE_listing_1_07_requests_sequential");
const LISTING_1_08: &str = env!("CARGO_BIN_EXE_listing_1_08_requests_threads");
const EVENT_LOOP_REQUESTS: &str = env!("CARGO_BIN_EXE_event_loop_requests");

/// The listings that ask the site.
const ASKING: [&str; 4] = [
    LISTING_1_01,
    LISTING_1_07,
    LISTING_1_08,
    EVENT_LOOP_REQUESTS,
];

/// The seconds in a line such as `Threads took 0.2712 seconds.`
fn seconds(line: &str) -> f64 {
    let word = line.split(' ').find(|word| word.contains('.'));
    word.unwrap().parse().unwrap()
}

#[test]
fn listing_1_01_writes_the_headers() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("headers.txt");
    fs::write(&path, "longer than the headers\n".repeat(100)).unwrap();
    listing(LISTING_1_01)
        .current_dir(directory.path())
        .assert()
        .success()
        .stdout_eq("")
        .stderr_eq("");
    util_testing::assert_eq(
        fs::read_to_string(path).unwrap(),
        expected!("listing_1_01_headers"),
    );
}

#[test]
fn listing_1_01_writes_headers_of_the_same_name() {
    let directory = tempfile::tempdir().unwrap();
    let site = Site::saying(|_| "HTTP/1.1 204 No Content\r\na: 1\r\na: 2\r\n\r\n".to_owned());
    let mut listing = listing(LISTING_1_01).current_dir(directory.path());
    listing = listing.env("EXAMPLE_URL", site.url());
    listing.assert().success();
    let headers = fs::read_to_string(directory.path().join("headers.txt")).unwrap();
    assert_eq!(headers, "a: 1\na: 2");
}

#[test]
fn listing_1_01_reports_a_file_that_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("headers.txt")).unwrap();
    listing(LISTING_1_01)
        .current_dir(directory.path())
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: cannot write headers.txt\n\nCaused by:\n    [..] (os error [..])\n");
}

#[test]
fn listing_1_01_reports_a_header_that_is_no_text() {
    let directory = tempfile::tempdir().unwrap();
    let site = Site::saying(|_| "HTTP/1.1 200 OK\r\nname: No\u{eb}l\r\n\r\n".to_owned());
    listing(LISTING_1_01)
        .current_dir(directory.path())
        .env("EXAMPLE_URL", site.url())
        .assert()
        .code(1)
        .stderr_eq("Error: [..]\n");
    assert!(!directory.path().join("headers.txt").exists());
}

#[test]
fn a_site_elsewhere_is_asked_through_the_proxy() {
    let directory = tempfile::tempdir().unwrap();
    for binary in ASKING {
        let proxy = Site::answering(|_| true);
        listing(binary)
            .current_dir(directory.path())
            .env("EXAMPLE_URL", "http://elsewhere.invalid/")
            .env("ALL_PROXY", proxy.url())
            .assert()
            .success();
        assert!(proxy.answered() > 0);
    }
}

#[test]
fn a_request_that_fails_ends_the_listing() {
    for binary in ASKING {
        let requests = match binary {
            LISTING_1_01 => 1,
            EVENT_LOOP_REQUESTS => 3,
            _ => 2,
        };
        // The site closes the connection of one request without an answer.
        for broken in 0..requests {
            let directory = tempfile::tempdir().unwrap();
            let site = Site::saying(move |number| {
                let ok = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                if number == broken { "" } else { ok }.to_owned()
            });
            listing(binary)
                .current_dir(directory.path())
                .env("EXAMPLE_URL", site.url())
                .assert()
                .code(1)
                .stderr_eq("Error: io: [..]\n");
        }
    }
}

#[test]
fn a_bad_example_url_is_a_clear_error() {
    for (url, error) in [
        (
            "nonsense",
            "Error: EXAMPLE_URL 'nonsense' is no URL with http or https\n",
        ),
        (
            "python://bad",
            "Error: EXAMPLE_URL 'python://bad' is no URL with http or https\n",
        ),
        // Port 1 is reserved, so nothing listens there.
        (
            "http://127.0.0.1:1/",
            "Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached\n\n\
             Caused by:\n    [..] (os error [..])\n",
        ),
    ] {
        for binary in ASKING {
            listing(binary)
                .env("EXAMPLE_URL", url)
                .assert()
                .code(1)
                .stdout_eq("")
                .stderr_eq(error);
        }
    }
}

#[test]
fn a_bad_latency_is_a_clear_error() {
    listing(LISTING_1_07)
        .env("EXAMPLE_LATENCY_MS", "soon")
        .assert()
        .code(1)
        .stderr_eq(
            "Error: EXAMPLE_LATENCY_MS 'soon' is not a number of milliseconds\n\n\
             Caused by:\n    invalid digit found in string\n",
        );
}

#[test]
fn listing_1_02_tells_its_own_process_id() {
    let child = command(LISTING_1_02)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    util_testing::assert_eq(&output, expected!("listing_1_02_processes_and_threads"));
    assert!(output.contains(&format!("id: {id}\n")), "{output}");
    // Windows has threads of its own in each process.
    assert!(
        output.contains(" 1 thread(s)\n") || cfg!(windows),
        "{output}"
    );
}

/// On one core the new thread has hardly begun when `main` would end.
#[cfg(target_os = "linux")]
#[test]
fn listing_1_03_waits_for_its_thread() {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    // The programs that this thread starts stay on its core.
    let allowed = sched_getaffinity(None).unwrap();
    let mut one = CpuSet::new();
    one.set(
        (0..CpuSet::MAX_CPU)
            .find(|cpu| allowed.is_set(*cpu))
            .unwrap(),
    );
    sched_setaffinity(None, &one).unwrap();
    for _ in 0..100 {
        let output = command(LISTING_1_03).output().unwrap().stdout;
        let lines = lines(&output);
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with("Hello from thread"))
        );
    }
}

#[test]
fn listing_1_03_says_hello_from_another_thread() {
    // The threads race. The new one may end before they are counted.
    let runs = (0..100).map(|_| {
        let output = listing(LISTING_1_03).assert().success();
        let mut lines = lines(&output.get_output().stdout);
        lines.sort();
        util_testing::assert_eq(lines.join("\n"), expected!("listing_1_03_multithreaded"));
        lines
    });
    let mut counted = runs.flatten();
    assert!(counted.any(|line| line.ends_with(" 2 thread(s)") || cfg!(windows)));
}

#[test]
fn listing_1_04_waits_for_a_child_with_another_process_id() {
    // Without the wait, the child is sometimes fast enough, but not twenty times.
    for _ in 0..20 {
        let mut printed = tempfile::NamedTempFile::new().unwrap();
        let mut parent = command(LISTING_1_04);
        parent.stdout(printed.reopen().unwrap());
        assert!(parent.status().unwrap().success());
        // A file, unlike a pipe, has only what was written until the parent ended.
        let mut text = Vec::new();
        printed.read_to_end(&mut text).unwrap();
        let mut both = lines(&text);
        both.sort();
        util_testing::assert_eq(both.join("\n"), expected!("listing_1_04_multiprocessing"));
        let pid = |line: &str| line.rsplit(' ').next().map(|pid| pid.replace('!', ""));
        assert_ne!(pid(&both[0]), pid(&both[1]));
    }
}

/// The child has to start first, so its line seldom comes before the parent's. It always does if
/// the parent waits before it goes on.
#[test]
fn listing_1_04_goes_on_while_its_child_starts() {
    let parent_first = || {
        let output = listing(LISTING_1_04).assert().success();
        lines(&output.get_output().stdout)[0].starts_with("Hello from parent")
    };
    assert!((0..100).any(|_| parent_first()));
}

#[test]
fn listing_1_04_knows_two_roles() {
    listing(LISTING_1_04)
        .arg("uncle")
        .assert()
        .code(2)
        .stderr_eq("'uncle' is not 'child'; usage: listing_1_04_multiprocessing [child]\n");
}

#[test]
fn listing_1_05_computes_in_the_order_of_its_arguments() {
    listing(LISTING_1_05)
        .args(["31", "30"])
        .assert()
        .success()
        .stdout_eq(expected!("listing_1_05_fib_sequential"));
}

/// The book's numbers. To compute them takes at least a few milliseconds.
#[test]
fn the_fibonacci_listings_measure_the_computing() {
    let first = ["fib(40) is 63245986", "fib(41) is 102334155"];
    let second = ["fib(2) is 1", "fib(41) is 102334155"];
    let runs = [
        (LISTING_1_05, &[][..], first),
        (LISTING_1_06, &[], first),
        (LISTING_1_05, &["2"], second),
        (LISTING_1_06, &["2"], second),
    ];
    thread::scope(|scope| {
        for (binary, args, expected) in runs {
            scope.spawn(move || {
                let output = listing(binary).args(args).assert().success();
                let lines = lines(&output.get_output().stdout);
                let is_printed = |fib: &&str| lines.iter().any(|line| line == fib);
                assert!(expected.iter().all(is_printed), "{lines:#?}");
                assert!(seconds(&lines[2]) > 0.01, "{lines:#?}");
            });
        }
    });
}

#[test]
fn listing_1_06_computes_on_two_threads() {
    let (timeline, output) = Timeline::record(listing(LISTING_1_06).args(["37", "37"]));
    output.success();
    assert_eq!(timeline.most_running("print_fib"), 2);
    assert_eq!(timeline.threads("print_fib"), 2);
}

#[test]
fn listing_1_06_is_done_with_the_small_number_first() {
    // The total always comes last.
    listing(LISTING_1_06)
        .args(["38", "1"])
        .assert()
        .success()
        .stdout_eq(expected!("listing_1_06_fib_threads"));
}

#[test]
fn the_fibonacci_listings_refuse_what_they_cannot_compute() {
    for (binary, name) in [
        (LISTING_1_05, "listing_1_05_fib_sequential"),
        (LISTING_1_06, "listing_1_06_fib_threads"),
    ] {
        for wrong in ["0", "94", "-1", "forty"] {
            listing(binary)
                .args(["1", wrong])
                .assert()
                .code(2)
                .stdout_eq("")
                .stderr_eq(format!(
                    "SECOND must be a number from 1 to 93, not '{wrong}'; \
                     usage: {name} [FIRST] [SECOND]\n"
                ));
        }
        listing(binary)
            .args(["1", "2", "3"])
            .assert()
            .code(2)
            .stderr_eq(format!(
                "one argument too many: '3'; usage: {name} [FIRST] [SECOND]\n"
            ));
        listing(binary)
            .arg("--help")
            .assert()
            .success()
            .stdout_eq(format!("usage: {name} [FIRST] [SECOND]\n"));
    }
}

#[test]
fn listing_1_07_asks_again_when_it_has_an_answer() {
    let (timeline, output) = Timeline::record(listing(LISTING_1_07));
    output
        .success()
        .stdout_eq(expected!("listing_1_07_requests_sequential"))
        .stderr_eq("");
    assert_eq!(timeline.count("read_example"), 2);
    assert_eq!(timeline.most_open("read_example"), 1);
}

#[test]
fn the_listings_measure_their_requests() {
    let took = |latency: Option<&str>, binary: &str| {
        let listing = listing(binary);
        let listing = match latency {
            Some(latency) => listing.env("EXAMPLE_LATENCY_MS", latency),
            None => listing,
        };
        let output = listing.assert().success();
        seconds(lines(&output.get_output().stdout).last().unwrap())
    };
    for (binary, requests) in [(LISTING_1_07, 2.0), (LISTING_1_08, 1.0)] {
        let slow = took(Some("100"), binary);
        assert!((0.1 * requests..30.0).contains(&slow), "{slow}");
        // By default the site takes 20 ms; a busy machine takes longer.
        let in_time = || {
            let took = took(None, binary);
            assert!(took >= 0.02 * requests, "{took}");
            took < 0.1 * requests
        };
        assert!((0..50).any(|_| in_time()));
    }
}

#[test]
fn the_status_is_that_of_the_answer() {
    for binary in [LISTING_1_07, LISTING_1_08, EVENT_LOOP_REQUESTS] {
        let site = Site::saying(|number| {
            format!("HTTP/1.1 {} -\r\ncontent-length: 0\r\n\r\n", 404 + number)
        });
        let output = listing(binary).env("EXAMPLE_URL", site.url());
        let output = output.assert().success();
        let text = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
        assert!(text.contains("404\n") && text.contains("405\n"), "{text}");
    }
}

#[test]
fn listing_1_08_waits_for_both_answers_at_once() {
    let answer = Arc::new(Barrier::new(3));
    let barrier = Arc::clone(&answer);
    let site = Site::answering(move |_| {
        barrier.wait();
        true
    });
    let mut requests = command(LISTING_1_08);
    requests.env("EXAMPLE_URL", site.url());
    let mut requests = Server::run(requests);
    requests.wait_for("All threads running!\n");
    site.wait_for_requests(2);
    answer.wait();
    assert!(requests.wait().success());
    util_testing::assert_eq(
        requests.stdout(),
        expected!("listing_1_08_requests_threads"),
    );
    assert_eq!(requests.stderr(), "");
}

#[test]
fn listing_1_08_reads_on_two_threads() {
    let site = Site::barrier(2);
    let recorded = Timeline::record(listing(LISTING_1_08).env("EXAMPLE_URL", site.url()));
    let (timeline, output) = recorded;
    output.success();
    assert_eq!(timeline.threads("read_example"), 2);
}

/// Before both threads have ended, the count is a matter of chance.
#[test]
fn reference_counts_end_with_one() {
    for _ in 0..20 {
        let output = listing(env!("CARGO_BIN_EXE_reference_counts")).assert();
        output.success().stdout_eq(expected!("reference_counts"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn reference_counts_are_changed_by_two_threads_at_once() {
    util_testing::needs_two_threads_at_once(env!("CARGO_BIN_EXE_reference_counts"));
}

#[test]
fn the_event_loop_runs_one_task_at_a_time_while_all_requests_wait() {
    let site = Site::barrier(3);
    let recorded = Timeline::record(listing(EVENT_LOOP_REQUESTS).env("EXAMPLE_URL", site.url()));
    let (timeline, output) = recorded;
    let output = output.success();
    let mut lines = lines(&output.get_output().stdout);
    // Setup is in the order of creation; the answers come in any order.
    lines[6..].sort();
    util_testing::assert_eq(lines.join("\n"), expected!("event_loop_requests"));
    assert_eq!(timeline.most_open("make_request"), 3);
    assert_eq!(timeline.threads("make_request"), 1);
    // Two polls and the drop: the loop polls only tasks that were woken. On a busy machine the first
    // poll may find its answer.
    let polls = timeline.polls_of_each("make_request");
    assert!(
        polls.iter().all(|polls| [2, 3].contains(polls)),
        "{polls:?}"
    );
}
