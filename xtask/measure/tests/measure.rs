//! Runs the built xtask-measure in small workspaces of its own, as a reader would in the real one.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "../../tests/demo/mod.rs"]
mod demo;

use std::fs;
use std::path::Path;

use snapbox::cmd::{Command, OutputAssert};

use demo::{comparison, error, shared, stdout, write_workspace};
use serde_json::Value;

const ONE: &str = "listing_1_01_one_by_one";
const TWO: &str = "listing_1_01_together";

/// The book's program of the same number.
const BOOK: &str = "chapter_01/listing_1_1.py";

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
    let bench = xtask(shared()).args(["bench", "--quick", "two sleeps"]);
    // Flags of the reader's own, such as none.
    let output = bench.env("CARGO_ENCODED_RUSTFLAGS", "").assert().success();
    let text = stdout(&output);
    assert!(stderr(&output).contains("CARGO_ENCODED_RUSTFLAGS is set: without"));
    let start = "\n\ntwo sleeps\n  1.1  ";
    for part in ["rustc 1.", start, ", 2 possible", "fewer than six rounds"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let text = answer(xtask(shared()).args(["bench", "two sleeps", "--runs", "6", "--details"]));
    for part in ["% interval of 6 rounds)", " cores busy", "the book: 3.00 s"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn bench_has_every_run_in_its_json() {
    let report = measured(shared(), &["bench", "two sleeps"]);
    assert_eq!(report["schema"], 4);
    let start_up = report["machine"]["start_up"].as_f64().unwrap();
    assert!(start_up > 0.0 && start_up < 10.0, "{start_up}");
    for (index, role, least) in [(0, "baseline", 0.2), (1, "contender", 0.1)] {
        let program = &report["comparisons"][0]["programs"][index];
        assert_eq!(program["role"], role);
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
    let text = answer(xtask(shared()).args(["bench", "needy"]));
    let line = "! no-such-program is not installed: without needy\n";
    assert!(text.contains(line), "{text}");

    // The wanted interpreter is that of the peers too.
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let peers = "peers = [\"peer.py\", \"other.py\"]";
    write_workspace(root, &comparison("a", ONE, TWO, peers));
    fs::create_dir_all(root.join("xtask/peers")).unwrap();
    for peer in ["peer.py", "other.py"] {
        fs::write(root.join("xtask/peers").join(peer), "").unwrap();
    }
    let bench = ["bench", "a", "--runs", "1", "--python", "/no/such/python"];
    let report = measured(root, &bench);
    let programs = report["comparisons"][0]["programs"].as_array().unwrap();
    assert_eq!(programs.len(), 2);
    let without = &report["left_out"]["/no/such/python does not run"];
    assert_eq!(without.to_string(), "[\"peer.py\",\"other.py\"]");
}

#[test]
fn bench_runs_the_books_programs_beside_ours() {
    let python = std::process::Command::new("python3")
        .arg("--version")
        .output();
    if python.is_err() {
        util_testing::skipped("python3 is not installed");
        return;
    }
    let bench = |source: &str| {
        let book = tempfile::tempdir().unwrap();
        for (folder, file, text) in [
            ("chapter_01", "listing_1_1.py", source),
            ("util", "__init__.py", "pause = 0.3\n"),
        ] {
            fs::create_dir(book.path().join(folder)).unwrap();
            fs::write(book.path().join(folder).join(file), text).unwrap();
        }
        let path = book.path().to_str().unwrap();
        measured(
            shared(),
            &[
                "bench",
                "beside",
                "--runs=2",
                "--python=python3",
                "--book",
                path,
            ],
        )
    };
    let report = bench("import time\nfrom util import pause\ntime.sleep(pause)\n");
    let programs = report["comparisons"][0]["programs"].as_array().unwrap();
    // Two listings have this number, and the book's program is run once.
    assert_eq!(programs.len(), 3);
    let python = &programs[2];
    assert_eq!(python["program"], BOOK);
    assert_eq!(python["beside"], serde_json::json!([ONE, TWO]));
    let runs = python["runs"].as_array().unwrap();
    assert!(runs.len() == 2 && runs.iter().all(|run| run["wall"].as_f64().unwrap() > 0.3));

    let missing = "no no_such_package (python3 -m pip install no_such_package)";
    // It ends with 0, but one of its threads has failed.
    let thread = "import threading\ndef fail():\n    raise ConnectionError('no network')\n\
                  thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\n";
    for (source, reason) in [
        ("import no_such_package\n", missing),
        (thread, "ConnectionError: no network"),
    ] {
        let left_out = bench(source)["left_out"].clone();
        assert_eq!(left_out[reason][0], BOOK, "{left_out}");
    }
}

#[test]
fn scale_measures_curves_and_servers() {
    let report = measured(shared(), &["scale", "--quick"]);
    let curves = report["curves"].as_array().unwrap();
    let counts = |name: &str, series: usize| {
        let curve = curves.iter().find(|it| it["name"] == name).unwrap();
        let points = curve["series"][series]["points"].as_array().unwrap();
        let counts = points.iter().map(|it| it["count"].as_u64().unwrap());
        counts.collect::<Vec<_>>()
    };
    // --quick leaves the largest out, and `most` the larger one for the second program.
    assert_eq!(counts("arguments", 0), [1, 10, 100]);
    assert_eq!(counts("arguments", 1), [1, 10]);
    assert_eq!(counts("serving, an answer for each client", 0), [1, 3]);

    // A chapter and a listing's number choose as they do for `bench`.
    let text = answer(xtask(shared()).args(["scale", "1.6", "--quick"]));
    assert!(
        text.contains("\n1.6  ") && !text.contains("arguments"),
        "{text}"
    );
    let output = xtask(shared()).args(["scale", "nothing"]).assert().code(1);
    assert!(
        error(&output).starts_with("error: nothing is chosen by 'nothing'; there are serving,")
    );
}

#[test]
fn bench_puts_servers_under_load() {
    let text = answer(xtask(shared()).args(["bench", "--quick", "1.6"]));
    for clients in ["serving, 1 client\n  1.6  ", "serving, 4 clients\n  1.6  "] {
        assert!(text.contains(clients), "{text}");
    }
}

#[test]
fn timeline_draws_what_was_recorded() {
    let text = answer(
        xtask(shared())
            .args(["timeline", "1.7"])
            .env("COLUMNS", "60"),
    );
    let bar = "delay(seconds=1) ▌─────────────────▌██      100 ms of 1.00 s";
    let axis = format!("{:16} 0{:>20}", "", "1.00 s");
    assert_eq!(text, format!("recording\n{bar}\n{axis}\n"));
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("a.svg");
    // A listing that fails still has a timeline, and its exit code is passed on.
    let drawn = xtask(shared())
        .args(["timeline", "--svg"])
        .arg(&svg)
        .args(["recorded", "3"]);
    drawn.assert().code(3).stdout_eq("recording\n");
    let svg = fs::read_to_string(svg).unwrap();
    assert!(svg.contains("Listing 1.7: A program that records"), "{svg}");
    let nothing = xtask(shared()).args(["timeline", "1.1"]).assert().code(1);
    assert!(error(&nothing).contains("recorded nothing: none of its functions has a span"));
}

#[test]
fn figures_are_drawn_where_the_manifest_says() {
    let root = tempfile::tempdir().unwrap();
    let figure = "\n[[package.metadata.figure]]\nfile = \"figures/one.svg\"\n\
                  title = \"One & only\"\nrun = \"listing_1_07_recorded 0\"\n";
    write_workspace(root.path(), figure);
    xtask(root.path()).args(["figures", "1"]).assert().success();
    let file = root.path().join("ch01-demo/figures/one.svg");
    let svg = fs::read_to_string(file).unwrap();
    assert!(svg.contains("One &amp; only") && svg.contains("delay(seconds=1)"));
}

#[test]
fn bench_stops_at_a_program_that_fails_or_lies() {
    let fails = "listing_1_03_fails failed with exit status: 3; its stderr: the disk is on fire";
    let lies = "listing_1_04_lies did not print 'slept'; it printed: dreamt | slept";
    for (name, expected) in [("failing", fails), ("lying", lies)] {
        let output = xtask(shared()).args(["bench", name]).assert().code(1);
        assert_eq!(error(&output), format!("error: {expected}"));
        assert_eq!(stdout(&output), "");
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
    let unknown = "there is no binary 'listing_1_09' in ch01-demo";
    let book = "its book has more times than it has programs";
    for (contender, rest, expected) in [
        ("listing_1_09", "", unknown),
        (
            TWO,
            "colour = 1",
            "unknown field `colour`, expected one of [..]",
        ),
        (TWO, "book = [1.0, 2.0, 3.0]", book),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write_workspace(folder.path(), &comparison("a", ONE, contender, rest));
        let output = xtask(folder.path()).arg("bench").assert().code(1);
        let expected = format!("error: the manifest of ch01-demo: bench 'a': {expected}\n");
        output.stdout_eq("").stderr_eq(expected);
    }
}

#[test]
fn a_site_of_the_readers_own_is_asked_for_nothing_else() {
    // Its latency is its own: no query is added to its URL.
    let root = tempfile::tempdir().unwrap();
    write_workspace(root.path(), &comparison("a", ONE, TWO, "latency_ms = 50"));
    let source = "//! Listing 1.1 (together): Together.\nfn main() {\n    \
                  assert!(!std::env::var(\"EXAMPLE_URL\").unwrap().contains('?'));\n    \
                  println!(\"slept\\nslept\");\n}\n";
    let path = root.path().join(format!("ch01-demo/src/bin/{TWO}.rs"));
    fs::write(path, source).unwrap();
    let site = util_testing::Site::answering(|_| true);
    let bench = |url: &str| {
        let bench = xtask(root.path()).env("EXAMPLE_URL", url);
        bench.args(["bench", "a", "--runs", "1", "--json"]).assert()
    };
    let report = stdout(&bench(&site.url()).success());
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["site"], site.url());
    let message = error(&bench("http://127.0.0.1:1/").code(1));
    assert!(
        message.contains("'http://127.0.0.1:1/' cannot be reached: "),
        "{message}"
    );
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
    assert!(stderr(&output).contains("xtask/results.json\nREADME.md\nRESULTS.md\n"));
    let text = fs::read_to_string(root.join("RESULTS.md")).unwrap();
    for part in ["-->\nMeasured on ", "| two sleeps|1.1|", "**growth**\n"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }

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
    let again = xtask(root).args(["results", "--quick", "again"]).assert();
    assert!(error(&again.code(1)).contains("is from another machine"));
    assert_eq!(read(), old);
}
