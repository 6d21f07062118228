//! Runs the built xtask-measure in small workspaces of its own, as a reader would in the real one.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "../../tests/demo/mod.rs"]
mod demo;

use std::fs;
use std::path::Path;

use demo::{said, shared, workspace};
use snapbox::cmd::Command;
use xtask_report::Report;
use xtask_report::data::{Cost, Role};

const ONE: &str = "listing_1_01_one_by_one";
const TWO: &str = "listing_1_01_together";

fn xtask(folder: &Path, words: &str) -> Command {
    let command = demo::command(env!("CARGO_BIN_EXE_xtask-measure"), folder);
    // No program that is measured may see it.
    let command = command.env("RUST_BACKTRACE", "1").env("COLUMNS", "80");
    command.args(words.split(' '))
}

fn measured(folder: &Path, words: &str) -> Report {
    let output = xtask(folder, words).arg("--json").assert().success();
    serde_json::from_str(&said(&output)[0]).unwrap()
}

/// Succeeds, and says these things, in lines no wider than 80 characters.
fn assert_says(command: Command, parts: &[&str]) {
    let [text, _] = said(&command.assert().success());
    for part in parts {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let wide = text.lines().skip(1).find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "{text}");
}

/// A comparison of the listings that sleep, with these fields beside the necessary ones.
fn table(name: &str, fields: &str) -> String {
    format!(
        "[[package.metadata.bench]]\nname = \"{name}\"\nbaseline = \"{ONE}\"\n\
         contenders = [\"{TWO}\"]\nexpect = [\"slept\", \"slept\"]\n{fields}\n"
    )
}

#[test]
fn bench_answers_with_a_line_for_each_program() {
    let quick = xtask(shared(), "bench --quick two serving");
    let parts = [
        "rustc 1.",
        "\n\ntwo sleeps\n  1.1  ",
        ", 2 possible",
        "\nserving, 1 client\n  1.3  ",
        "\nserving, 4 clients\n  1.3  ",
    ];
    assert_says(quick, &parts);
}

#[test]
fn bench_warns_of_flags_of_the_readers_own() {
    // Such as none.
    let flags = xtask(shared(), "bench two --runs 1").env("CARGO_ENCODED_RUSTFLAGS", "");
    let [_, hint] = said(&flags.assert().success());
    assert!(
        hint.contains("CARGO_ENCODED_RUSTFLAGS is set: without"),
        "{hint}"
    );
}

#[test]
fn bench_shows_details() {
    let parts = [
        "% interval of 6 rounds)",
        " cores busy\n",
        "the book: 3.00 s",
    ];
    assert_says(xtask(shared(), "bench two --runs 6 --details"), &parts);
}

#[test]
fn bench_has_every_run_in_its_json() {
    let report = measured(shared(), "bench two");
    let start_up = report.machine.start_up.unwrap();
    assert!(start_up > 0.0 && start_up < 10.0, "{start_up}");
    let programs = &report.comparisons[0].programs;
    for (program, role, least) in [
        (&programs[0], Role::Baseline, 0.2),
        (&programs[1], Role::Contender, 0.1),
    ] {
        assert_eq!(program.role, role);
        assert!(program.runs.len() >= 6, "{program:?}");
        for run in &program.runs {
            assert!(run.wall >= least);
            // A program that only sleeps; more would be the memory of whoever started it.
            let memory = run.peak_memory.unwrap();
            assert!((500_000..16_000_000).contains(&memory), "{memory} bytes");
        }
    }
}

