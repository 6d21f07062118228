//! Runs the built xtask-measure in small workspaces of its own, as a reader would in the real one.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "../../tests/demo/mod.rs"]
mod demo;

use std::fs;
use std::path::Path;
use std::time::Duration;

use snapbox::cmd::{Command, OutputAssert};

use demo::{comparison, error, shared, stdout, write_workspace};
use tempfile::TempDir;

fn xtask(folder: &Path) -> Command {
    let command = demo::command(env!("CARGO_BIN_EXE_xtask-measure"), folder);
    // No program that is measured may see it.
    command.env("RUST_BACKTRACE", "1")
}

#[test]
fn bench_reports_a_table() {
    let output = xtask(shared())
        .args(["bench", "--quick", "two sleeps"])
        .assert()
        .success();
    let table = stdout(&output);
    let mut lines = table.lines().skip_while(|line| *line != "two sleeps");
    let (baseline, contender) = (lines.nth(1).unwrap(), lines.next().unwrap());
    assert!(baseline.starts_with("  1.1 "), "{table}");
    assert!(contender.starts_with("  1.1 (together) "), "{table}");
    assert!(contender.contains(" % of waiting "), "{table}");
    assert!(contender.ends_with(" 3.00"), "the book's speed-up: {table}");
    assert!(table.contains("rustc 1."), "{table}");

    // On a terminal of 80 columns, no line of a table is wider.
    let narrow = xtask(shared())
        .args(["bench", "--quick", "two sleeps"])
        .env("COLUMNS", "80")
        .assert()
        .success();
    let narrow = stdout(&narrow);
    let wide = narrow
        .lines()
        .skip(1)
        .find(|line| line.chars().count() > 80);
    assert_eq!(wide, None);
    assert_eq!(narrow.matches("  1.1 (together) ").count(), 2, "{narrow}");
}

#[test]
fn bench_writes_every_run_as_json_and_the_rows_in_other_forms() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, svg) = (folder.path().join("a.csv"), folder.path().join("a.svg"));
    let output = xtask(shared())
        .args(["bench", "two sleeps", "--runs", "2", "--json", "-"])
        .arg("--csv")
        .arg(&csv)
        .arg("--svg")
        .arg(&svg)
        .assert()
        .success();
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["schema"], 3);
    assert!(report["machine"]["memory_floor"].as_u64().unwrap() < 16_000_000);
    let comparison = &report["comparisons"][0];
    assert_eq!(comparison["name"], "two sleeps");
    let [sequential, concurrent] = [0, 1].map(|index| &comparison["programs"][index]);
    assert_eq!(
        (&sequential["role"], &concurrent["role"]),
        (&"baseline".into(), &"contender".into())
    );
    assert_eq!(concurrent["book"], 3.0);
    for (program, least) in [(sequential, 0.2), (concurrent, 0.1)] {
        let runs = program["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 2);
        for run in runs {
            assert!(run["wall"].as_f64().unwrap() >= least);
            let memory = run["peak_memory"].as_u64().unwrap();
            // A program that only sleeps; more would be the memory of whoever started it.
            assert!((500_000..16_000_000).contains(&memory), "{memory} bytes");
        }
    }
    let csv = fs::read_to_string(csv).unwrap();
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "table,group,program,quantity,value");
    assert!(
        lines[1].starts_with("concurrency,two sleeps,1.1,seconds,0.2"),
        "{csv}"
    );
    assert!(fs::read_to_string(svg).unwrap().starts_with("<svg "));
}

