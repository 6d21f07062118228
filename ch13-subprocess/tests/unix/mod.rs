//! The listings' children are programs of Unix, or shell scripts that stand for them, and nothing is
//! left behind.

use std::collections::HashSet;
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::{self, available_parallelism};
use std::time::{Duration, Instant};

use ch13_subprocess::prompt::ENTER_TEXT;
use snapbox::Data;
use snapbox::cmd::OutputAssert;
use tempfile::TempDir;
use util_testing::{Server, command, lines, listing, wait_until};

use super::{
    LISTING_13_05, LISTING_13_06, LISTING_13_08, LISTING_13_12_OUT_OF_TURN, LISTING_13_14, has_gpg,
    is_random_echo, stdout,
};

util_testing::prints! { listing_13_01_shell }

util_testing::prints_at! {
    listing_13_02_kill [0, 1, 2, 2];
    listing_13_02_timeout [0, 1, 1];
}

const LISTING_13_01: &str = env!("CARGO_BIN_EXE_listing_13_01_ls");
const LISTING_13_01_SHELL: &str = env!("CARGO_BIN_EXE_listing_13_01_shell");
const LISTING_13_02: &str = env!("CARGO_BIN_EXE_listing_13_02_timeout");
const LISTING_13_02_KILL: &str = env!("CARGO_BIN_EXE_listing_13_02_kill");
const LISTING_13_03: &str = env!("CARGO_BIN_EXE_listing_13_03_prefix");
const LISTING_13_07: &str = env!("CARGO_BIN_EXE_listing_13_07_encrypt");
const LISTING_13_10: &str = env!("CARGO_BIN_EXE_listing_13_10_give_name");
const LISTING_13_11: &str = env!("CARGO_BIN_EXE_listing_13_11_echo");
const LISTING_13_12: &str = env!("CARGO_BIN_EXE_listing_13_12_in_turn");
const LISTING_13_13: &str = env!("CARGO_BIN_EXE_listing_13_13_random_echo");

fn stderr(output: &OutputAssert) -> Vec<String> {
    lines(&output.get_output().stderr)
}

/// A folder with a shell script called `name`. It is on the file system of the binaries, so that
/// one of them can be linked into it.
fn folder_with(name: &str, script: &str) -> TempDir {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    // Another process writes it. A file still open for writing here, in a child that another test
    // is just starting, could not be run.
    let write = "printf '#!/bin/sh\n%s\n' \"$2\" > \"$1\" && chmod +x \"$1\"";
    let written = Command::new("sh")
        .args(["-c", write, "sh"])
        .arg(folder.path().join(name))
        .arg(script)
        .status();
    assert!(written.unwrap().success());
    folder
}

/// A folder with a program called `name`, and a PATH that has this folder before the real one.
fn with_program(name: &str, script: &str) -> (TempDir, String) {
    let folder = folder_with(name, script);
    let before = std::env::var("PATH").unwrap();
    let path = format!("{}:{before}", folder.path().display());
    (folder, path)
}

/// `binary` with a different child program beside it.
fn with_child(binary: &str, name: &str, script: &str) -> (TempDir, PathBuf) {
    let folder = folder_with(name, script);
    let copy = folder.path().join(Path::new(binary).file_name().unwrap());
    fs::hard_link(binary, &copy).unwrap();
    (folder, copy)
}

#[test]
fn listing_13_01_lists_a_folder() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("notes.txt"), "").unwrap();
    let output = listing(LISTING_13_01)
        .current_dir(folder.path())
        .assert()
        .success();
    // ls may print before we print its number, but ends before its status is known.
    let mut printed = stdout(&output);
    assert_eq!(printed.pop().unwrap(), "Status code: 0");
    assert!(printed.iter().any(|l| l.starts_with("Process pid is: ")));
    assert!(printed.iter().any(|line| line.ends_with(" notes.txt")));
    assert!(!printed.iter().any(|line| line.ends_with(" ..")));
}

/// A program that says its number, then ends with the code 7.
const SAYS_ITS_NUMBER: &str = "echo $$; exit 7";