#[test]
fn what_is_not_installed_is_a_line_for_each_cause() {
    let line = "! no-such-program is not installed: without needy\n";
    assert_says(xtask(shared(), "bench needy"), &[line]);
    // The wanted interpreter is that of the peers too.
    let root = workspace(&table("a", "peers = [\"peer.py\", \"other.py\"]"));
    let peers = root.path().join("xtask/peers");
    fs::create_dir_all(&peers).unwrap();
    for peer in ["peer.py", "other.py"] {
        fs::write(peers.join(peer), "").unwrap();
    }
    let report = measured(root.path(), "bench a --runs 1 --python /no/such/python");
    assert_eq!(report.comparisons[0].programs.len(), 2);
    let without = &report.left_out["/no/such/python does not run"];
    assert_eq!(*without, ["peer.py", "other.py"]);
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
    let book = tempfile::tempdir().unwrap();
    for folder in ["chapter_01", "util"] {
        fs::create_dir(book.path().join(folder)).unwrap();
    }
    let bench = |source: &str| {
        fs::write(book.path().join("chapter_01/listing_1_1.py"), source).unwrap();
        fs::write(book.path().join("util/__init__.py"), "pause = 0.3\n").unwrap();
        let bench = "bench two --runs=2 --python=python3 --book=";
        measured(shared(), &format!("{bench}{}", book.path().display()))
    };
    let report = bench("import time\nfrom util import pause\ntime.sleep(pause)\n");
    let programs = &report.comparisons[0].programs;
    // Two listings have this number, and the book's program is run once.
    assert_eq!(programs.len(), 3);
    assert_eq!(programs[2].program, "chapter_01/listing_1_1.py");
    assert_eq!(programs[2].beside, [ONE, TWO]);
    let runs = &programs[2].runs;
    assert!(runs.len() == 2 && runs.iter().all(|run| run.wall > 0.3));
    // It ends with 0, but one of its threads has failed.
    let thread = "import threading\ndef fail():\n    raise ConnectionError('no network')\n\
                  thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\n";
    let missing = "no no_such_package (python3 -m pip install no_such_package)";
    for (source, reason) in [
        ("import no_such_package\n", missing),
        (thread, "ConnectionError: no network"),
    ] {
        let left_out = bench(source).left_out;
        assert!(left_out.contains_key(reason), "{left_out:?}");
    }
}

#[test]
fn scale_measures_curves_and_servers() {
    let report = measured(shared(), "scale --quick");
    let counts = |curve: usize, series: usize| {
        let points = &report.curves[curve].series[series].points;
        points.iter().map(|it| it.count).collect::<Vec<_>>()
    };
    assert_eq!(report.curves[0].name, "serving, an answer for each client");
    assert_eq!(counts(0, 0), [1, 3]);
    // Linux tells of a server while it runs.
    for point in &report.curves[0].series[0].points {
        let told = |run: &Cost| run.cpu > Some(0.0) && run.peak_memory > Some(500_000);
        let told = point.runs.iter().all(told);
        assert!(told || cfg!(not(target_os = "linux")), "{point:?}");
    }
    // --quick leaves the largest out, and `most` the larger one for the second program.
    assert_eq!(counts(1, 0), [1, 10, 100]);
    assert_eq!(counts(1, 1), [1, 10]);
    // A listing's number chooses as it does for `bench`.
    assert_says(xtask(shared(), "scale 1.3 --quick"), &["\n1.3  "]);
    let nothing = "error: nothing is chosen by 'nothing'; there are serving, an answer for each \
                   client, arguments\n";
    let output = xtask(shared(), "scale nothing").assert();
    output.code(1).stderr_eq(nothing);
}

#[test]
fn timeline_draws_what_was_recorded() {
    let bar = "delay(seconds=1) ▌─────────────────▌██      100 ms of 1.00 s";
    let axis = format!("{:16} 0{:>20}", "", "1.00 s");
    let timeline = xtask(shared(), "timeline recorded").env("COLUMNS", "60");
    let drawn = timeline.assert().success();
    drawn.stdout_eq(format!("recording\n{bar}\n{axis}\n"));
    // A listing that fails still has a timeline, and its exit code is passed on.
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("a.svg");
    let timeline = format!("timeline --svg {} recorded 3", svg.display());
    let drawn = xtask(shared(), &timeline).assert();
    drawn.code(3).stdout_eq("recording\n");
    let svg = fs::read_to_string(svg).unwrap();
    assert!(svg.contains("recorded: A program that records"), "{svg}");
    let nothing = xtask(shared(), "timeline 1.1").assert().code(1);
    nothing.stderr_eq(format!(
        "error: {ONE} recorded nothing: none of its functions has a span\n"
    ));
}