#[test]
fn bench_compares_with_an_earlier_report() {
    let folder = tempfile::tempdir().unwrap();
    let (old, changed) = (
        folder.path().join("old.json"),
        folder.path().join("new.json"),
    );
    xtask(shared())
        .args(["bench", "two sleeps", "--runs", "4", "--json"])
        .arg(&old)
        .assert()
        .success();
    let compare = |with: &Path, more: &[&str]| {
        xtask(shared())
            .args(["bench", "two sleeps", "--runs", "4", "--compare"])
            .arg(with)
            .args(more)
            .assert()
    };
    let text =
        |output: &OutputAssert| String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    // What sleeps gains as much as before, give or take what a busy machine adds.
    let same = compare(&old, &[]);
    assert!(text(&same).contains(" of 1 figures changed beyond the noise"));

    // Had the concurrent program taken a millisecond, it would be far slower now.
    let mut report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&old).unwrap()).unwrap();
    let concurrent = &mut report["comparisons"][0]["programs"][1];
    for run in concurrent["runs"].as_array_mut().unwrap() {
        run["wall"] = 0.001.into();
    }
    fs::write(&changed, report.to_string()).unwrap();
    let output = compare(&changed, &[]).code(1);
    let stderr = text(&output);
    assert!(
        stderr.contains("slower: two sleeps: the speed-up of 1.1 (together): "),
        "{stderr}"
    );
    assert!(stderr.contains("1 of 1 figures changed beyond the noise"));
    let output = compare(&changed, &["--times"]).code(1);
    let stderr = text(&output);
    assert!(
        stderr.contains("slower: two sleeps: 1.1 (together): "),
        "{stderr}"
    );
    assert!(stderr.contains(" of 3 figures changed"), "{stderr}");

    fs::write(&changed, "{}").unwrap();
    let output = compare(&changed, &[]).code(1);
    assert!(error(&output).ends_with("it is not a report of this version (3)"));
}

#[test]
fn bench_goes_on_until_it_is_precise_or_out_of_time() {
    let report = |args: &[&str]| {
        let output = xtask(shared())
            .args(["bench", "two sleeps", "--json"])
            .args(args)
            .assert()
            .success();
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let runs = &report["comparisons"][0]["programs"][0]["runs"];
        let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        (runs.as_array().unwrap().len(), stderr)
    };
    // Sleeps agree well enough for that; two looks there must be.
    let (rounds, _) = report(&["--precision", "90%"]);
    assert!(rounds >= 8, "{rounds}");
    let (rounds, stderr) = report(&["--precision", "0.0001%", "--max-time", "1"]);
    assert!(rounds >= 2, "{rounds}");
    assert!(stderr.contains("% wide, not 0.0 %"), "{stderr}");
    let output = xtask(shared())
        .args(["bench", "--precision", "none"])
        .assert()
        .code(2);
    assert!(error(&output).contains("it must be a percentage above 0, such as 3%"));
}

#[test]
fn bench_skips_what_needs_a_program_that_is_not_there() {
    let output = xtask(shared())
        .args(["bench", "needy", "--csv"])
        .assert()
        .success();
    assert_eq!(stdout(&output).lines().count(), 1);
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(
        stderr.contains("warning: needy skipped: no-such-program is not installed"),
        "{stderr}"
    );
}