#[test]
fn listings_13_01_and_13_03_tell_the_number_and_the_code_of_their_child() {
    let (_folder, path) = with_program("ls", SAYS_ITS_NUMBER);
    for (binary, prefix, code) in [
        (LISTING_13_01, "", "Status code: 7"),
        (LISTING_13_03, "[ls -la]: ", "Process returned: 7"),
    ] {
        let output = listing(binary).env("PATH", &path).assert().success();
        let printed = stdout(&output);
        // The child may print before the listing does.
        let number = printed
            .iter()
            .find_map(|it| it.strip_prefix("Process pid is: "));
        assert!(printed[..2].contains(&format!("{prefix}{}", number.unwrap())));
        assert_eq!(printed[2..], [code]);
    }
}

#[test]
fn listings_13_05_and_13_06_tell_the_number_and_the_code_of_their_child() {
    let script = "echo $$ >&2; exit 7";
    for binary in [LISTING_13_05, LISTING_13_06] {
        let (_folder, binary) = with_child(binary, "listing_13_04_many_lines", script);
        let output = listing(binary).assert().success();
        let number = &stderr(&output)[0];
        let wanted = [
            format!("Process pid is: {number}"),
            "Process returned: 7".into(),
        ];
        assert_eq!(stdout(&output), wanted);
    }
}

/// A child that ends in time, and one that needs no second signal.
#[test]
fn listing_13_02_sends_no_signal_that_is_not_needed() {
    let at_once = "echo \"$@\" >&2; echo $$ >&2; exit 7";
    for (binary, program, arguments) in [
        (LISTING_13_02, "sleep", "3"),
        (LISTING_13_02_KILL, "sh", "-c trap '' TERM; exec sleep 5"),
    ] {
        let (_folder, path) = with_program(program, at_once);
        let output = listing(binary).env("PATH", path).assert().success();
        let said = stderr(&output);
        assert_eq!(said[0], arguments);
        assert_eq!(
            stdout(&output),
            [format!("Process pid is: {}", said[1]), "7".into()]
        );
    }
    let (_folder, path) = with_program("sh", "exec sleep 5");
    let output = listing(LISTING_13_02_KILL).env("PATH", path).assert();
    let printed = stdout(&output.success());
    assert_eq!(
        printed[1..],
        ["Timed out waiting to finish, terminating...", "-15"]
    );
}

#[test]
fn listing_13_03_puts_the_command_before_each_line() {
    use std::os::unix::ffi::OsStrExt;
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("notes.txt"), "").unwrap();
    // A name that is not UTF-8, if the file system allows it.
    let strange = std::ffi::OsStr::from_bytes(b"caf\xe9");
    let strange = fs::write(folder.path().join(strange), "").is_ok();
    let output = listing(LISTING_13_03)
        .current_dir(folder.path())
        .assert()
        .success();
    let printed = stdout(&output);
    assert!(printed[0].starts_with("Process pid is: "));
    assert_eq!(printed.last().unwrap(), "Process returned: 0");
    let listed = &printed[1..printed.len() - 1];
    assert!(listed.iter().all(|line| line.starts_with("[ls -la]: ")));
    let ends = |end: &str| listed.iter().filter(|line| line.ends_with(end)).count();
    assert_eq!((ends(" ."), ends(" .."), ends(" notes.txt")), (1, 1, 1));
    assert!(!strange || ends(" caf\u{fffd}") == 1);
}

/// More than a pipe can hold. A program that waits for the end before it reads waits forever.
#[test]
fn listing_13_03_reads_while_it_waits() {
    let (_folder, path) = with_program("ls", "yes | head -n 50000");
    let output = listing(LISTING_13_03).env("PATH", path).assert().success();
    let printed = stdout(&output);
    assert_eq!(printed.len(), 50_002);
    assert!(printed[1..=50_000].iter().all(|l| l == "[ls -la]: y"));
}

#[test]
fn a_program_that_is_not_there_is_one_clear_line() {
    let nothing = TempDir::new().unwrap();
    for (binary, program) in [
        (LISTING_13_01, "ls"),
        (LISTING_13_01_SHELL, "sh"),
        (LISTING_13_02, "sleep"),
        (LISTING_13_02_KILL, "sh"),
        (LISTING_13_03, "ls"),
        (LISTING_13_07, "gpg"),
        (LISTING_13_08, "gpg"),
    ] {
        listing(binary)
            .env("PATH", nothing.path())
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(format!(
                "Error: cannot start {program}\n\n\
                 Caused by:\n    No such file or directory (os error 2)\n"
            ));
    }
}