#[test]
fn bench_stops_at_a_program_that_fails_or_lies() {
    let fails = "failed with exit status: 3; its stderr: the disk is on fire";
    let lies = "did not print 'slept'; it printed: []";
    for (name, expected) in [("failing", fails), ("lying", lies)] {
        let output = xtask(shared(), &format!("bench {name}")).assert();
        let [_, error] = said(&output.code(1).stdout_eq(""));
        assert!(
            error.contains("\nerror: ") && error.contains(expected),
            "{error}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_gives_what_is_complete_and_leaves_no_child() {
    let echo = shared().join("target/release/listing_1_03_echo");
    let endless = format!("{} 127.0.0.1:0 endless", echo.display());
    let is_running = || {
        let mut processes = std::process::Command::new("ps");
        let processes = processes.args(["-eo", "args"]).output().unwrap();
        String::from_utf8_lossy(&processes.stdout).contains(&endless)
    };
    let mut bench = util_testing::command(env!("CARGO_BIN_EXE_xtask-measure"));
    bench.current_dir(shared()).env_remove("CARGO_TARGET_DIR");
    bench.args(["bench", "endless"]);
    let mut bench = util_testing::Server::run(bench);
    util_testing::wait_until(is_running, || "the endless program".to_owned());
    bench.interrupt();
    assert_eq!(bench.wait().code(), Some(130));
    let interrupted = "interrupted: what was complete is above";
    assert!(bench.stderr().contains(interrupted), "{}", bench.stderr());
    assert!(bench.stdout().contains("rustc 1.") && !is_running());
}

#[test]
fn bench_names_the_mistake_in_a_manifest() {
    for (fields, expected) in [
        (
            "python = [\"x\"]",
            "its python names 'x', which it does not run",
        ),
        ("colour = 1", "unknown field `colour`, expected one of [..]"),
        (
            "book = [1.0, 2.0, 3.0]",
            "its book has more times than it has programs",
        ),
    ] {
        let root = workspace(&table("a", fields));
        let expected = format!("error: the manifest of ch01-demo: bench 'a': {expected}\n");
        let output = xtask(root.path(), "bench").assert().code(1);
        output.stdout_eq("").stderr_eq(expected);
    }
}

#[test]
fn a_site_of_the_readers_own_is_asked_for_nothing_else() {
    // Its latency is its own: no query is added to its URL.
    let root = workspace(&table("a", "latency_ms = 50"));
    let source = "//! Listing 1.1 (together): Together.\nfn main() {\n    \
                  assert!(!std::env::var(\"EXAMPLE_URL\").unwrap().contains('?'));\n    \
                  println!(\"slept\\nslept\");\n}\n";
    fs::write(
        root.path().join(format!("ch01-demo/src/bin/{TWO}.rs")),
        source,
    )
    .unwrap();
    let site = util_testing::Site::answering(|_| true);
    let bench = |url: &str| xtask(root.path(), "bench a --runs 1").env("EXAMPLE_URL", url);
    let line = format!("\nthe example site: {}\n", site.url());
    assert_says(bench(&site.url()), &[&line]);
    let [_, error] = said(&bench("http://127.0.0.1:1/").assert().code(1));
    assert!(
        error.contains("'http://127.0.0.1:1/' cannot be reached: "),
        "{error}"
    );
}

#[test]
fn results_write_the_report_and_the_pages_and_measure_parts_again() {
    let curve = "\n[[package.metadata.scale]]\nname = \"growth\"\naxis = \"arguments\"\n\
                 programs = [\"listing_1_02_arguments {} 0\"]\nsteps = [1, 10]\n";
    let root = workspace(&[table("first", ""), table("again", ""), curve.into()].concat());
    let root = root.path();
    fs::create_dir_all(root.join("xtask/figures")).unwrap();
    let part = |name: &str| format!("first\n<!-- {name}: -->\nold\n<!-- end of {name} -->\nlast\n");
    fs::write(root.join("RESULTS.md"), part("results")).unwrap();
    fs::write(root.join("README.md"), part("numbers")).unwrap();
    let chapter = part("listings") + &part("comparisons");
    fs::write(root.join("ch01-demo/README.md"), chapter).unwrap();
    let [_, written] = said(&xtask(root, "results --quick").assert().success());
    assert!(
        written.contains("xtask/results.json\nREADME.md\nRESULTS.md\n"),
        "{written}"
    );
    let text = fs::read_to_string(root.join("RESULTS.md")).unwrap();
    for part in ["-->\nMeasured on ", "| first|1.1|", "**growth**\n"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    // A part that is measured again takes the place of what the report had; the rest stays.
    let path = root.join("xtask/results.json");
    let mut old = Report::read(&path).unwrap();
    for comparison in &mut old.comparisons {
        comparison.lesson = Some("Old.".into());
    }
    fs::write(&path, old.json().unwrap()).unwrap();
    let again = || xtask(root, "results --quick again").assert();
    again().success();
    let new = Report::read(&path).unwrap();
    let lessons = [0, 1].map(|it| new.comparisons[it].lesson.as_deref());
    assert_eq!((lessons, &new.curves), ([Some("Old."), None], &old.curves));
    old.machine.processor = "another".into();
    fs::write(&path, old.json().unwrap()).unwrap();
    // Refused before it is measured, which would fail now.
    let manifest = root.join("ch01-demo/Cargo.toml");
    let lies = fs::read_to_string(&manifest)
        .unwrap()
        .replace("slept", "never");
    fs::write(&manifest, lies).unwrap();
    let [_, error] = said(&again().code(1));
    assert!(error.contains("is from another machine"), "{error}");
    assert_eq!(Report::read(&path).unwrap(), old);
}
