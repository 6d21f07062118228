//! Runs every listing of chapter 8 as a reader would, and as a reader's worst peers would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use rustix::process::Signal;
use util_testing::{Server, TIMEOUT, Terminal, expected, lines, listing, raise_limit, wait_until};

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

/// A site that sends `answer` to the first who asks, and closes or stays.
fn site(answer: Vec<u8>, stays: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Whoever asks for nothing only looks whether the site is there.
            if matches!(stream.read(&mut [0; 4096]), Ok(1..)) {
                // The client may have seen enough.
                let _ = stream.write_all(&answer);
                if stays {
                    // Until the client has had enough.
                    let _ = stream.read(&mut [0; 1]);
                }
            }
        }
    });
    url
}

#[test]
fn answers_that_are_not_whole_or_too_long_are_clear_errors() {
    let long_line = [b"HTTP/1.1 200 OK\r\nx: ", vec![b'x'; 1 << 20].as_slice()].concat();
    // In lines of a usual length: a line for each byte would take a slow machine longer than the
    // listing waits.
    let lines = [vec![b'x'; 1023], vec![b'\n']].concat().repeat(17 << 10);
    let long_body = [b"HTTP/1.1 200 OK\r\n\r\n", lines.as_slice()].concat();
    for (answer, error) in [
        (
            b"".to_vec(),
            "the server closed the connection without an answer",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-".to_vec(),
            "the server closed the connection within the head of its answer",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nhalf".to_vec(),
            "the server closed the connection after 4 of 7 bytes",
        ),
        (
            b"220 ready\r\n\r\n".to_vec(),
            "the answer is not HTTP: [..]",
        ),
        (long_line, "[..] is longer than 65536 bytes"),
        (long_body, "the answer is longer than 16777216 bytes"),
    ] {
        for binary in [LISTING_8_02, LISTING_8_03] {
            listing(binary)
                .env("EXAMPLE_URL", site(answer.clone(), false))
                .assert()
                .code(1)
                .stderr_eq(format!("Error: {error}\n"));
        }
    }
}

#[test]
fn a_site_that_never_answers_is_a_clear_error_within_a_time_out() {
    for binary in [LISTING_8_02, LISTING_8_03] {
        listing(binary)
            .env("EXAMPLE_URL", site(b"HTTP/1.1 200 OK\r\n".to_vec(), true))
            .assert()
            .code(1)
            .stderr_eq("Error: no answer within 10s: [..]\n");
    }
}

