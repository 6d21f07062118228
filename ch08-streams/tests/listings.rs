//! Runs every listing of chapter 8 as a reader would, with the worst peers a reader could have.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
#![cfg_attr(
    not(unix),
    allow(dead_code, unused_imports, reason = "some tests are Unix's own")
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use ch08_streams::stdin_reader::create_stdin_reader;
#[cfg(unix)]
use rustix::process::Signal;
use util_terminal::RawMode;
use util_testing::{
    Server, TIMEOUT, Terminal, command, expected, lines, listing, raise_limit, reset, skipped,
    wait_until,
};

util_testing::prints! {
    listing_8_02_using_the_protocol
    listing_8_03_stream
}

const LISTING_8_02: &str = env!("CARGO_BIN_EXE_listing_8_02_using_the_protocol");
const LISTING_8_03: &str = env!("CARGO_BIN_EXE_listing_8_03_stream");
const LISTING_8_04: &str = env!("CARGO_BIN_EXE_listing_8_04_blocking_prompt");
const LISTING_8_06: &str = env!("CARGO_BIN_EXE_listing_8_06_async_stdin");
const LISTING_8_10: &str = env!("CARGO_BIN_EXE_listing_8_10_delays");
const LISTING_8_11: &str = env!("CARGO_BIN_EXE_listing_8_11_sql_client");
const LISTING_8_12: &str = env!("CARGO_BIN_EXE_listing_8_12_echo_with_state");
const LISTING_8_13: &str = env!("CARGO_BIN_EXE_listing_8_13_chat_server");
const LISTING_8_14: &str = env!("CARGO_BIN_EXE_listing_8_14_chat_client");

/// A site that sends `answer` to each request, and then closes the connection with `close`.
fn site(answer: &'static [u8], close: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // A connection without a request only checks whether the site is there.
            if matches!(stream.read(&mut [0; 4096]), Ok(1..)) {
                stream.write_all(answer).unwrap();
                close(stream);
            }
        }
    });
    url
}

#[test]
fn the_request_is_that_of_the_book() {
    for binary in [LISTING_8_02, LISTING_8_03] {
        let site = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a?b=c", site.local_addr().unwrap());
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            for stream in site.incoming() {
                let mut stream = stream.unwrap();
                let mut request = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                while !request.ends_with("\r\n\r\n") && reader.read_line(&mut request).unwrap() > 0
                {
                }
                let _ = sender.send(request);
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            }
        });
        listing(binary).env("EXAMPLE_URL", url).assert().success();
        let mut requests = requests.try_iter().filter(|request| !request.is_empty());
        let request = "GET /a?b=c HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1\r\n\r\n";
        assert_eq!(requests.next().as_deref(), Some(request));
        assert_eq!(requests.next(), None);
    }
}

#[test]
fn the_answer_is_printed_as_it_came() {
    let answer = b"HTTP/1.1 200 OK\r\n\r\nno end of line, \xff is not UTF-8";
    let page = "HTTP/1.1 200 OK\r\n\r\nno end of line, \u{fffd} is not UTF-8\n";
    let assert = listing(LISTING_8_02)
        .env("EXAMPLE_URL", site(answer, drop))
        .assert()
        .success();
    let output = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    let told = output.replace("Data received!\n", "");
    let end = "Connection closed without error.\n";
    assert_eq!(told, format!("Connection made to 127.0.0.1\n{page}{end}"));

    let answer = b"HTTP/1.1 200 OK\r\n\r\nno end of line";
    let assert = listing(LISTING_8_03)
        .env("EXAMPLE_URL", site(answer, drop))
        .assert()
        .success();
    assert_eq!(
        String::from_utf8_lossy(&assert.get_output().stdout),
        "HTTP/1.1 200 OK\r\n\r\nno end of line\n"
    );
}

#[test]
fn a_site_that_answers_in_pieces_calls_the_protocol_for_each() {
    // A character may be in two of them.
    let url = site(b"HTTP/1.1 200 OK\r\n\r\nNo\xc3", |mut stream| {
        thread::sleep(Duration::from_secs(1));
        stream.write_all(b"\xabl").unwrap();
    });
    let assert = listing(LISTING_8_02).env("EXAMPLE_URL", url).assert();
    assert.success().stdout_eq(
        "Connection made to 127.0.0.1\nData received!\nData received!\n\
         HTTP/1.1 200 OK\r\n\r\nNo\u{eb}l\nConnection closed without error.\n",
    );
}

#[test]
fn a_connection_that_breaks_is_a_clear_error() {
    for binary in [LISTING_8_02, LISTING_8_03] {
        listing(binary)
            .env("EXAMPLE_URL", site(b"HTTP/1.1 200 OK\r\n", reset))
            .assert()
            .code(1)
            .stderr_eq("Error: [..] (os error [..])\n");
    }
}

fn is_too_late(binary: &str) {
    let url = site(b"HTTP/1.1 200 OK\r\n", |mut stream| {
        // Until the client has waited long enough.
        let _ = stream.read(&mut [0; 1]);
    });
    listing(binary)
        .env("EXAMPLE_URL", url)
        .assert()
        .code(1)
        .stderr_eq("Error: no answer within 10s\n\nCaused by:\n    deadline has elapsed\n");
}