#[test]
fn a_child_that_is_not_built_is_one_clear_line() {
    for (binary, child) in [
        (LISTING_13_05, "listing_13_04_many_lines"),
        (LISTING_13_06, "listing_13_04_many_lines"),
        (LISTING_13_10, "listing_13_09_ask_name"),
        (LISTING_13_12, "listing_13_11_echo"),
        (LISTING_13_12_OUT_OF_TURN, "listing_13_13_random_echo"),
        (LISTING_13_14, "listing_13_13_random_echo"),
    ] {
        let (_folder, alone) = with_child(binary, "another", "");
        let release = if cfg!(debug_assertions) {
            ""
        } else {
            " --release"
        };
        listing(&alone)
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(format!(
                "Error: {child} is not built; build it with: \
             cargo build -p ch13-subprocess --bin {child}{release}\n"
            ));
    }
}

#[test]
fn listing_13_04_says_that_nobody_reads_its_lines() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut lines = command(env!("CARGO_BIN_EXE_listing_13_04_many_lines"));
    let lines = lines.stdout(writer).stderr(Stdio::piped()).spawn();
    let ended = lines.unwrap().wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1));
    assert!(error.starts_with("Error: "), "{error}");
}

#[test]
fn a_child_that_is_not_built_is_built_where_cargo_has_started_its_parent() {
    let built = env!("CARGO_BIN_EXE_listing_13_09_ask_name");
    let script = format!("here=$(dirname \"$0\"); echo \"$@\" > $here/arguments; ln {built} $here");
    let (folder, alone) = with_child(LISTING_13_10, "cargo", &script);
    let cargo = folder.path().join("cargo");
    listing(&alone).env("CARGO", &cargo).assert().success();
    let arguments = fs::read_to_string(folder.path().join("arguments")).unwrap();
    let wanted = "--quiet build -p ch13-subprocess --bin listing_13_09_ask_name";
    assert!(arguments.starts_with(wanted), "{arguments}");
}

/// The text that gpg decrypts, and gpg's messages about it.
fn decrypt(encrypted: &[u8]) -> (Vec<u8>, String) {
    let home = TempDir::new().unwrap();
    let mut gpg = Command::new("gpg")
        .args(["--no-autostart", "--batch", "--passphrase", "3ncryptm3"])
        .arg("--homedir")
        .arg(home.path())
        .arg("--decrypt")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    gpg.stdin.take().unwrap().write_all(encrypted).unwrap();
    let output = gpg.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    (output.stdout, told)
}

/// The list of lists of bytes in the second line of listing 13.7.
fn encrypted_texts(printed: &[String]) -> Vec<Vec<u8>> {
    assert!(printed[0].starts_with("Total time: "), "{}", printed[0]);
    assert_eq!(printed.len(), 2);
    let list = printed[1].trim_start_matches("[[").trim_end_matches("]]");
    let texts = list.split("], [").map(|text| {
        let bytes = text.split(", ").map(|byte| byte.parse().unwrap());
        bytes.collect()
    });
    texts.collect()
}

fn is_random_text(text: &[u8]) -> bool {
    text.len() == 1000 && text.iter().all(u8::is_ascii_alphabetic)
}

#[test]
fn listing_13_07_encrypts_a_hundred_texts() {
    if !has_gpg() {
        return;
    }
    let home = TempDir::new().unwrap();
    let own = home.path().join(".gnupg");
    fs::create_dir(&own).unwrap();
    fs::set_permissions(&own, Permissions::from_mode(0o700)).unwrap();
    // gpg would refuse it.
    fs::write(own.join("gpg.conf"), "no-such-option\n").unwrap();
    let output = listing(LISTING_13_07)
        .env("HOME", home.path())
        .assert()
        .success()
        .stderr_eq("");
    let encrypted = encrypted_texts(&stdout(&output));
    assert_eq!(encrypted.len(), 100);
    for encrypted in &encrypted[..3] {
        let (text, told) = decrypt(encrypted);
        assert!(is_random_text(&text));
        assert!(told.contains("TWOFISH"), "{told}");
    }
    // The listing has not touched the reader's own gpg.
    assert_eq!(fs::read_dir(own).unwrap().count(), 1);
}