#[test]
fn https_is_left_to_others() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    for binary in [LISTING_8_02, LISTING_8_03] {
        listing(binary)
            .env("EXAMPLE_URL", &url)
            .assert()
            .code(1)
            .stderr_eq(format!(
                "Error: this listing speaks plain HTTP: '{url}' must begin with http://\n"
            ));
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
fn listing_8_06_runs_delays_while_it_waits_for_input() {
    let mut terminal = Terminal::start(LISTING_8_06, &[]);
    terminal.wait_for_text("Enter a time to sleep:");
    terminal.keys("1\r");
    // Nothing more has been typed.
    terminal.wait_for_text("finished sleeping for 1 second(s)");
    terminal.keys("soon\r");
    terminal.wait_for_text("'soon' is not a number of seconds");
    // At the end of the input the delays that run are waited for.
    terminal.keys("1\r");
    terminal.wait_for("the second delay", |screen| {
        screen.matches("sleeping for 1 second(s)").count() == 3
    });
    terminal.keys("\x04");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_for("both delays", |screen| {
        screen.matches("finished sleeping for 1 second(s)").count() == 2
    });
}

#[test]
fn listing_8_06_ends_on_ctrl_c_while_it_waits_for_input() {
    let mut terminal = Terminal::start(LISTING_8_06, &[]);
    terminal.wait_for_text("Enter a time to sleep:");
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

/// The rows of a screen, without the blanks at their ends.
fn rows(screen: &str) -> Vec<&str> {
    screen.lines().map(str::trim_end).collect()
}

#[test]
fn listing_8_10_scrolls_messages_above_while_one_types_below() {
    let mut terminal = Terminal::start(LISTING_8_10, &[]);
    wait_until(|| !terminal.is_cooked(), || "raw mode".into());
    terminal.keys("1\r");
    terminal.wait_for_text("Starting delay 1");
    // What is being typed stays in the last row, whatever comes above.
    terminal.keys("6x\x7f");
    let screen = terminal.wait_for_text("Finished delay 1");
    let rows = rows(&screen);
    assert_eq!(rows[..2], ["Starting delay 1", "Finished delay 1"]);
    terminal.wait_for("the typed line", |screen| {
        screen
            .lines()
            .nth(23)
            .is_some_and(|row| row.trim_end() == "6")
    });
    terminal.keys("\x7fnever\r");
    terminal.wait_for_text("'never' is not a number of seconds");
    terminal.keys("\x04");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn listing_8_10_edits_characters_of_any_width_and_follows_the_terminals_size() {
    let mut terminal = Terminal::start(LISTING_8_10, &[]);
    wait_until(|| !terminal.is_cooked(), || "raw mode".into());
    terminal.keys("ä世界\x7f");
    let typed = |text: &'static str, row: usize| {
        move |screen: &str| {
            screen
                .lines()
                .nth(row)
                .is_some_and(|row| row.trim_end() == text)
        }
    };
    terminal.wait_for("two characters", typed("ä世", 23));
    terminal.keys("\x7f\x7f\x7f");
    terminal.wait_for("an empty line", |screen| {
        screen
            .lines()
            .nth(23)
            .is_none_or(|row| row.trim().is_empty())
    });
    for number in 0..30 {
        terminal.keys(&format!("n{number}\r"));
    }
    // The oldest have gone, the last stands above the line that is typed.
    terminal.wait_for("the last message in row 23", |screen| {
        screen
            .lines()
            .nth(22)
            .is_some_and(|row| row.starts_with("'n29' "))
    });
    terminal.keys("kept");
    terminal.wait_for("the typed line", typed("kept", 23));
    terminal.resize(10, 40);
    terminal.wait_for("the typed line in the new last row", typed("kept", 9));
    terminal.wait_for("the last message above", |screen| {
        screen
            .lines()
            .nth(8)
            .is_some_and(|row| row.starts_with("'n29' "))
    });
    // Longer than a row: its end is shown.
    terminal.keys(&"y".repeat(100));
    terminal.wait_for("the end of the line", |screen| {
        screen
            .lines()
            .nth(9)
            .is_some_and(|row| row.trim_end() == "y".repeat(39))
    });
    terminal.keys("\x03");
    assert_eq!(terminal.wait(), 0);
    terminal.wait_until_restored();
}

#[test]
fn terminal_programs_give_the_terminal_back_on_signals() {
    let server = Server::start(LISTING_8_13, &[]);
    let address = server.address.to_string();
    for (binary, args) in [
        (LISTING_8_10, &[][..]),
        (LISTING_8_11, &[]),
        (LISTING_8_14, &[address.as_str()]),
    ] {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            let mut terminal = Terminal::start(binary, args);
            wait_until(
                || !terminal.is_cooked(),
                || format!("raw mode: {}", terminal.contents()),
            );
            if binary == LISTING_8_14 {
                terminal.wait_for_text("Enter username:");
            } else {
                // It reads keys, so it listens for signals.
                terminal.keys("nothing");
                terminal.wait_for_text("nothing");
            }
            terminal.signal(signal);
            assert_eq!(terminal.wait(), 0);
            terminal.wait_until_restored();
        }
    }
}

#[test]
fn without_a_terminal_there_is_a_clear_error() {
    let server = Server::start(LISTING_8_13, &[]);
    let address = server.address.to_string();
    for (binary, args) in [
        (LISTING_8_10, &[][..]),
        (LISTING_8_11, &[]),
        (LISTING_8_14, &[address.as_str()]),
    ] {
        listing(binary)
            .args(args)
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(
                "Error: this program needs a terminal, with neither input nor output \
                 redirected\n",
            );
    }
}

fn run_queries(terminal: &mut Terminal) {
    wait_until(
        || !terminal.is_cooked(),
        || format!("raw mode: {}", terminal.contents()),
    );
    terminal.keys("SELECT * FROM brand\r");
    terminal.wait_for_text("Fetched 100 rows from: SELECT * FROM brand");
    terminal.keys("SELECT nonsense\rSELECT * FROM product\r");
    terminal.wait_for_text("Fetched 1000 rows from: SELECT * FROM product");
    terminal.wait_for_text("Got exception ");
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
    let mut terminal = Terminal::start_with(LISTING_8_11, &[], &[("DATABASE_URL", &url)]);
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

    fn hears(&mut self, line: &str) {
        assert_eq!(self.line(), line);
    }

    /// Nothing more comes: the server has closed the connection.
    fn is_closed(&mut self) {
        let mut rest = String::new();
        match self.lines.read_to_string(&mut rest) {
            Ok(_) => assert_eq!(rest, ""),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }
}

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
    second.stream.write_all(b"\xff\n").unwrap();
    second.hears("That was not UTF-8.");
    drop(second);
    first.hears("Client disconnected. 1 user(s) are online!");
    first.says(&"x".repeat(5000));
    first.hears("That line was too long.");
    first.is_closed();
    server.interrupt();
    assert!(server.wait().success());
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
    eric.says("hello, ä世");
    for client in [&mut john, &mut eric] {
        client.hears("Eric Idle: hello, ä世");
    }
    // A message without its end, by one who has nothing more to say.
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
fn listing_8_13_answers_what_it_refuses_with_one_line() {
    let server = Server::start(LISTING_8_13, &[]);
    let mut john = Client::named(&server, "John");
    for (line, answer) in [
        ("hello", "Begin with: CONNECT name"),
        ("", "Begin with: CONNECT name"),
        ("CONNECT", "Begin with: CONNECT name"),
        ("connect Eric", "Begin with: CONNECT name"),
        ("CONNECT  ", "That is not a name."),
        ("CONNECT a\x1b[2Jb", "That is not a name."),
        ("CONNECT John", "The name John is taken."),
    ] {
        let mut client = Client::new(&server);
        client.says(line);
        client.hears(answer);
        client.is_closed();
    }
    let mut client = Client::new(&server);
    client.says(&format!("CONNECT {}", "x".repeat(33)));
    client.hears("A name has at most 32 characters.");
    let mut client = Client::new(&server);
    client.stream.write_all(b"CONNECT \xff\n").unwrap();
    client.hears("That was not UTF-8.");
    let mut client = Client::new(&server);
    client.stream.write_all(&[b'x'; 5000]).unwrap();
    client.hears("That line was too long.");
    server.wait_for_error("Got invalid command from client, disconnecting: Begin with");

    // Within the chat, a line that cannot be read is answered to its sender only.
    let mut eric = Client::named(&server, "Eric");
    john.hears("Eric connected!");
    eric.stream.write_all(b"\xff\xfe\n").unwrap();
    eric.hears("That was not UTF-8.");
    eric.says("sorry");
    eric.hears("Eric: sorry");
    john.hears("Eric: sorry");
    eric.stream.write_all(&[b'x'; 5000]).unwrap();
    eric.hears("That line was too long.");
    eric.is_closed();
    john.hears("Eric has left the chat");
}

#[test]
fn listing_8_13_disconnects_who_says_nothing() {
    let server = Server::start(LISTING_8_13, &["1"]);
    let mut silent = Client::new(&server);
    let mut john = Client::named(&server, "John");
    john.hears("You said nothing for 1 seconds.");
    john.is_closed();
    silent.hears("You said nothing for 1 seconds.");
    silent.is_closed();
}

#[test]
fn listing_8_13_drops_a_client_who_does_not_read_and_keeps_the_others() {
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
                // John stays to the end: his leaving would be told too.
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
    assert!(received <= sent && sent > 4096, "{received} of {sent}");
    // The slow one finds its messages, if it reads at last, and why there are no more.
    let mut rest = Vec::new();
    let _ = slow.lines.read_to_end(&mut rest);
    assert!(rest.starts_with(b"John connected!\nEric connected!\nEric: xxx"));
}

#[test]
fn listing_8_13_tells_everybody_when_it_shuts_down() {
    for terminate in [false, true] {
        let mut server = Server::start(LISTING_8_13, &[]);
        let mut unnamed = Client::new(&server);
        let mut clients: Vec<_> = (0..20)
            .map(|number| Client::named(&server, &format!("user {number}")))
            .collect();
        clients[0].says("the last word");
        clients[19].hears("user 0: the last word");
        if terminate {
            server.terminate();
        } else {
            server.interrupt();
        }
        assert!(server.wait().success());
        for mut client in clients {
            let mut rest = String::new();
            client.lines.read_to_string(&mut rest).unwrap();
            // Others may have been seen leaving; the server's own word is the last.
            let last = rest.lines().next_back();
            assert_eq!(last, Some("The server is shutting down."), "{rest}");
        }
        unnamed.hears("The server is shutting down.");
    }
}

#[test]
fn in_a_room_of_a_thousand_each_message_reaches_everybody_once_and_in_order() {
    const CLIENTS: usize = 1000;
    const MESSAGES: usize = 5;
    let server = Server::start(LISTING_8_13, &[]);
    assert!(raise_limit() > 2 * CLIENTS, "too few files may be open");
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
    // Who is not in the room yet misses what is said there.
    for _ in 0..CLIENTS {
        in_the_room.recv_timeout(TIMEOUT).unwrap();
    }
    for message in 0..MESSAGES {
        for (number, client) in clients.iter_mut().enumerate() {
            // One per cent speaks, everybody hears.
            if number % 100 == 0 {
                client.write_all(format!("{message}\n").as_bytes()).unwrap();
            }
        }
    }
    for reader in readers {
        reader.join().unwrap();
    }
}

/// Tells when it is in the room, reads until every speaker has said all, and checks that
/// each said it once and in order.
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
    // What comes from others cannot move the cursor.
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

    // Port 1 is reserved: nobody listens there.
    let mut terminal = Terminal::start(LISTING_8_14, &["127.0.0.1:1"]);
    assert_eq!(terminal.wait(), 1);
    terminal.wait_for_text("Error: nobody serves 127.0.0.1:1: ");
    terminal.wait_until_restored();
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
}