/// A checkout of a book whose programs work, lack something, or have a thread that fails.
fn book() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, source) in [
        (
            "chapter_01/one.py",
            "import time\nfrom util import pause\ntime.sleep(pause)\nprint('slept')\n",
        ),
        ("chapter_01/package.py", "import no_such_package\n"),
        (
            "chapter_01/thread.py",
            "import threading\n\
             def fail():\n    raise ConnectionError('no network')\n\
             thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\n",
        ),
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
    let folder = book();
    let output = xtask(shared())
        .args([
            "bench",
            "two sleeps",
            "beside",
            "needs network",
            "--runs",
            "2",
            "--json",
            "--book",
        ])
        .arg(folder.path())
        .assert()
        .success();
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let beside = &report["comparisons"][1];
    assert_eq!(beside["name"], "beside");
    let programs = beside["programs"].as_array().unwrap();
    // One lacks a package, another is not in the checkout.
    assert_eq!(programs.len(), 3);
    let python = &programs[2];
    assert_eq!(
        (&python["role"], &python["program"]),
        (&"book".into(), &"chapter_01/one.py".into())
    );
    assert_eq!(python["beside"][0], "listing_1_01_one_by_one");
    let runs = python["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    assert!(runs.iter().all(|run| run["wall"].as_f64().unwrap() > 0.3));
    let notes = |index: usize| report["comparisons"][index]["notes"].to_string();
    // It ends with 0, but one of its threads has failed.
    let thread = "chapter_01/thread.py skipped: ConnectionError: no network";
    assert!(notes(2).contains(thread), "{}", notes(2));
    let package = "chapter_01/package.py skipped: python3 has no no_such_package; \
                   `python3 -m pip install no_such_package` installs it";
    assert!(notes(1).contains(package), "{}", notes(1));
    let absent = "chapter_01/absent.py skipped: it is not in ";
    assert!(notes(0).contains(absent), "{}", notes(0));

    let output = xtask(shared())
        .args(["bench", "beside", "--runs", "1", "--book"])
        .arg(folder.path())
        .args(["--python", "python3"])
        .assert()
        .success();
    let table = stdout(&output);
    for heading in ["The book's Python beside Rust", "Rust faster"] {
        assert!(table.contains(heading), "{table}");
    }
}

#[test]
fn bench_names_what_is_wrong_with_a_book() {
    let folder = book();
    let fails = |book: &Path, python: &str, expected: &str| {
        let output = xtask(shared())
            .args(["bench", "two sleeps", "--python", python, "--book"])
            .arg(book)
            .assert()
            .code(1);
        let message = error(&output);
        assert!(message.contains(expected), "{message}");
    };
    fails(
        Path::new("/no/such/book"),
        "python3",
        "No such file or directory",
    );
    fails(
        &folder.path().join("util"),
        "python3",
        "there is no folder chapter_01 in it",
    );
    fails(folder.path(), "/no/such/python", "does not run");
}

#[test]
fn scale_measures_curves_and_servers() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("a.svg");
    let output = xtask(shared())
        .args(["scale", "--quick", "--json", "--svg"])
        .arg(&svg)
        .assert()
        .success();
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let curve = &report["curves"][0];
    assert_eq!(curve["name"], "arguments");
    let series = &curve["series"][0];
    assert_eq!(series["program"], "listing_1_02_arguments 0");
    let counts: Vec<_> = series["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["count"].as_u64().unwrap())
        .collect();
    // --quick leaves the largest out, and `most` the larger one for the second program.
    assert_eq!(counts, [1, 10, 100]);
    let points = curve["series"][1]["points"].as_array().unwrap();
    assert_eq!(points.len(), 2);
    let servers = &report["curves"][1];
    assert_eq!(servers["name"], "serving, an answer for each client");
    let point = &servers["series"][0]["points"][1];
    assert_eq!(point["count"], 3);
    assert!(point["runs"][0]["wall"].as_f64().unwrap() > 0.0);
    let svg = fs::read_to_string(svg).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("listing_1_06_echo"));

    let output = xtask(shared())
        .args(["scale", "arguments", "--quick", "--markdown"])
        .assert()
        .success();
    let table = stdout(&output);
    let row = "| 100 arguments | listing_1_02_arguments 0 | ";
    assert!(table.contains(row), "{table}");
    // A chapter and a listing's number choose as they do for `bench`.
    let by_number = xtask(shared()).args(["scale", "1.6", "--quick", "--csv"]);
    let csv = stdout(&by_number.assert().success());
    assert!(
        csv.contains("listing_1_06_echo") && !csv.contains("arguments"),
        "{csv}"
    );
    let output = xtask(shared()).args(["scale", "nothing"]).assert().code(1);
    assert_eq!(
        error(&output),
        "error: no curve is chosen by 'nothing'; there are arguments, serving"
    );
}