/// A gpg that records its number, waits for permission, and returns its text. It ends with its
/// folder, so with the test.
const WAITING_GPG: &str = r#"echo $$ >> "$0.started"
while [ -e "$0" ] && [ ! -e "$0.go" ]; do sleep 0.2; done
[ "$(cat "$0.go")" = $$ ] && exit 2
[ "$(cat "$0.go")" ] && exec sleep 50
cat"#;

/// Waits until this many of them have started, checks that no more do, and returns their numbers.
fn wait_for_started(folder: &TempDir, wanted: usize) -> Vec<u32> {
    let started = || {
        let noted = fs::read_to_string(folder.path().join("gpg.started"));
        noted.unwrap_or_default().lines().count()
    };
    wait_until(
        || started() >= wanted,
        || format!("{wanted} processes, not {}", started()),
    );
    thread::sleep(Duration::from_millis(300));
    assert_eq!(started(), wanted);
    let noted = fs::read_to_string(folder.path().join("gpg.started")).unwrap();
    noted.lines().map(|line| line.parse().unwrap()).collect()
}

/// Lets them continue. If one is to fail, the others sleep.
fn go(folder: &TempDir, fails: Option<u32>) {
    let fails = fails.map_or_else(String::new, |number| number.to_string());
    let written = folder.path().join("gpg.fails");
    fs::write(&written, fails).unwrap();
    fs::rename(written, folder.path().join("gpg.go")).unwrap();
}

#[test]
fn listing_13_07_has_a_hundred_processes_at_once() {
    let (folder, path) = with_program("gpg", WAITING_GPG);
    let mut program = command(LISTING_13_07);
    program.env("PATH", path);
    let mut program = Server::run(program);
    wait_for_started(&folder, 100);
    go(&folder, None);
    assert!(program.wait().success());
    let texts = encrypted_texts(&lines(program.stdout().as_bytes()));
    assert!(texts.iter().all(|text| is_random_text(text)));
    assert_eq!(texts.iter().collect::<HashSet<_>>().len(), 100);
}

#[test]
fn listing_13_08_has_as_many_processes_as_cores() {
    let cores = available_parallelism().unwrap().get();
    for (limit, wanted) in [(None, cores), (Some("3"), 3)] {
        let (folder, path) = with_program("gpg", WAITING_GPG);
        let mut program = command(LISTING_13_08);
        program.arg((wanted + 3).to_string()).args(limit);
        program.env("PATH", path);
        let mut program = Server::run(program);
        wait_for_started(&folder, wanted);
        go(&folder, None);
        assert!(program.wait().success());
        let started = fs::read_to_string(folder.path().join("gpg.started"));
        assert_eq!(started.unwrap().lines().count(), wanted + 3);
    }
}

#[test]
fn listing_13_08_encrypts_a_thousand_texts() {
    let (folder, path) = with_program("gpg", "echo >> \"$0.started\"");
    let output = listing(LISTING_13_08).env("PATH", path).assert().success();
    assert_eq!(stdout(&output).len(), 1);
    let started = fs::read_to_string(folder.path().join("gpg.started"));
    assert_eq!(started.unwrap().lines().count(), 1000);
}

