//! Runs the built xtask-measure in small workspaces of its own, as a reader would in the real one.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "../../tests/demo/mod.rs"]
mod demo;

use std::fs;
use std::path::Path;

use snapbox::cmd::{Command, OutputAssert};

use demo::{comparison, error, shared, stdout, write_workspace};
use serde_json::Value;
use tempfile::TempDir;

const ONE: &str = "listing_1_01_one_by_one";
const TWO: &str = "listing_1_01_together";

fn xtask(folder: &Path) -> Command {
    let command = demo::command(env!("CARGO_BIN_EXE_xtask-measure"), folder);
    // No program that is measured may see it.
    command.env("RUST_BACKTRACE", "1").env("COLUMNS", "80")
}

fn measured(folder: &Path, args: &[&str]) -> Value {
    let output = xtask(folder).args(args).arg("--json").assert().success();
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// Succeeds, with no line wider than 80 characters.
fn answer(command: Command) -> String {
    let text = stdout(&command.assert().success());
    let wide = text.lines().skip(1).find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "{text}");
    text
}

#[test]
fn bench_answers_with_a_line_for_each_program() {
    let text = answer(xtask(shared()).args(["bench", "--quick", "two sleeps"]));
    // Where a busy machine starts programs slowly, the rows say so, and need more room.
    let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap();
    assert!(
        text.contains("\ntwo sleeps") && line(" 1.1  ").contains(" ms"),
        "{text}"
    );
    assert!(line(" 1.1 (together)  ").contains(" ms"), "{text}");
    assert!(text.contains("2 possible"), "{text}");
    assert!(text.contains("rustc 1."), "{text}");
    assert!(text.contains("fewer than six rounds"), "{text}");
    let text = answer(xtask(shared()).args(["bench", "two sleeps", "--runs", "6", "--details"]));
    assert!(text.contains("(95 % interval of 6 rounds)"), "{text}");
    assert!(
        text.contains(" cores busy") && text.contains("the book: 3.00 s"),
        "{text}"
    );
}

#[test]
fn bench_has_every_run_in_its_json() {
    let report = measured(shared(), &["bench", "two sleeps"]);
    assert_eq!(report["schema"], 4);
    assert!(report["machine"]["memory_floor"].as_u64().unwrap() < 16_000_000);
    let start_up = report["machine"]["start_up"].as_f64().unwrap();
    assert!(start_up > 0.0 && start_up < 10.0, "{start_up}");
    let [baseline, contender] = [0, 1].map(|at| &report["comparisons"][0]["programs"][at]);
    let roles = (&baseline["role"], &contender["role"]);
    assert_eq!(roles, (&"baseline".into(), &"contender".into()));
    assert_eq!(contender["book"], 3.0);
    for (program, least) in [(baseline, 0.2), (contender, 0.1)] {
        let runs = program["runs"].as_array().unwrap();
        assert!(runs.len() >= 6, "{runs:?}");
        for run in runs {
            assert!(run["wall"].as_f64().unwrap() >= least);
            let memory = run["peak_memory"].as_u64().unwrap();
            // A program that only sleeps; more would be the memory of whoever started it.
            assert!((500_000..16_000_000).contains(&memory), "{memory} bytes");
        }
    }
}

#[test]
fn what_is_not_installed_is_a_line_for_each_cause() {
    let output = xtask(shared()).args(["bench", "needy"]);
    let text = answer(output);
    assert!(
        text.contains("! no-such-program is not installed: without needy\n"),
        "{text}"
    );

    // The wanted interpreter is that of the peers too.
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write_workspace(
        root,
        &comparison("a", ONE, TWO, "peers = [\"peer.py\", \"other.py\"]"),
    );
    fs::create_dir_all(root.join("xtask/peers")).unwrap();
    fs::write(root.join("xtask/peers/peer.py"), "print('slept\\nslept')\n").unwrap();
    fs::write(
        root.join("xtask/peers/other.py"),
        "print('slept\\nslept')\n",
    )
    .unwrap();
    let bench = ["bench", "a", "--runs", "1", "--python", "/no/such/python"];
    let report = measured(root, &bench);
    assert_eq!(
        report["comparisons"][0]["programs"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let without = &report["left_out"]["/no/such/python does not run"];
    assert_eq!(without.to_string(), "[\"peer.py\",\"other.py\"]");
}

/// A checkout of a book with this program.
fn book(program: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, source) in [
        ("chapter_01/listing_1_1.py", program),
        ("util/__init__.py", "pause = 0.3\n"),
    ] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, source).unwrap();
    }
    folder
}