#[test]
fn listing_8_02_does_not_wait_for_ever() {
    is_too_late(LISTING_8_02);
}

#[test]
fn listing_8_03_does_not_wait_for_ever() {
    is_too_late(LISTING_8_03);
}

#[test]
fn https_is_left_to_others() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    for binary in [LISTING_8_02, LISTING_8_03] {
        // The features decide whether the example site or the listing reports this.
        listing(binary)
            .env("EXAMPLE_URL", &url)
            .assert()
            .code(1)
            .stderr_eq("Error: [..]https://[..]\n");
    }
}

#[test]
fn listing_8_04_starts_no_delay_before_the_input_has_ended() {
    listing(LISTING_8_04)
        .stdin("2\nsoon\n1\n")
        .assert()
        .success()
        .stdout_eq(expected!("listing_8_04_blocking_prompt"));
}

#[test]
fn listing_8_04_prompts_before_it_waits_for_a_line() {
    let mut terminal = Terminal::start(LISTING_8_04, &[]);
    for prompts in 1..=2 {
        terminal.wait_for("the prompt", |screen| {
            screen.matches("Enter a time to sleep:").count() == prompts
        });
        terminal.keys("0\r");
    }
}

#[test]
fn listing_8_06_runs_delays_while_it_waits_for_input() {
    let mut terminal = Terminal::start(LISTING_8_06, &[]);
    terminal.keys("3\r1\r");
    // Nothing more was typed, and the delays run together.
    terminal.wait_for_text("finished sleeping for 1 second(s)");
    let screen = terminal.wait_for_text("finished sleeping for 3 second(s)");
    let finished = |seconds| screen.find(&format!("finished sleeping for {seconds}"));
    assert!(finished(1) < finished(3), "{screen}");
    terminal.keys("soon\r");
    terminal.wait_for_text("'soon' is not a number of seconds");
    // At the end of the input the program waits for the running delays.
    terminal.keys("2\r");
    terminal.wait_for("the second delay", |screen| {
        rows(screen).contains(&"sleeping for 2 second(s)")
    });
    terminal.keys("\x04");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_for_text("finished sleeping for 2 second(s)");
}

#[test]
fn listing_8_06_loses_no_line() {
    let lines: String = (0..500).map(|number| format!("line {number}\n")).collect();
    let answers: String = (0..500)
        .map(|number| format!("'line {number}' is not a number of seconds\n"))
        .collect();
    listing(LISTING_8_06)
        .stdin(lines)
        .assert()
        .success()
        .stdout_eq(answers);
}

/// The program of the next test: it takes a line, and no other.
#[test]
#[ignore = "another test runs it"]
fn takes_one_line() {
    let mut stdin_reader = create_stdin_reader();
    stdin_reader.blocking_recv().unwrap().unwrap();
    thread::sleep(TIMEOUT);
}

#[test]
fn the_stdin_reader_is_not_far_ahead_of_what_is_taken() {
    let mut reader = command(std::env::current_exe().unwrap());
    reader.args(["--ignored", "--exact", "takes_one_line"]);
    let reader = reader.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut reader = reader.spawn().unwrap();
    let mut input = reader.stdin.take().unwrap();
    let written = Arc::new(AtomicUsize::new(0));
    let lines = Arc::clone(&written);
    let writer = thread::spawn(move || {
        let line = format!("{}\n", "x".repeat(1023));
        while lines.load(Ordering::Relaxed) < 1000 && input.write_all(line.as_bytes()).is_ok() {
            lines.fetch_add(1, Ordering::Relaxed);
        }
    });
    let written = || written.load(Ordering::Relaxed);
    wait_until(|| written() > 3, || "lines".into());
    let mut before = 0;
    while before < written() {
        before = written();
        thread::sleep(Duration::from_millis(300));
    }
    // The three lines, and what fits into the pipe and the reader's buffer.
    assert!(before < 200, "{before} lines");
    reader.kill().unwrap();
    reader.wait().unwrap();
    writer.join().unwrap();
}

#[test]
fn a_number_may_have_blanks_around_it() {
    for binary in [LISTING_8_04, LISTING_8_06] {
        let output = listing(binary).stdin(" 0 \r\n").assert().success();
        let printed = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
        let finished = "finished sleeping for 0 second(s)\n";
        assert!(printed.ends_with(finished), "{printed}");
    }
}

#[test]
fn listing_8_06_ends_on_ctrl_c_while_it_waits_for_input() {
    let mut terminal = Terminal::start(LISTING_8_06, &[]);
    terminal.keys("soon\r");
    terminal.wait_for_text("'soon' is not a number of seconds");
    terminal.keys("\x03");
    assert_ne!(terminal.wait(), 0);
}

#[test]
fn input_that_is_not_utf8_is_one_clear_line() {
    for binary in [LISTING_8_04, LISTING_8_06] {
        listing(binary)
            .stdin(b"\xff\n".to_vec())
            .assert()
            .code(1)
            .stderr_eq("Error: stream did not contain valid UTF-8\n");
    }
}