#[test]
fn the_total_time_is_that_of_all_children() {
    let (_folder, path) = with_program("gpg", "exec sleep 0.5");
    // At most two of the four at a time.
    for (binary, args, at_least) in [
        (LISTING_13_07, &[][..], 0.5),
        (LISTING_13_08, &["4", "2"][..], 1.0),
    ] {
        let ended = listing(binary).args(args).env("PATH", &path).assert();
        let printed = &stdout(&ended.success())[0];
        let seconds: f64 = printed.trim_start_matches("Total time: ").parse().unwrap();
        assert!((at_least..at_least + 10.0).contains(&seconds), "{printed}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_gpg_that_fails_takes_the_others_with_it() {
    // Of more than thirty futures, `try_join_all` sees the failure of the first at once; of fewer,
    // any.
    for (binary, args, children, failing) in [
        (LISTING_13_07, &[][..], 100, 0),
        (LISTING_13_08, &["9", "9"][..], 9, 8),
    ] {
        let (folder, path) = with_program("gpg", WAITING_GPG);
        let mark = format!("CH13_TEST={}-fails-{children}", std::process::id());
        let mut program = start_marked(binary, args, &mark, &path);
        let mut numbers = wait_for_started(&folder, children);
        // In the order of their start. After the largest number, the smallest are given again.
        numbers.sort_unstable_by_key(|number| number.wrapping_sub(program.id()));
        go(&folder, Some(numbers[failing]));
        let start = Instant::now();
        assert_eq!(program.wait().code(), Some(1));
        let error = "Error: gpg failed with exit status: 2\n";
        assert_eq!(
            (program.stdout(), program.stderr()),
            (String::new(), error.into())
        );
        wait_for_marked(binary, &mark, |marked| marked == 0);
        assert!(start.elapsed().as_secs() < 50, "they ended by themselves");
    }
}

#[test]
fn listing_13_08_hands_each_text_to_its_process() {
    let (_folder, path) = with_program("gpg", "[ $(wc -c) = 1000 ]");
    listing(LISTING_13_08)
        .arg("5")
        .env("PATH", path)
        .assert()
        .success();
}

#[test]
fn a_gpg_that_fails_is_an_error() {
    for (script, status) in [
        // It fails before it reads its text, after a part of it, and after all of it.
        ("exit 2", "exit status: 2"),
        ("head -c 10 > /dev/null; exit 2", "exit status: 2"),
        ("cat > /dev/null; kill -9 $$", "signal: 9 (SIGKILL)"),
    ] {
        let (_folder, path) = with_program("gpg", script);
        for binary in [LISTING_13_07, LISTING_13_08] {
            listing(binary)
                .env("PATH", &path)
                .assert()
                .code(1)
                .stdout_eq("")
                .stderr_eq(format!("Error: gpg failed with {status}\n"));
        }
    }
}

/// What the listing writes when it gets all of `input`, one item for each write. A datagram socket
/// keeps writes apart, while a pipe may join them.
fn writes(binary: &str, input: &str) -> Vec<String> {
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    let mut child = command(binary)
        .stdin(Stdio::piped())
        .stdout(OwnedFd::from(theirs))
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    // A few lines may queue before the child has to wait for us.
    ours.set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let mut buffer = [0; 1024];
    let mut writes = Vec::new();
    wait_until(
        || {
            let ended = child.try_wait().unwrap().is_some();
            let mut received = 0;
            while let Ok(length) = ours.recv(&mut buffer) {
                writes.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
                received += 1;
            }
            ended && received == 0
        },
        || format!("the end of {binary}"),
    );
    assert!(child.wait().unwrap().success());
    writes
}

#[test]
fn listing_13_11_echoes_until_quit_and_writes_echo_and_question_at_once() {
    assert_eq!(
        writes(LISTING_13_11, "one\n\nquitter\nquit\nmore\n"),
        [
            "Enter text to echo: ",
            "one\nEnter text to echo: ",
            "\nEnter text to echo: ",
            "quitter\nEnter text to echo: ",
            "quit\n"
        ]
    );
    listing(LISTING_13_11)
        .stdin(Data::text("one\n"))
        .assert()
        .code(1)
        .stderr_eq("Error: the input has ended\n");
}

#[test]
fn listing_13_13_echoes_each_text_up_to_nine_times_each_line_by_itself() {
    let texts = ["one", "two", "quit"];
    let start = Instant::now();
    let writes = writes(LISTING_13_13, "one\ntwo\nquit\nmore\n");
    let echoes = writes.iter().filter(|write| write.ends_with('\n')).count();
    let pauses = Duration::from_millis(500) * u32::try_from(echoes).unwrap();
    let took = start.elapsed();
    assert!(
        (pauses..pauses + Duration::from_secs(10)).contains(&took),
        "{echoes} in {took:?}"
    );
    for write in &writes {
        let text = write.strip_suffix('\n');
        assert!(
            text.map_or(write == ENTER_TEXT, |text| texts.contains(&text)),
            "{write:?}"
        );
    }
    is_random_echo(&writes.concat(), &texts);
}

/// Sixty children with two texts each. That none of them comes to the lowest or the highest two numbers
/// happens less than once in a hundred thousand runs.
#[test]
fn listing_13_13_echoes_from_not_at_all_to_nine_times() {
    let mut children = Vec::new();
    for _ in 0..60 {
        let mut child = command(LISTING_13_13);
        let child = child.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = child.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"text\nquit\n").unwrap();
        children.push(child);
    }
    let echoes = children.into_iter().map(|child| {
        let lines = lines(&child.wait_with_output().unwrap().stdout);
        ["text", "quit"].map(|text| lines.iter().filter(|it| it.ends_with(text)).count())
    });
    let echoes: Vec<_> = echoes.collect();
    // Each text has a number of its own.
    assert!(echoes.iter().any(|[a, b]| a != b), "{echoes:?}");
    let echoes = echoes.concat();
    assert!(echoes.iter().all(|echoes| *echoes <= 9), "{echoes:?}");
    assert!(echoes.iter().any(|echoes| *echoes <= 1), "{echoes:?}");
    assert!(echoes.iter().any(|echoes| *echoes >= 8), "{echoes:?}");
}

/// A child that keeps each text, and echoes it twice, line by line. A question at the start of a line
/// is no question.
const ECHO_TWICE: &str = r#"text=
until [ "$text" = quit ]; do
    printf 'Enter text to echo: '
    read -r text || exit 1
    echo "$text" >> "$0.texts"
    for i in 1 2; do sleep 0.3; echo "Enter text to echo: $text"; done
done"#;

#[test]
fn listing_13_12_out_of_turn_sends_texts_unasked() {
    let name = "listing_13_13_random_echo";
    let (folder, binary) = with_child(LISTING_13_12_OUT_OF_TURN, name, ECHO_TWICE);
    let output = listing(binary).assert().success().stderr_eq("");
    let printed = stdout(&output);
    assert_eq!(
        printed[..3],
        [
            r#""Enter text to echo: ""#,
            r#""Enter text to echo: one\n""#,
            r#"Sending "two\n" unasked."#
        ]
    );
    let texts = fs::read_to_string(folder.path().join(format!("{name}.texts")));
    assert_eq!(texts.unwrap(), "one\ntwo\nthree\nfour\nquit\n");
}

/// Unlike 13.13, this child can detect a byte that comes before its question. It prints its
/// question in two parts, and once in the middle of an echo.
#[cfg(target_os = "linux")]
const FAILS_WHEN_UNASKED: &str = r#"unasked() { timeout 0.3 head -c 1 | grep -q . && echo unasked >&2; }
text=
until [ "$text" = quit ]; do
    unasked && exit 9
    printf 'Enter text '
    unasked && exit 9
    printf 'to echo: '
    read -r text || exit 1
    echo "$text: Enter text to echo: again"
done"#;

#[cfg(target_os = "linux")]
#[test]
fn listing_13_14_sends_each_text_when_it_is_asked_for() {
    let name = "listing_13_13_random_echo";
    let (_folder, binary) = with_child(LISTING_13_14, name, FAILS_WHEN_UNASKED);
    let output = listing(binary).assert().success().stderr_eq("");
    let mut expected = String::new();
    for text in ["one", "two", "three", "four", "quit"] {
        expected += &format!("Enter text to echo: {text}: Enter text to echo: again\n");
    }
    assert_eq!(super::joined(&stdout(&output)), expected);
}

#[test]
fn listing_13_14_fails_when_its_child_ends_early() {
    let name = "listing_13_13_random_echo";
    let early = "printf 'Enter text to echo: '; read -r text; exit 1";
    let (_folder, binary) = with_child(LISTING_13_14, name, early);
    listing(binary)
        .assert()
        .code(1)
        .stdout_eq("\"Enter text to echo: \"\n")
        .stderr_eq("Error: the child never asked for \"two\\n\"\n");
}

/// The processes whose environment has `mark`, so the descendants of a process started with it.
#[cfg(target_os = "linux")]
fn marked(mark: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|process| {
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|variable| variable == mark.as_bytes())
        })
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}