#[test]
fn bench_runs_the_books_programs_beside_ours() {
    if std::process::Command::new("python3")
        .arg("--version")
        .output()
        .is_err()
    {
        util_testing::skipped("python3 is not installed");
        return;
    }
    let bench = |source: &str| {
        let folder = book(source);
        let book = folder.path().to_str().unwrap();
        measured(
            shared(),
            &[
                "bench",
                "beside",
                "--runs=2",
                "--python=python3",
                "--book",
                book,
            ],
        )
    };
    let sleeps = "import time\nfrom util import pause\ntime.sleep(pause)\nprint('slept')\n";
    let report = bench(sleeps);
    let programs = report["comparisons"][0]["programs"].as_array().unwrap();
    // Two listings have this number, and the book's program is run once.
    assert_eq!(programs.len(), 3);
    let python = &programs[2];
    assert_eq!(python["role"], "book");
    assert_eq!(python["program"], "chapter_01/listing_1_1.py");
    assert_eq!(python["beside"], serde_json::json!([ONE, TWO]));
    let runs = python["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    assert!(runs.iter().all(|run| run["wall"].as_f64().unwrap() > 0.3));

    for (source, reason) in [
        (
            "import no_such_package\n",
            "no no_such_package (python3 -m pip install no_such_package)",
        ),
        // It ends with 0, but one of its threads has failed.
        (
            "import threading\n\
             def fail():\n    raise ConnectionError('no network')\n\
             thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\n",
            "ConnectionError: no network",
        ),
    ] {
        let left_out = bench(source)["left_out"].clone();
        assert_eq!(
            left_out[reason][0], "chapter_01/listing_1_1.py",
            "{left_out}"
        );
    }
    let absent = xtask(shared()).args(["bench", "beside", "--book", "/no/such/book"]);
    assert!(error(&absent.assert().code(1)).contains("No such file or directory"));
}

#[test]
fn scale_measures_curves_and_servers() {
    let report = measured(shared(), &["scale", "--quick"]);
    let curves = report["curves"].as_array().unwrap();
    let named = |name: &str| curves.iter().find(|it| it["name"] == name).unwrap();
    let series = &named("arguments")["series"];
    let counts = |index: usize| {
        let points = series[index]["points"].as_array().unwrap().iter();
        points
            .map(|it| it["count"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    // --quick leaves the largest out, and `most` the larger one for the second program.
    assert_eq!(counts(0), [1, 10, 100]);
    assert_eq!(counts(1), [1, 10]);
    let servers = named("serving, an answer for each client");
    let point = &servers["series"][0]["points"][1];
    assert_eq!(point["count"], 3);
    assert!(point["runs"][0]["wall"].as_f64().unwrap() > 0.0);

    let text = answer(xtask(shared()).args(["scale", "arguments", "--quick"]));
    assert!(text.contains("arguments, arguments\n"), "{text}");
    assert!(text.contains("\n1.2 0  "), "{text}");
    // A chapter and a listing's number choose as they do for `bench`.
    let text = answer(xtask(shared()).args(["scale", "1.6", "--quick"]));
    assert!(
        text.contains("\n1.6  ") && !text.contains("arguments"),
        "{text}"
    );
    let output = xtask(shared()).args(["scale", "nothing"]).assert().code(1);
    let message = "error: nothing is chosen by 'nothing'; there are serving, arguments";
    assert_eq!(error(&output), message);
}

#[test]
fn bench_puts_servers_under_load() {
    let text = answer(xtask(shared()).args(["bench", "--quick", "1.6"]));
    for clients in ["1 client ", "4 clients"] {
        let start = format!("serving, {clients}  1.6  ");
        let row = text.lines().find(|line| line.starts_with(&start));
        assert!(row.is_some_and(|row| row.contains("/s")), "{text}");
    }
}

#[test]
fn timeline_draws_what_was_recorded() {
    let text = answer(
        xtask(shared())
            .args(["timeline", "1.7"])
            .env("COLUMNS", "60"),
    );
    assert_eq!(
        text,
        "recording\n\
         delay(seconds=1) ▌─────────────────▌██      100 ms of 1.00 s\n                 \
         ╵0  ╵200 ms ╵600 ms  ╵1.00 s\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("a.svg");
    // A listing that fails still has a timeline, and its exit code is passed on.
    let drawn = xtask(shared())
        .args(["timeline", "--svg"])
        .arg(&svg)
        .args(["recorded", "3"]);
    drawn.assert().code(3).stdout_eq("recording\n");
    let svg = fs::read_to_string(svg).unwrap();
    assert!(
        svg.contains("Listing 1.7: A program that records what it does"),
        "{svg}"
    );
    for (wanted, expected) in [
        ("1.1", "recorded nothing: none of its functions has a span"),
        ("shared", "shared is library code and does nothing alone"),
        ("1.99", "there is no listing '1.99'"),
    ] {
        let output = xtask(shared()).args(["timeline", wanted]).assert().code(1);
        assert!(error(&output).contains(expected), "{}", error(&output));
    }
}

#[test]
fn figures_are_drawn_where_the_manifest_says() {
    let root = tempfile::tempdir().unwrap();
    let figure = |run: &str| {
        format!(
            "\n[[package.metadata.figure]]\nfile = \"figures/one.svg\"\n\
             title = \"One & only\"\nrun = \"{run}\"\n"
        )
    };
    write_workspace(root.path(), &figure("listing_1_07_recorded 0"));
    xtask(root.path()).args(["figures", "1"]).assert().success();
    let file = root.path().join("ch01-demo/figures/one.svg");
    let svg = fs::read_to_string(file).unwrap();
    assert!(svg.contains("One &amp; only") && svg.contains("delay(seconds=1)"));
    write_workspace(root.path(), &figure("listing_1_07_recorded 3"));
    let output = xtask(root.path()).arg("figures").assert().code(1);
    let message = "error: listing_1_07_recorded 3 failed with exit code 3";
    assert_eq!(error(&output), message);
}

#[test]
fn bench_stops_at_a_program_that_fails_or_lies() {
    for (name, expected) in [
        (
            "failing",
            "error: listing_1_03_fails failed with exit status: 3; \
             its stderr: the disk is on fire",
        ),
        (
            "lying",
            "error: listing_1_04_lies did not print 'slept'; it printed: dreamt | slept",
        ),
    ] {
        let output = xtask(shared()).args(["bench", name]).assert().code(1);
        assert_eq!(error(&output), expected);
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn bench_refuses_a_site_that_is_not_there() {
    for (url, reason) in [
        ("nonsense", "is not a URL"),
        ("http://127.0.0.1:1/", "cannot be reached"),
    ] {
        let bench = xtask(shared())
            .env("EXAMPLE_URL", url)
            .args(["bench", "two sleeps"]);
        let message = error(&bench.assert().code(1));
        let start = format!("error: EXAMPLE_URL '{url}' {reason}: ");
        assert!(
            message.starts_with(&start) && message.lines().count() == 1,
            "{message}"
        );
    }
}

/// Whether a process handles SIGINT: the second bit of the signals that it catches.
#[cfg(target_os = "linux")]
fn catches_interrupts(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = caught.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
    caught.is_none_or(|caught| caught & 0b10 != 0)
}

#[cfg(target_os = "linux")]
#[test]
fn bench_prints_what_it_has_and_leaves_no_child_when_it_is_interrupted() {
    let root = tempfile::tempdir().unwrap();
    // A time that no other program sleeps.
    let source = "//! Listing 1.5: A program that hangs.\nfn main() {\n    \
                  std::process::Command::new(\"sleep\").arg(\"598.76\").status().unwrap();\n}\n";
    let hangs = "listing_1_05_hangs";
    write_workspace(root.path(), &comparison("hanging", hangs, TWO, ""));
    fs::write(
        root.path().join(format!("ch01-demo/src/bin/{hangs}.rs")),
        source,
    )
    .unwrap();
    let sleeps = || {
        let processes = std::process::Command::new("ps")
            .args(["-eo", "args"])
            .output()
            .unwrap();
        String::from_utf8_lossy(&processes.stdout).contains("sleep 598.76")
    };
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_xtask-measure"))
        .current_dir(root.path())
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_NET_OFFLINE", "true")
        .args(["bench", "hanging"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    util_testing::wait_until(
        || catches_interrupts(child.id()) && sleeps(),
        || "the hanging program".to_owned(),
    );
    let kill = format!("kill -INT {}", child.id());
    std::process::Command::new("sh")
        .args(["-c", &kill])
        .status()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("interrupted: what was complete is above"),
        "{stderr}"
    );
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("rustc 1.")
    );
    assert!(!sleeps());
}

#[test]
fn bench_names_the_mistake_in_a_manifest() {
    for (comparisons, expected) in [
        (
            comparison("a", ONE, "listing_1_09", ""),
            "bench 'a': there is no binary 'listing_1_09' in ch01-demo",
        ),
        (
            comparison("a", ONE, TWO, "colour = 1"),
            "bench 'a': unknown field `colour`, expected one of [..]",
        ),
        (
            comparison("a", ONE, TWO, "book = [1.0, 2.0, 3.0]"),
            "bench 'a': its book has more times than it has programs",
        ),
        (
            "[[package.metadata.bench]]\nname = \"a\"\n".to_owned(),
            "bench 'a': missing field `baseline`",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write_workspace(folder.path(), &comparisons);
        let output = xtask(folder.path())
            .arg("bench")
            .assert()
            .code(1)
            .stdout_eq("");
        output.stderr_eq(format!("error: the manifest of ch01-demo: {expected}\n"));
    }
}

#[test]
fn a_site_of_the_readers_own_is_asked_for_nothing_else() {
    // Its latency is its own: no query is added to its URL.
    let root = tempfile::tempdir().unwrap();
    write_workspace(root.path(), &comparison("a", ONE, TWO, "latency_ms = 50"));
    let source = "//! Listing 1.1 (together): Together.\n\
                  fn main() {\n    assert!(!std::env::var(\"EXAMPLE_URL\").unwrap().contains('?'));\n    \
                  println!(\"slept\\nslept\");\n}\n";
    fs::write(
        root.path().join(format!("ch01-demo/src/bin/{TWO}.rs")),
        source,
    )
    .unwrap();
    let site = util_testing::Site::answering(|_| true);
    let bench = xtask(root.path()).env("EXAMPLE_URL", site.url());
    let output = bench.args(["bench", "a", "--runs", "1", "--json"]).assert();
    let report: Value = serde_json::from_str(&stdout(&output.success())).unwrap();
    assert_eq!(report["site"], site.url());
}

/// What a command printed on stderr.
fn stderr(output: &OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stderr).into_owned()
}

#[test]
fn results_write_the_report_and_the_pages_and_measure_parts_again() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let curve = "\n[[package.metadata.scale]]\nname = \"growth\"\naxis = \"arguments\"\n\
                 programs = [\"listing_1_02_arguments {} 0\"]\nsteps = [1, 10]\n";
    let lesson = "lesson = \"Together is faster.\"";
    let tables = [
        comparison("two sleeps", ONE, TWO, lesson),
        comparison("again", ONE, TWO, ""),
        curve.to_owned(),
    ];
    write_workspace(root, &tables.concat());
    fs::create_dir_all(root.join("xtask/figures")).unwrap();
    let part = |name: &str| format!("first\n<!-- {name}: -->\nold\n<!-- end of {name} -->\nlast\n");
    fs::write(root.join("RESULTS.md"), part("results")).unwrap();
    fs::write(root.join("README.md"), part("numbers")).unwrap();
    let chapter = part("listings") + &part("comparisons");
    fs::write(root.join("ch01-demo/README.md"), chapter).unwrap();
    let output = xtask(root).args(["results", "--quick"]).assert().success();
    for page in [
        "xtask/results.json",
        "RESULTS.md",
        "xtask/figures/growth.svg",
    ] {
        assert!(
            stderr(&output).contains(&format!("{page}\n")),
            "{}",
            stderr(&output)
        );
    }
    let text = fs::read_to_string(root.join("RESULTS.md")).unwrap();
    assert!(
        text.starts_with("first\n<!-- results: -->\nMeasured on "),
        "{text}"
    );
    assert!(text.ends_with("<!-- end of results -->\nlast\n") && !text.contains("old"));
    assert!(
        text.contains("**two sleeps**: Together is faster.\n"),
        "{text}"
    );
    let chapter = fs::read_to_string(root.join("ch01-demo/README.md")).unwrap();
    assert!(chapter.contains("| two sleeps | 1.1 | "), "{chapter}");

    // A part that is measured again takes the place of what the report had; the rest stays.
    let path = root.join("xtask/results.json");
    let read = || -> Value { serde_json::from_slice(&fs::read(&path).unwrap()).unwrap() };
    let mut old = read();
    for index in [0, 1] {
        old["comparisons"][index]["lesson"] = "Old.".into();
    }
    fs::write(&path, old.to_string()).unwrap();
    xtask(root)
        .args(["results", "--quick", "again"])
        .assert()
        .success();
    let new = read();
    let lessons = [0, 1].map(|index| new["comparisons"][index]["lesson"].clone());
    assert_eq!(lessons, ["Old.".into(), Value::Null]);
    assert_eq!(new["curves"], old["curves"]);
    old["machine"]["processor"] = "another".into();
    fs::write(&path, old.to_string()).unwrap();
    let output = xtask(root)
        .args(["results", "--quick", "again"])
        .assert()
        .code(1);
    assert!(
        error(&output).contains("is from another machine"),
        "{}",
        error(&output)
    );
    assert_eq!(read(), old);
}