#[test]
fn listing_8_06_ends_on_an_error_while_the_input_stays_open() {
    let mut listing = command(LISTING_8_06);
    let listing = listing.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut listing = listing.stdout(Stdio::null()).spawn().unwrap();
    let mut input = listing.stdin.take().unwrap();
    input.write_all(b"\xff\n").unwrap();
    let mut error = String::new();
    let mut stderr = listing.stderr.take().unwrap();
    // Another thread closes the input if the listing waits for its end.
    let (ended, deadline) = mpsc::channel::<()>();
    let closer = thread::spawn(move || {
        let waited = deadline.recv_timeout(Duration::from_secs(20));
        drop(input);
        waited.is_err_and(|error| error == mpsc::RecvTimeoutError::Disconnected)
    });
    stderr.read_to_string(&mut error).unwrap();
    drop(ended);
    assert!(closer.join().unwrap(), "it has waited for the input");
    assert_eq!(error, "Error: stream did not contain valid UTF-8\n");
    assert_eq!(listing.wait().unwrap().code(), Some(1));
}

/// The rows of a screen, without the blanks at their ends.
fn rows(screen: &str) -> Vec<&str> {
    screen.lines().map(str::trim_end).collect()
}

/// Waits until row `row`, counted from 0, is `text`.
#[track_caller]
fn wait_for_row(terminal: &Terminal, row: usize, text: &str) {
    terminal.wait_for(&format!("'{text}' in row {row}"), |screen| {
        rows(screen).get(row).copied().unwrap_or_default() == text
    });
}

