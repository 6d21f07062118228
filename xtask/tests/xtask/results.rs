//! What RESULTS.md says in words is so in the report.

use xtask_report::Report;
use xtask_report::data::Program;
use xtask_report::pages::STATED;
use xtask_report::possible::speed_up;

use crate::{WORKSPACE, assert_none, read};

/// In this comparison the first program is at least this many times as fast as the second. Less
/// than one: it is at most so many times as slow.
const CLAIMS: &str = "
    fibonacci: 1.6 / 1.5 = 1.3
    fibonacci: Python 1.5 / Python 1.6 = 0.8
    three delays: 2.9 / 2.9 (sequential) = 2.7
    three delays: Python 2.9 / 2.9 = 0.9
    three requests: 2.20 (async client) / 2.20 = 2.5
    three requests: 2.20 (async client) / Python 2.20 = 2.5
    1,000 requests: 4.6 / 4.6 (sequential) = 20
    1,000 requests: 4.6 (sequential) / 4.6 = 0.002
    1,000 requests: 4.6 / Python 4.6 = 1.5
    a thousand threads or one: 7.4 (async) / 7.4 1000 1000 = 1.3
    a thousand threads or one: 7.4 1000 1000 / Python 7.4 = 1.3
    echo, 1,000 clients: 3.8 / echo_epoll (C) = 0.75
    echo, 1,000 clients: 3.8 / echo (Python) = 2.5
    MapReduce: 6.8 / 6.7 = 1.4
    MapReduce: 6.8 / mapreduce (Python) = 5
    a shared counter: counter_atomic 5000000 / counter_lock 5000000 = 1.5
    a shared counter: counter_merged 5000000 / counter_atomic 5000000 = 5";

/// Whether the report bears a claim out; `None` if one of its programs is not there.
fn holds(report: &Report, claim: &str) -> Option<bool> {
    let (comparison, claim) = claim.split_once(": ")?;
    let comparison = report.comparisons.iter().find(|it| it.name == comparison)?;
    let (programs, least) = claim.split_once(" = ")?;
    let (fast, slow) = programs.split_once(" / ")?;
    let named = |name: &str| -> Option<&Program> {
        let mut programs = comparison.programs.iter();
        programs.find(|program| program.label == name)
    };
    Some(speed_up(named(slow)?, named(fast)?).median >= least.parse().ok()?)
}

#[test]
fn the_statements_hold_for_the_report() {
    let path = WORKSPACE.root.join("xtask/results.json");
    if !path.exists() {
        util_testing::skipped("nothing has been measured");
        return;
    }
    let report = Report::read(&path).unwrap();
    let claims = CLAIMS.trim().lines().map(str::trim);
    let stated = STATED.map(|name| format!(" {name}: "));
    assert!(
        stated.iter().all(|name| CLAIMS.contains(name)),
        "{stated:?}"
    );
    let wrong = claims.filter(|claim| holds(&report, claim) != Some(true));
    let wrong: Vec<String> = wrong.map(String::from).collect();
    assert_none(
        &wrong,
        "RESULTS.md claims what the report does not bear out",
    );
}

#[test]
fn the_pages_that_are_read_are_short() {
    for (page, most) in [("README.md", 9 * 1024), ("RESULTS.md", 12 * 1024)] {
        let length = read(page).len();
        assert!(length <= most, "{page} has {length} bytes");
    }
}