#[test]
fn results_go_between_the_markers() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let (one, two) = ("listing_1_01_one_by_one", "listing_1_01_together");
    let lesson = "lesson = \"Together is faster.\"";
    write_workspace(
        root,
        &[
            comparison("two sleeps", one, two, lesson),
            "\n[[package.metadata.scale]]\nname = \"growth\"\naxis = \"arguments\"\n\
             programs = [\"listing_1_02_arguments {} 0\"]\nsteps = [1, 10]\n"
                .to_owned(),
        ]
        .concat(),
    );
    let (readme, chapter) = (root.join("README.md"), root.join("ch01-demo/README.md"));
    // Without markers nothing is written.
    fs::write(&readme, "# Demo\n").unwrap();
    let output = xtask(root).args(["results", "--quick"]).assert().code(1);
    let message = error(&output);
    assert!(
        message.contains("neither README.md nor RESULTS.md has '<!-- results: "),
        "{message}"
    );
    assert_eq!(fs::read_to_string(&readme).unwrap(), "# Demo\n");

    fs::write(
        &readme,
        "# Demo\n\n<!-- results: -->\nold\n<!-- end of results -->\n\nlast\n",
    )
    .unwrap();
    fs::write(
        &chapter,
        "first\n<!-- comparisons: -->\n<!-- end of comparisons -->\n",
    )
    .unwrap();
    xtask(root).args(["results", "--quick"]).assert().success();
    let text = fs::read_to_string(&readme).unwrap();
    assert!(
        text.starts_with("# Demo\n\n<!-- results: -->\nMeasured on: "),
        "{text}"
    );
    assert!(
        text.ends_with("<!-- end of results -->\n\nlast\n"),
        "{text}"
    );
    assert!(!text.contains("old"));
    for part in [
        "| two sleeps | 1.1 (together) | ",
        "- **two sleeps**: Together is faster.",
        "(xtask/figures/bench.svg)",
        "(xtask/figures/scale-growth.svg)",
        "| 10 arguments | listing_1_02_arguments 0 | ",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for figure in ["bench.svg", "scale-growth.svg"] {
        let svg = fs::read_to_string(root.join("xtask/figures").join(figure)).unwrap();
        assert!(svg.starts_with("<svg "));
    }
    let chapter = fs::read_to_string(&chapter).unwrap();
    assert!(chapter.starts_with("first\n") && chapter.contains("| two sleeps | "));
}

#[test]
fn timeline_draws_what_was_recorded() {
    let draw = |columns: &str| {
        xtask(shared())
            .args(["timeline", "1.7"])
            .env("COLUMNS", columns)
            .assert()
            .success()
    };
    let output = draw("60");
    let text = stdout(&output);
    assert_eq!(
        text,
        "recording\n\
         delay(seconds=1) ▌─────────────────▌██      100 ms of 1.00 s\n                 \
         ╵0  ╵200 ms ╵600 ms  ╵1.00 s\n"
    );
    // No colour where it is no terminal, and no line is wider than asked for.
    for columns in ["50", "120"] {
        let text = stdout(&draw(columns));
        let width = columns.parse().unwrap();
        assert!(
            text.lines().all(|line| line.chars().count() <= width),
            "{text}"
        );
        assert!(!text.contains('\x1b'));
    }
}