/// Starts `binary` with `mark` in its environment, and with `path`.
#[cfg(target_os = "linux")]
fn start_marked(binary: &str, args: &[&str], mark: &str, path: &str) -> Server {
    let (name, value) = mark.split_once('=').unwrap();
    let mut command = command(binary);
    command.args(args).env(name, value).env("PATH", path);
    Server::run(command)
}

#[cfg(target_os = "linux")]
fn wait_for_marked(binary: &str, mark: &str, done: impl Fn(usize) -> bool) {
    wait_until(
        || done(marked(mark).len()),
        || format!("the children of {binary}, not {:?}", marked(mark)),
    );
}

/// Here Ctrl-C reaches only the listing. Its children would run for a minute.
#[cfg(target_os = "linux")]
#[test]
fn encrypting_takes_its_children_with_it_after_ctrl_c_or_kill() {
    let (_folder, path) = with_program("gpg", "exec sleep 60");
    for (binary, children) in [
        (LISTING_13_07, 100),
        (LISTING_13_08, available_parallelism().unwrap().get()),
    ] {
        for (terminate, code) in [(false, 130), (true, 143)] {
            let mark = format!("CH13_TEST={}-{children}-{code}", std::process::id());
            let mut program = start_marked(binary, &[], &mark, &path);
            wait_for_marked(binary, &mark, |marked| marked > children);
            if terminate {
                program.terminate();
            } else {
                program.interrupt();
            }
            assert_eq!(program.wait().code(), Some(code), "{binary}");
            assert_eq!((program.stdout(), program.stderr()), Default::default());
            wait_for_marked(binary, &mark, |marked| marked == 0);
        }
    }
}