#[test]
fn listing_8_10_scrolls_messages_above_while_you_type_below() {
    let mut terminal = Terminal::start(LISTING_8_10, &[]);
    terminal.wait_until_raw();
    terminal.keys("3\r1\r");
    wait_for_row(&terminal, 1, "Starting delay 1");
    terminal.wait_for_cursor(23);
    // The input stays in the last row, whatever comes above.
    terminal.keys("6x\x7f");
    terminal.wait_for_text("Finished delay 3");
    let screen = terminal.contents();
    let messages = [
        "Starting delay 3",
        "Starting delay 1",
        "Finished delay 1",
        "Finished delay 3",
    ];
    assert_eq!(rows(&screen)[..4], messages);
    terminal.wait_for_cursor(23);
    wait_for_row(&terminal, 23, "6");
    // The cursor has not moved, so the input goes there.
    terminal.keys("7");
    wait_for_row(&terminal, 23, "67");
    terminal.keys("\x15never\r");
    wait_for_row(&terminal, 4, "'never' is not a number of seconds");
    terminal.keys("\x04");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn listing_8_10_edits_characters_of_any_width() {
    let mut terminal = Terminal::start(LISTING_8_10, &[]);
    terminal.wait_until_raw();
    for (keys, line) in [
        ("ä世界", "ä世界"),
        ("\x7f", "ä世"),
        // To the left, a letter, and to the end again.
        ("\x1b[D!", "ä!世"),
        ("\x1b[F?", "ä!世?"),
        ("\x7f\x7f\x7f\x7f\x7f", ""),
        ("ae\u{301}", "ae\u{301}"),
        ("\x7f", "a"),
        // Ctrl-D leaves on an empty line only, and Ctrl-U empties it.
        ("\x04b", "ab"),
        ("\x15", ""),
    ] {
        terminal.keys(keys);
        wait_for_row(&terminal, 23, line);
    }
    // A line longer than the row shows its end.
    terminal.keys(&format!("{}end", "é".repeat(100)));
    wait_for_row(&terminal, 23, &format!("{}end", "é".repeat(76)));
    terminal.keys("\x03");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn listing_8_10_keeps_the_last_messages() {
    let mut terminal = Terminal::start(LISTING_8_10, &[]);
    terminal.wait_until_raw();
    for number in 0..30 {
        // One after the other, so that none waits in the terminal.
        // They have two lengths, to show that nothing of the earlier message is left.
        let word = if number % 2 == 0 { "n" } else { "number" };
        terminal.keys(&format!("{word}{number}\r"));
        terminal.wait_for_text(&format!("'{word}{number}' is not"));
    }
    // The oldest are gone; the last is above the input line.
    wait_for_row(&terminal, 0, "'number7' is not a number of seconds");
    wait_for_row(&terminal, 1, "'n8' is not a number of seconds");
    wait_for_row(&terminal, 22, "'number29' is not a number of seconds");
    // What is being typed stays in its row when one more comes.
    terminal.keys("1\r");
    wait_for_row(&terminal, 22, "Starting delay 1");
    terminal.keys("kept");
    wait_for_row(&terminal, 23, "kept");
    wait_for_row(&terminal, 22, "Finished delay 1");
    wait_for_row(&terminal, 23, "kept");
    // It leaves at once, whatever still sleeps.
    terminal.keys("\x15600\r");
    wait_for_row(&terminal, 22, "Starting delay 600");
    terminal.keys("\x03");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[cfg(unix)]
#[test]
fn terminal_programs_start_on_an_empty_screen() {
    // A shell's screen is not empty.
    for binary in [LISTING_8_10, LISTING_8_11, LISTING_8_14] {
        let script = "for i in 1 2 3 4 5 6 7 8 9; do echo before; done; exec \"$0\"";
        let mut terminal = Terminal::start("sh", &["-c", script, binary]);
        terminal.wait_until_raw();
        terminal.keys("typed");
        wait_for_row(&terminal, 23, "typed");
        assert!(!terminal.contents().contains("before"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_waits_for_a_user_or_a_client_rests() {
    for binary in [LISTING_8_12, LISTING_8_13] {
        Server::start(binary, &[]).rests();
    }
    for binary in [LISTING_8_06, LISTING_8_10, LISTING_8_11, LISTING_8_14] {
        let terminal = Terminal::start(binary, &[]);
        util_testing::rests(terminal.id());
    }
}

#[cfg(unix)]
#[test]
fn terminal_programs_give_the_terminal_back_on_signals() {
    for binary in [LISTING_8_10, LISTING_8_11, LISTING_8_14] {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            let mut terminal = Terminal::start(binary, &[]);
            terminal.wait_until_raw();
            terminal.keys("typed");
            wait_for_row(&terminal, 23, "typed");
            terminal.signal(signal);
            assert_ne!(terminal.wait(), 0);
            terminal.wait_until_restored();
        }
    }
}

/// The program of the next test, because no listing panics by itself.
#[tokio::test]
#[ignore = "runs in a terminal"]
async fn panics_in_raw_mode() {
    let _raw_mode = RawMode::enter().unwrap();
    panic!("a bug");
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let this = std::env::current_exe().unwrap();
    let args = ["--ignored", "--exact", "panics_in_raw_mode", "--nocapture"];
    let mut terminal = Terminal::start(this.to_str().unwrap(), &args);
    terminal.wait_for_text("a bug");
    assert_ne!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn without_a_terminal_there_is_a_clear_error() {
    for binary in [LISTING_8_10, LISTING_8_11, LISTING_8_14] {
        listing(binary).assert().code(1).stdout_eq("").stderr_eq(
            "Error: this program needs a terminal, with neither input nor output \
                 redirected\n",
        );
    }
}

fn run_queries(terminal: &mut Terminal) {
    terminal.wait_until_raw();
    terminal.keys("SELECT * FROM brand\r");
    terminal.wait_for_text("Fetched 100 rows from: SELECT * FROM brand");
    // A long query does not keep the next one waiting.
    terminal.keys("SELECT count(*) FROM sku, product\r");
    terminal.keys("SELECT nonsense\rSELECT * FROM product\r");
    terminal.wait_for_text("Fetched 1000 rows from: SELECT * FROM product");
    terminal.wait_for_text("Got exception ");
    let screen = terminal.wait_for_text("Fetched 1 rows from: SELECT count(*)");
    let found = |text| screen.find(text);
    assert!(found("Fetched 1000") < found("Fetched 1 rows"), "{screen}");
    terminal.keys("\x04");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn listing_8_11_runs_queries_and_shows_errors_as_messages() {
    run_queries(&mut Terminal::start(LISTING_8_11, &[]));
}

#[test]
fn listing_8_11_asks_postgresql() {
    let Some(url) = util_testing::postgresql() else {
        return;
    };
    let mut terminal = Terminal::start_with(LISTING_8_11, &[], &[("DATABASE_URL", &url)]).unwrap();
    run_queries(&mut terminal);
}

/// A connection whose lines are read one by one.
struct Client {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Client {
    fn new(server: &Server) -> Self {
        let stream = server.connect();
        let lines = BufReader::new(stream.try_clone().unwrap());
        Self { stream, lines }
    }

    fn named(server: &Server, name: &str) -> Self {
        let mut client = Self::new(server);
        client.says(&format!("CONNECT {name}"));
        let welcome = client.line();
        assert!(welcome.starts_with("Welcome! "), "{welcome}");
        client.hears(&format!("{name} connected!"));
        client
    }

    fn says(&mut self, line: &str) {
        self.stream
            .write_all(format!("{line}\n").as_bytes())
            .unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    #[track_caller]
    fn hears(&mut self, line: &str) {
        assert_eq!(self.line(), line);
    }

    /// Nothing more comes: the server has closed the connection.
    #[track_caller]
    fn is_closed(&mut self) {
        let mut rest = String::new();
        match self.lines.read_to_string(&mut rest) {
            Ok(_) => assert_eq!(rest, ""),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn servers_let_hundreds_of_clients_wait() {
    for binary in [LISTING_8_12, LISTING_8_13] {
        Server::start(binary, &[]).lets_wait(300);
    }
}

#[cfg(unix)]
#[test]
fn listing_8_12_greets_echoes_and_announces() {
    let mut server = Server::start(LISTING_8_12, &[]);
    let mut first = Client::new(&server);
    first.hears("Welcome! 1 user(s) are online!");
    first.hears("New user connected!");
    let mut second = Client::new(&server);
    second.hears("Welcome! 2 user(s) are online!");
    second.hears("New user connected!");
    first.hears("New user connected!");
    second.says("hello");
    second.hears("hello");
    // The longest line.
    second.says(&"x".repeat(4096));
    second.hears(&"x".repeat(4096));
    // Lines may end as on Windows.
    second.says("hello\r");
    second.hears("hello");
    // Two come at once, and the second's other half after a message to all.
    second.stream.write_all(b"one line\nand ").unwrap();
    second.hears("one line");
    let mut third = Client::new(&server);
    third.hears("Welcome! 3 user(s) are online!");
    for client in [&mut first, &mut second, &mut third] {
        client.hears("New user connected!");
    }
    second.says("another");
    second.hears("and another");
    drop(third);
    for client in [&mut first, &mut second] {
        client.hears("Client disconnected. 2 user(s) are online!");
    }
    // The server echoes what came before the end, and tells the others of the end.
    second.says("bye");
    second.stream.shutdown(Shutdown::Write).unwrap();
    second.hears("bye");
    second.is_closed();
    first.hears("Client disconnected. 1 user(s) are online!");
    server.interrupt();
    server.wait();
    assert_eq!(server.stderr(), "");
}

#[test]
fn listing_8_12_tells_news_to_a_client_that_talks_all_the_time() {
    const LINES: usize = 100_000;
    let server = Server::start(LISTING_8_12, &[]);
    let mut client = Client::new(&server);
    client.hears("Welcome! 1 user(s) are online!");
    client.hears("New user connected!");
    let mut stream = client.stream.try_clone().unwrap();
    let talking = thread::spawn(move || stream.write_all("x\n".repeat(LINES).as_bytes()));
    client.hears("x");
    let _other = Client::new(&server);
    let before = (1..LINES).take_while(|_| client.line() == "x").count();
    assert!(before < LINES - 1, "the news comes last");
    for _ in before + 1..LINES {
        client.hears("x");
    }
    talking.join().unwrap().unwrap();
}

#[test]
fn listing_8_12_logs_an_error_and_goes_on() {
    let server = Server::start(LISTING_8_12, &[]);
    let mut first = Client::new(&server);
    first.hears("Welcome! 1 user(s) are online!");
    first.hears("New user connected!");
    for (line, error) in [
        (&b"\xff\n"[..], "Unable to decode input as UTF8"),
        (&[b'x'; 5000], "max line length exceeded"),
    ] {
        let mut client = Client::new(&server);
        client.hears("Welcome! 2 user(s) are online!");
        client.hears("New user connected!");
        first.hears("New user connected!");
        client.stream.write_all(line).unwrap();
        server.wait_for_error(&format!("Error reading from client: {error}\n"));
        client.is_closed();
    }
    let client = Client::new(&server);
    first.hears("New user connected!");
    reset(client.lines.into_inner());
    drop(client.stream);
    // Each system says it in its own words.
    server.wait_for_error("(os error ");
    let told = server.stderr();
    let last = told.lines().last().unwrap();
    assert!(last.starts_with("Error reading from client: "), "{last}");
    // As in the book, the others are not told of those.
    first.says("hello");
    first.hears("hello");
}

/// A server with a client that does not read, while this many others come and go.
fn does_not_read(others: usize) -> (Server, Client) {
    let server = Server::start(LISTING_8_12, &[]);
    let mut slow = Client::new(&server);
    slow.hears("Welcome! 1 user(s) are online!");
    slow.hears("New user connected!");
    // Until its echo fills the buffers, so that the server stops reading too.
    let patience = Some(Duration::from_millis(500));
    slow.stream.set_write_timeout(patience).unwrap();
    let lines = [vec![b'x'; 1023], vec![b'\n']].concat().repeat(64);
    while slow.stream.write_all(&lines).is_ok() {}

    let mut first = Client::new(&server);
    first.hears("Welcome! 2 user(s) are online!");
    first.hears("New user connected!");
    for _ in 0..others {
        let mut other = Client::new(&server);
        other.hears("Welcome! 3 user(s) are online!");
        other.hears("New user connected!");
        first.hears("New user connected!");
        drop(other);
        first.hears("Client disconnected. 2 user(s) are online!");
    }
    (server, slow)
}

#[test]
fn listing_8_12_waits_for_no_client_that_does_not_read() {
    // More messages than the server keeps.
    let (server, mut slow) = does_not_read(600);
    let memory = server.memory().unwrap_or_default();
    assert!(memory < 64 << 20, "{memory}");
    // When the slow client finally reads, it has missed messages and is disconnected.
    let _ = slow.lines.read_to_end(&mut Vec::new());
    server.wait_for_error("The client reads too slowly: channel lagged by ");
}

#[test]
fn listing_8_12_keeps_a_thousand_messages_for_a_client_that_does_not_read() {
    let (server, mut slow) = does_not_read(495);
    let mut connected = 0;
    // The first client and the others.
    while connected < 496 {
        match slow.line().as_str() {
            "New user connected!" => connected += 1,
            "" => panic!("it was disconnected: {}", server.stderr()),
            _ => {}
        }
    }
}

/// Without free descriptors a server must not try again and again.
#[cfg(unix)]
#[test]
fn servers_end_when_no_client_can_be_accepted() {
    for binary in [LISTING_8_12, LISTING_8_13] {
        let error = util_testing::error_without_descriptors(binary);
        assert!(error.contains("Error: Too many open files"), "{error}");
    }
}

#[test]
fn listing_8_13_lets_clients_talk() {
    let server = Server::start(LISTING_8_13, &[]);
    let mut john = Client::new(&server);
    john.says("CONNECT John");
    john.hears("Welcome! 1 user(s) are online!");
    john.hears("John connected!");
    let mut eric = Client::named(&server, "Eric Idle");
    john.hears("Eric Idle connected!");
    for line in ["hello, ä世", &"x".repeat(4096)] {
        eric.says(line);
        for client in [&mut john, &mut eric] {
            client.hears(&format!("Eric Idle: {line}"));
        }
    }
    // A message without its newline, from a client that says no more.
    eric.stream.write_all(b"bye").unwrap();
    eric.stream.shutdown(Shutdown::Write).unwrap();
    john.hears("Eric Idle: bye");
    john.hears("Eric Idle has left the chat");
    eric.hears("Eric Idle: bye");
    eric.is_closed();
    // The name is free again.
    let _eric = Client::named(&server, "Eric Idle");
    john.hears("Eric Idle connected!");
}

#[test]
fn listing_8_13_refuses_a_bad_first_line_and_a_taken_name() {
    let server = Server::start(LISTING_8_13, &[]);
    let mut john = Client::named(&server, "John");
    for (line, error) in [
        (&b"hello\n"[..], "Got invalid command from client"),
        (b"\n", "Got invalid command from client"),
        (b"CONNECT\n", "Got invalid command from client"),
        (b"connect Eric\n", "Got invalid command from client"),
        (b"CONNECTED Eric\n", "Got invalid command from client"),
        (b"CONNECT John\n", "The name John is taken"),
        (b"CONNECT \xff\n", "Unable to decode input as UTF8"),
        (&[b'x'; 5000], "max line length exceeded"),
    ] {
        let mut client = Client::new(&server);
        client.stream.write_all(line).unwrap();
        client.is_closed();
        server.wait_for_error(&format!("{error}, disconnecting.\n"));
    }
    assert_eq!(server.stderr().lines().count(), 8);
    // No other client has noticed.
    john.says("hello");
    john.hears("John: hello");
    server.wait_for("\nCONNECTED 127.0.0.1:");
}

#[test]
fn listing_8_13_disconnects_a_user_whose_line_cannot_be_read() {
    let server = Server::start(LISTING_8_13, &[]);
    let mut john = Client::named(&server, "John");
    for (line, error) in [
        (&b"\xff\xfe\n"[..], "Unable to decode input as UTF8"),
        (&[b'x'; 5000], "max line length exceeded"),
    ] {
        let mut eric = Client::named(&server, "Eric");
        john.hears("Eric connected!");
        eric.stream.write_all(line).unwrap();
        server.wait_for_error(&format!("Error reading from client: {error}\n"));
        john.hears("Eric has left the chat");
        eric.is_closed();
    }
    let eric = Client::named(&server, "Eric");
    john.hears("Eric connected!");
    reset(eric.lines.into_inner());
    drop(eric.stream);
    john.hears("Eric has left the chat");
}

#[test]
fn listing_8_13_disconnects_a_client_that_says_nothing() {
    let server = Server::start(LISTING_8_13, &["1"]);
    let mut silent = Client::new(&server);
    let mut john = Client::named(&server, "John");
    silent.is_closed();
    john.is_closed();
    server.wait_for_error("deadline has elapsed, disconnecting.\n");
    server.wait_for_error("Error reading from client: deadline has elapsed\n");
}

#[cfg(target_os = "linux")]
#[test]
fn listing_8_13_waits_a_minute_by_default() {
    let server = Server::start(LISTING_8_13, &[]);
    let _john = Client::named(&server, "John");
    // tokio looks at such a timer a few seconds early.
    util_testing::waits_at_most(server.id(), 55_000..=60_000);
}

#[test]
fn listing_8_13_keeps_a_client_that_says_something_now_and_then() {
    let server = Server::start(LISTING_8_13, &["3"]);
    let mut john = Client::named(&server, "John");
    for _ in 0..5 {
        thread::sleep(Duration::from_secs(1));
        john.says("still here");
        john.hears("John: still here");
    }
}

#[test]
fn listing_8_13_writes_what_is_queued_also_when_its_user_has_left() {
    // More than the buffers of a connection take, and less than the queue does.
    const LINES: usize = 3000;
    let server = Server::start(LISTING_8_13, &[]);
    let mut john = Client::named(&server, "John");
    let line = "x".repeat(4000);
    for _ in 0..LINES {
        john.says(&line);
    }
    john.stream.shutdown(Shutdown::Write).unwrap();
    // When the server has seen that, the name is free. Only then John reads.
    let welcomed = |mut client: Client| {
        client.says("CONNECT John");
        client.line().starts_with("Welcome! ")
    };
    wait_until(|| welcomed(Client::new(&server)), || "the name".into());
    for _ in 0..LINES {
        john.hears(&format!("John: {line}"));
    }
    john.is_closed();
}

#[test]
fn listing_8_13_lets_one_user_say_much_at_once_past_another_who_does_not_read() {
    let server = Server::start(LISTING_8_13, &[]);
    let _slow = Client::named(&server, "Slow");
    let mut john = Client::named(&server, "John");
    let mut eric = Client::named(&server, "Eric");
    john.hears("Eric connected!");
    // Far more lines than a queue takes, and many of them in one packet.
    const LINES: usize = 50_000;
    let hear = |client: &mut Client| {
        for number in 0..LINES {
            let mut line = client.line();
            if line == "Slow has left the chat" {
                line = client.line();
            }
            assert_eq!(line, format!("Eric: {number}"));
        }
    };
    let speaker = thread::spawn(move || {
        let lines: String = (0..LINES).map(|number| format!("{number}\n")).collect();
        let mut stream = eric.stream.try_clone().unwrap();
        thread::scope(|scope| {
            scope.spawn(move || stream.write_all(lines.as_bytes()).unwrap());
            hear(&mut eric);
        });
    });
    hear(&mut john);
    speaker.join().unwrap();
}

#[test]
fn listing_8_13_disconnects_a_user_who_does_not_read_and_keeps_the_others() {
    let server = Server::start(LISTING_8_13, &[]);
    let mut slow = Client::named(&server, "Slow");
    let mut john = Client::named(&server, "John");
    let mut eric = Client::named(&server, "Eric");
    john.hears("Eric connected!");
    // Far more than the sockets' buffers and the queue can take.
    let line = "x".repeat(4000);
    let mut sent = 0;
    let reader = thread::spawn(move || {
        let mut messages = 0;
        loop {
            match john.line().as_str() {
                // John stays to the end, because his leaving would be a message too.
                "Slow has left the chat" => return (messages, john),
                line if line.starts_with("Eric: ") => messages += 1,
                line => panic!("{line}"),
            }
        }
    });
    let deadline = Instant::now() + TIMEOUT;
    while !reader.is_finished() && Instant::now() < deadline {
        eric.says(&line);
        sent += 1;
        // The slow one's departure may come before the message's echo, or after it.
        let own = format!("Eric: {line}");
        let mut heard = eric.line();
        if heard == "Slow has left the chat" {
            heard = eric.line();
        }
        assert!(heard == own, "{heard}");
    }
    let (received, _john): (usize, _) = reader.join().unwrap();
    // The queue, and at most ten mebibytes in the buffers of the connection.
    assert!(received <= sent, "{received} of {sent}");
    assert!((4097..4096 + 3000).contains(&sent), "{sent}");
    // Its queue and the buffers of its connection were limited.
    let memory = server.memory().unwrap_or_default();
    assert!(memory < 64 << 20, "{memory}");
    // Its connection is closed, but it can read what was written before.
    let mut rest = Vec::new();
    let _ = slow.lines.read_to_end(&mut rest);
    assert!(rest.starts_with(b"John connected!\nEric connected!\nEric: xxx"));
    assert!(rest.len() < received * line.len());
}

#[test]
fn in_a_room_of_a_thousand_each_message_reaches_everybody_once_and_in_order() {
    const CLIENTS: usize = 1000;
    const MESSAGES: usize = 5;
    // Before the server starts, which inherits the limit.
    if raise_limit() < 3 * CLIENTS {
        return skipped("too few files may be open");
    }
    let server = Server::start(LISTING_8_13, &[]);
    // A thread for each would do, but a few readers are kinder to a small machine.
    let mut clients: Vec<TcpStream> = (0..CLIENTS).map(|_| server.connect()).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        client
            .write_all(format!("CONNECT {number}\n").as_bytes())
            .unwrap();
    }
    let (entered, in_the_room) = mpsc::channel();
    let readers: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let stream = clients[number].try_clone().unwrap();
            let entered = entered.clone();
            thread::Builder::new()
                .stack_size(64 * 1024)
                .spawn(move || hear_everybody(number, stream, entered, CLIENTS, MESSAGES))
                .unwrap()
        })
        .collect();
    // A user who is not in the room yet misses what is said there.
    for _ in 0..CLIENTS {
        in_the_room.recv_timeout(TIMEOUT).unwrap();
    }
    for message in 0..MESSAGES {
        for (number, client) in clients.iter_mut().enumerate() {
            // One per cent of the clients speak, and all hear.
            if number % 100 == 0 {
                client.write_all(format!("{message}\n").as_bytes()).unwrap();
            }
        }
    }
    for reader in readers {
        reader.join().unwrap();
    }
}

/// Signals that it is in the room, reads until every speaker has said everything, and checks that
/// each line came once and in order.
fn hear_everybody(
    number: usize,
    stream: TcpStream,
    entered: mpsc::Sender<()>,
    clients: usize,
    messages: usize,
) {
    let mut heard: HashMap<usize, usize> = HashMap::new();
    let mut left = clients / 100 * messages;
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap();
        let Some((speaker, message)) = line.split_once(": ") else {
            if line.starts_with("Welcome!") {
                entered.send(()).unwrap();
            } else {
                assert!(line.ends_with("connected!"), "{line}");
            }
            continue;
        };
        let next = heard.entry(speaker.parse().unwrap()).or_default();
        assert_eq!(message.parse(), Ok(*next), "{number} heard {line}");
        *next += 1;
        left -= 1;
        if left == 0 {
            return;
        }
    }
    panic!("{number} missed {left} messages");
}

#[test]
fn listing_8_14_talks_to_the_server() {
    let server = Server::start(LISTING_8_13, &[]);
    let mut john = Client::named(&server, "John");
    let mut terminal = Terminal::start(LISTING_8_14, &[&server.address.to_string()]);
    terminal.wait_for_text("Enter username:");
    terminal.keys("Eric\r");
    terminal.wait_for_text("Welcome! 2 user(s) are online!");
    terminal.wait_for_text("Eric connected!");
    john.hears("Eric connected!");
    terminal.keys("hello\r");
    john.hears("Eric: hello");
    terminal.wait_for_text("Eric: hello");
    // Messages of others cannot move the cursor.
    john.says("\x1b[2Jgotcha");
    terminal.wait_for_text("John: ?[2Jgotcha");
    drop(server);
    assert_eq!(terminal.wait(), 0);
    terminal.wait_for_text("Server closed connection.");
    terminal.wait_until_restored();
}

#[test]
fn listing_8_14_leaves_on_ctrl_d_and_needs_a_server() {
    let server = Server::start(LISTING_8_13, &[]);
    let mut john = Client::named(&server, "John");
    let mut terminal = Terminal::start(LISTING_8_14, &[&server.address.to_string()]);
    terminal.wait_for_text("Enter username:");
    terminal.keys("Eric\r");
    john.hears("Eric connected!");
    terminal.keys("\x04");
    assert_eq!(terminal.wait(), 0);
    john.hears("Eric has left the chat");
    terminal.wait_until_restored();

    // Port 1 is reserved, so nothing listens there. Who leaves without a name does not notice.
    let mut terminal = Terminal::start(LISTING_8_14, &["127.0.0.1:1"]);
    terminal.wait_for_text("Enter username:");
    terminal.keys("\x04");
    assert_eq!(terminal.wait(), 0);
    let mut terminal = Terminal::start(LISTING_8_14, &["127.0.0.1:1"]);
    terminal.wait_for_text("Enter username:");
    terminal.keys("Eric\r");
    assert_eq!(terminal.wait(), 1);
    terminal.wait_for_text("Error: cannot connect to 127.0.0.1:1");
    terminal.wait_until_restored();
}

#[test]
fn listing_8_14_ends_with_a_clear_error_on_lines_that_cannot_be_read() {
    for (line, error) in [
        (b"\xff\n".to_vec(), "Error: Unable to decode input as UTF8"),
        (vec![b'x'; 100_000], "Error: max line length exceeded"),
    ] {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap().to_string();
        let mut terminal = Terminal::start(LISTING_8_14, &[&address]);
        terminal.wait_for_text("Enter username:");
        terminal.keys("Eric\r");
        let (mut client, _) = server.accept().unwrap();
        let mut command = String::new();
        let mut lines = BufReader::new(client.try_clone().unwrap());
        lines.read_line(&mut command).unwrap();
        assert_eq!(command, "CONNECT Eric\n");
        // Nothing is wrong with a long line, here of thirty screens.
        let long = "long".repeat(15_000);
        client
            .write_all(format!("{long}\nwelcome\n").as_bytes())
            .unwrap();
        terminal.wait_for_text("welcome");
        // The client may have left before it has read all.
        let _ = client.write_all(&line);
        assert_eq!(terminal.wait(), 1);
        terminal.wait_for_text(error);
        terminal.wait_until_restored();
    }
}

/// A chat server as in the book, but that one client's messages come back.
const PYTHON_SERVER: &str = r#"
import asyncio

async def connected(reader, writer):
    _, name = (await reader.readline()).decode().strip().split(' ')
    writer.write(f'Welcome! 1 user(s) are online!\n{name} connected!\n'.encode())
    while (line := await reader.readline()) != b'':
        writer.write(f'{name}: {line.decode()}'.encode())
        await writer.drain()

async def main():
    server = await asyncio.start_server(connected, '127.0.0.1', 0)
    host, port = server.sockets[0].getsockname()
    print(f'Listening on {host}:{port};', flush=True)
    await server.serve_forever()

asyncio.run(main())
"#;

#[test]
fn listing_8_14_talks_to_a_server_in_python() {
    if !command("python3")
        .arg("-V")
        .output()
        .is_ok_and(|python| python.status.success())
    {
        return skipped("python3 is not installed");
    }
    let mut python = command("python3");
    python.args(["-c", PYTHON_SERVER]);
    let server = Server::spawn(python);
    let mut terminal = Terminal::start(LISTING_8_14, &[&server.address.to_string()]);
    terminal.wait_for_text("Enter username:");
    terminal.keys("Eric\r");
    terminal.wait_for_text("Welcome! 1 user(s) are online!");
    terminal.keys("hello, ä世\r");
    terminal.wait_for_text("Eric: hello, ä世");
    drop(server);
    assert_eq!(terminal.wait(), 0);
    terminal.wait_for_text("Server closed connection.");
}

#[test]
fn bad_arguments_are_one_clear_line() {
    listing(LISTING_8_13)
        .args(["127.0.0.1:0", "0"])
        .assert()
        .code(2)
        .stderr_eq(
            "IDLE_SECONDS must be a number from 1 to 86400, not '0'; \
             usage: listing_8_13_chat_server [ADDRESS] [IDLE_SECONDS]\n",
        );
    let output = listing(LISTING_8_12).arg("0.0.0.0:1").assert().code(2);
    assert_eq!(lines(&output.get_output().stderr).len(), 1);
    // The example has the port of the book.
    for binary in [LISTING_8_12, LISTING_8_13, LISTING_8_14] {
        listing(binary)
            .arg("x")
            .assert()
            .code(2)
            .stderr_eq("ADDRESS must be an address like 127.0.0.1:8000, not 'x'; usage: [..]\n");
    }
}