#[test]
fn timeline_writes_figures_and_traces() {
    let folder = tempfile::tempdir().unwrap();
    let (svg, trace) = (folder.path().join("a.svg"), folder.path().join("a.json"));
    // A listing that fails still has a timeline, and its exit code is passed on.
    xtask(shared())
        .args(["timeline", "--svg"])
        .arg(&svg)
        .arg("--trace")
        .arg(&trace)
        .args(["recorded", "3"])
        .assert()
        .code(3)
        .stdout_eq("recording\n");
    let svg = fs::read_to_string(svg).unwrap();
    assert!(
        svg.contains("Listing 1.7: A program that records what it does"),
        "{svg}"
    );
    assert!(svg.contains("delay(seconds=1)"));
    let trace: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(trace).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let runs = events.iter().filter(|event| event["ph"] == "X");
    assert_eq!(runs.count(), 2);

    for (wanted, expected) in [
        ("1.1", "recorded nothing: none of its functions has a span"),
        ("shared", "shared is library code and does nothing alone"),
        ("1.99", "there is no listing '1.99'"),
    ] {
        let output = xtask(shared()).args(["timeline", wanted]).assert().code(1);
        let message = error(&output);
        assert!(message.contains(expected), "{message}");
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
    assert_eq!(
        error(&output),
        "error: listing_1_07_recorded 3 failed with exit status: 3"
    );
}

#[test]
fn bench_puts_servers_under_load() {
    let output = xtask(shared())
        .args(["bench", "--quick", "1.6", "--markdown"])
        .assert()
        .success();
    let table = stdout(&output);
    assert!(table.contains("serving under load"), "{table}");
    assert!(
        table.contains("| 4 connections | listing_1_06_echo |"),
        "{table}"
    );
    assert!(
        table.contains("| CPU µs |") && table.contains("4 of 4"),
        "{table}"
    );
}

#[test]
fn bench_stops_at_a_program_that_fails_lies_or_hangs() {
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
        (
            "hanging",
            "error: listing_1_05_hangs has not ended after 1 s; its stderr: waiting",
        ),
    ] {
        let output = xtask(shared()).args(["bench", name]).assert().code(1);
        assert_eq!(error(&output), expected);
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn bench_refuses_what_it_cannot_do() {
    let hanging = xtask(shared())
        .args(["bench", "--quick", "hanging"])
        .assert();
    let error_line = error(&hanging.code(1));
    assert!(
        error_line.contains("takes too long for --quick"),
        "{error_line}"
    );
    let output = xtask(shared())
        .args(["bench", "--runs", "0"])
        .assert()
        .code(2);
    assert!(error(&output).starts_with("error: invalid value '0' for '--runs <N>'"));
    let output = xtask(shared()).args(["bench", "nothing"]).assert().code(1);
    assert_eq!(
        error(&output),
        "error: no comparison is chosen by 'nothing'; \
         there are two sleeps, beside, needs network, needy, failing, lying, hanging, serving"
    );
}

#[test]
fn bench_refuses_a_site_that_is_not_there() {
    for (url, reason) in [
        ("nonsense", "is not a URL"),
        ("http://127.0.0.1:1/", "cannot be reached"),
    ] {
        let output = xtask(shared())
            .env("EXAMPLE_URL", url)
            .args(["bench", "two sleeps"])
            .assert()
            .code(1);
        let message = error(&output);
        assert!(
            message.starts_with(&format!("error: EXAMPLE_URL '{url}' {reason}: ")),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn bench_prints_what_it_has_when_it_is_interrupted() {
    use rustix::process::{Pid, Signal, kill_process};
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_xtask-measure"))
        .current_dir(shared())
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_NET_OFFLINE", "true")
        .args(["bench", "two sleeps", "--runs", "100000"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Its handler for SIGINT is the second bit of the signals that it catches.
    let status = format!("/proc/{}/status", child.id());
    while Path::new(&status).exists() {
        let status = fs::read_to_string(&status).unwrap();
        let caught = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))
            .unwrap();
        if u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
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
}

#[test]
fn bench_names_the_mistake_in_a_manifest() {
    let (one, two) = ("listing_1_01_one_by_one", "listing_1_01_together");
    for (comparisons, expected) in [
        (
            comparison("a", one, "listing_1_09", ""),
            "comparison 'a': there is no binary 'listing_1_09' in ch01-demo",
        ),
        (
            comparison("a", one, two, "colour = 1"),
            "comparison 'a': unknown field `colour`, expected one of [..]",
        ),
        (
            comparison("a", one, one, ""),
            "comparison 'a': it names a program twice",
        ),
        (
            comparison("a", one, two, "limit = 0"),
            "comparison 'a': its limit of 0 s is not above 0",
        ),
        (
            comparison(
                "a",
                one,
                two,
                "book = { sequential = 1.0, concurrent = [] }",
            ),
            "comparison 'a': the book has 0 figures for its contenders and the comparison 1 programs",
        ),
        (
            "[[package.metadata.bench]]\nname = \"a\"\n".to_owned(),
            "comparison 'a': missing field `baseline`",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write_workspace(folder.path(), &comparisons);
        xtask(folder.path())
            .arg("bench")
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(format!("error: the manifest of ch01-demo: {expected}\n"));
    }
}

#[test]
fn results_go_on_where_they_were_interrupted() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let (one, two) = ("listing_1_01_one_by_one", "listing_1_01_together");
    let comparisons = [
        comparison("first", one, two, ""),
        comparison("second", one, two, ""),
    ];
    write_workspace(root, &comparisons.concat());
    let page = root.join("RESULTS.md");
    fs::write(&page, "<!-- results: -->\n<!-- end of results -->\n").unwrap();
    let saved = root.join("target/results-quick.json");
    xtask(root)
        .args(["bench", "--quick", "first", "--json"])
        .arg(root.join("first.json"))
        .assert()
        .success();
    // As an interrupted run has left it.
    let mut report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root.join("first.json")).unwrap()).unwrap();
    report["comparisons"][0]["notes"] = vec!["measured before"].into();
    fs::write(&saved, report.to_string()).unwrap();
    let output = xtask(root).args(["results", "--quick"]).assert().success();
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(stderr.contains("--restart starts over"), "{stderr}");
    let text = fs::read_to_string(&page).unwrap();
    // What was saved is on the page, its warnings under the table, and the rest was measured.
    assert!(text.contains("- first: measured before\n"), "{text}");
    assert!(text.contains("| second | 1.1 (together) | "), "{text}");
    assert!(
        text.find("measured before") > text.find("| second |"),
        "{text}"
    );
    // It is complete: the next one begins again, and can take what was measured.
    assert!(!saved.exists());
    let complete = root.join("target/results-quick.complete.json");
    xtask(root)
        .args(["results", "--quick", "--bench"])
        .arg(&complete)
        .arg("--scale")
        .arg(&complete)
        .assert()
        .success();
    assert!(
        fs::read_to_string(&page)
            .unwrap()
            .contains("measured before")
    );
}

#[test]
fn files_that_cannot_be_written_are_named_before_an_hour_of_measuring() {
    let output = xtask(shared())
        .args(["bench", "hanging", "--csv", "/no/such/folder/a.csv"])
        .assert()
        .code(1);
    assert!(error(&output).starts_with("error: cannot write /no/such/folder/a.csv"));
}

#[test]
fn a_site_of_the_readers_own_is_asked_for_nothing_else() {
    // Its latency is its own: no query is added to its URL.
    let root = tempfile::tempdir().unwrap();
    let (one, two) = ("listing_1_01_one_by_one", "listing_1_01_together");
    write_workspace(root.path(), &comparison("a", one, two, "latency_ms = 50"));
    let source = "//! Listing 1.1 (together): Together.\n\
                  fn main() {\n    assert!(!std::env::var(\"EXAMPLE_URL\").unwrap().contains('?'));\n    \
                  println!(\"slept\\nslept\");\n}\n";
    let path = format!("ch01-demo/src/bin/{two}.rs");
    fs::write(root.path().join(path), source).unwrap();
    let site = util_testing::Site::answering(|_| true);
    let output = xtask(root.path())
        .env("EXAMPLE_URL", site.url())
        .args(["bench", "a", "--runs", "1", "--json"])
        .assert()
        .success();
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["site"], site.url());
}