/// A terminal sends Ctrl-C to a group of processes, so children hear it too.
#[cfg(target_os = "linux")]
#[test]
fn a_child_is_in_the_group_of_its_parent() {
    use rustix::process::{Pid, getpgid};

    let program = util_testing::Running::start(&mut command(LISTING_13_02));
    let is_sleep = |pid: &i32| {
        let name = fs::read_to_string(format!("/proc/{pid}/comm"));
        name.is_ok_and(|name| name == "sleep\n")
    };
    let child = || program.children().into_iter().find(is_sleep);
    wait_until(|| child().is_some(), || "sleep".to_owned());
    let group = |pid| getpgid(Pid::from_raw(pid)).unwrap();
    let parent = i32::try_from(program.id()).unwrap();
    assert_eq!(child().map(group), Some(group(parent)));
}

/// The children of the other listings notice that their parent is gone, or end by themselves within
/// seconds.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_behind_after_kill() {
    for (number, (binary, has_child)) in [
        (LISTING_13_02, "Process pid is: "),
        (LISTING_13_02_KILL, "Process pid is: "),
        (LISTING_13_05, "Process pid is: "),
        (LISTING_13_12_OUT_OF_TURN, ENTER_TEXT),
        (LISTING_13_14, ENTER_TEXT),
    ]
    .into_iter()
    .enumerate()
    {
        let mark = format!("CH13_TEST={}-kill-{number}", std::process::id());
        let path = std::env::var("PATH").unwrap();
        let mut program = start_marked(binary, &[], &mark, &path);
        program.wait_for(has_child);
        program.terminate();
        program.wait();
        wait_for_marked(binary, &mark, |marked| marked == 0);
    }
}

/// A child that prints nothing more, but does not end.
#[cfg(target_os = "linux")]
#[test]
fn listing_13_14_takes_its_child_with_it_when_it_fails() {
    let silent = "exec >&-; exec sleep 50";
    let (_folder, binary) = with_child(LISTING_13_14, "listing_13_13_random_echo", silent);
    let mark = format!("CH13_TEST={}-silent", std::process::id());
    let path = std::env::var("PATH").unwrap();
    let mut program = start_marked(binary.to_str().unwrap(), &[], &mark, &path);
    assert_eq!(program.wait().code(), Some(1));
    let error = "Error: the child never asked for \"one\\n\"\n";
    assert_eq!(program.stderr(), error);
    wait_for_marked(LISTING_13_14, &mark, |marked| marked == 0);
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_behind_after_the_end() {
    let (_folder, failing_gpg) = with_program("gpg", "exit 1");
    for (number, (binary, code)) in [
        (LISTING_13_01, 0),
        (LISTING_13_01_SHELL, 0),
        (LISTING_13_02, 0),
        (LISTING_13_02_KILL, 0),
        (LISTING_13_05, 1),
        (LISTING_13_07, 1),
        (LISTING_13_08, 1),
        (LISTING_13_12, 0),
    ]
    .into_iter()
    .enumerate()
    {
        let mark = format!("CH13_TEST={}-end-{number}", std::process::id());
        let (name, value) = mark.split_once('=').unwrap();
        listing(binary)
            .env(name, value)
            .env("PATH", &failing_gpg)
            .assert()
            .code(code);
        // A killed process may take a moment to end.
        wait_for_marked(binary, &mark, |marked| marked == 0);
    }
}
