//! The tables of a report.

use super::table::{Cell, Table, thousands};
use crate::data::{Comparison, Cost, Curve, Entry, Load, Machine, Report, Role};
use crate::data::{cpu, mebibytes, times};
use crate::judge::bound::verdict;
use crate::judge::speed_up::{relation, speed_up};

/// With fewer connections a page of memory more or less says nothing of each.
const MANY: usize = 50;

/// Peaks up to this much above the floor cannot be told from it.
const NEAR_FLOOR: f64 = 1.02;

const CONCURRENCY: &str = "\
Times are medians ± median absolute deviation. Times faster is the median of the rounds' ratios, \
with its exact 95 % interval in brackets, or with the range of n rounds where there are fewer \
than six; \"even\" where one is within. The limit is the larger of two floors, the waits (or \
parts) that must follow one another and the CPU time on the threads that it may use; where the \
CPU times differ by more than a tenth, the two did not do the same work at the same speed. A star: \
the program tells the time of a part, CPU and memory are the whole process's. A dagger: the \
largest process's memory.";

const AGAINST: &str = "\
Times, ratios and intervals as above; concurrency is not what these differ by.";

const BESIDE: &str = "\
Each program in another language beside the listing that does the same work in the same way, in \
the same rounds, on this machine.";

const LOADED: &str = "\
Thousands per second are medians ± median absolute deviation; the relation is the median of the \
rounds' ratios to the last listing. Each server has one core to itself, also one that could use \
more (Go), and its clients another. CPU is the server's for each trip: where CPU times trips is \
far below a second per second, the clients were the limit.";

/// The peak memory, or the floor below which nothing is seen.
fn memory(runs: &[Cost], machine: &Machine) -> Cell {
    let floor = machine.memory_floor.map(|it| it as f64 / 1024.0 / 1024.0);
    match (mebibytes(runs), floor) {
        (Some(peak), Some(floor)) if peak <= floor * NEAR_FLOOR => Cell::at_most(floor),
        (peak, _) => Cell::known(peak),
    }
}

fn spread(entry: &Entry) -> Cell {
    Cell::spread(&entry.times())
}

/// A star marks a timed part, a dagger the memory of the largest of several processes.
fn name(comparison: &Comparison, entry: &Entry) -> String {
    let part = if entry.has_part() { "*" } else { "" };
    let largest = if comparison.processes { "†" } else { "" };
    format!("{}{part}{largest}", entry.label)
}

/// What concurrency buys: comparisons that have a bound. Those without one are one program
/// against another.
fn concurrency(comparisons: &[&Comparison], machine: &Machine, has_bound: bool) -> Table {
    let mut table = Table {
        name: "concurrency",
        keys: ["comparison", "program"],
        headings: vec!["seconds", "times faster", "CPU s", "MiB"],
        legend: CONCURRENCY,
        ..Table::default()
    };
    if has_bound {
        table.headings.insert(2, "of its limit");
        table.headings.push("book");
    } else {
        (table.name, table.keys[0], table.legend) = ("against", "A against B", AGAINST);
    }
    let chosen = comparisons
        .iter()
        .filter(|it| it.bound.is_some() == has_bound);
    for comparison in chosen {
        let ours = |it: &&Entry| matches!(it.role, Role::Baseline | Role::Contender);
        for entry in comparison.programs.iter().filter(ours) {
            let is_contender = entry.role == Role::Contender;
            let baseline = comparison.baseline().filter(|_| is_contender);
            let ratio = baseline.map(|it| speed_up(it, entry));
            let mut cells = vec![
                spread(entry),
                ratio.as_ref().map_or_else(Cell::nothing, Cell::ratio),
                Cell::known(cpu(&entry.runs)),
                memory(&entry.runs, machine),
            ];
            if has_bound {
                let verdict = baseline.and_then(|it| verdict(comparison, it, entry, machine));
                cells.insert(2, verdict.map_or_else(Cell::nothing, Cell::verdict));
                let book = baseline.and_then(|it| Some(it.book? / entry.book?));
                cells.push(Cell::known(book));
            }
            table.add(&comparison.name, name(comparison, entry), cells);
        }
    }
    table
}

/// Programs in other languages, each beside the listing that does the same: the peers, or the
/// book's own.
fn beside(comparisons: &[&Comparison], machine: &Machine, role: Role) -> Table {
    let mut table = Table {
        name: "beside",
        keys: ["comparison", "program"],
        headings: vec![
            "its s",
            "listing",
            "Rust s",
            "Rust faster",
            "its MiB",
            "Rust MiB",
        ],
        legend: BESIDE,
        ..Table::default()
    };
    for comparison in comparisons {
        for (other, ours) in comparison.beside().filter(|it| it.0.role == role) {
            let cells = vec![
                spread(other),
                Cell::text(ours.label.clone()),
                spread(ours),
                Cell::ratio(&speed_up(other, ours)),
                memory(&other.runs, machine),
                memory(&ours.runs, machine),
            ];
            table.add(&comparison.name, name(comparison, other), cells);
        }
    }
    table
}

/// The tables of some comparisons, each with its title.
pub fn of_comparisons(own: &[&Comparison], machine: &Machine) -> Vec<(&'static str, Table)> {
    let mut all = vec![
        ("What concurrency buys", concurrency(own, machine, true)),
        ("A against B", concurrency(own, machine, false)),
        (
            "Other languages beside Rust",
            beside(own, machine, Role::Peer),
        ),
        (
            "The book's Python beside Rust, same machine, same site",
            beside(own, machine, Role::Book),
        ),
    ];
    all.retain(|(_, table)| !table.rows.is_empty());
    all
}

/// Servers under load.
pub fn load(load: &Load) -> Table {
    let mut table = Table {
        name: "load",
        keys: ["connections", "server"],
        headings: vec![
            "1,000/s", "relation", "p50 ms", "p99 ms", "CPU µs", "KiB each", "served",
        ],
        legend: LOADED,
        ..Table::default()
    };
    for server in &load.servers {
        let thousands: Vec<f64> = server.trips_per_second.iter().map(|it| it / 1e3).collect();
        let memory = server.memory_per_connection.map(|bytes| bytes / 1024.0);
        let relation = relation(load, server).filter(|_| !server.reference);
        let cells = vec![
            Cell::spread(&thousands),
            relation.as_ref().map_or_else(Cell::nothing, Cell::ratio),
            Cell::known(Some(server.p50_us / 1000.0)),
            Cell::known(Some(server.p99_us / 1000.0)),
            Cell::known(server.cpu_us_per_trip),
            Cell::known(memory.filter(|_| server.connections >= MANY)),
            Cell::text(format!("{} of {}", server.served, server.connections)),
        ];
        let plural = if server.connections == 1 { "" } else { "s" };
        let group = format!("{} connection{plural}", server.connections);
        table.add(&group, server.server.clone(), cells);
    }
    table
}

/// A curve's points.
pub fn curve(curve: &Curve) -> Table {
    let mut table = Table {
        name: "curve",
        keys: ["count", "program"],
        headings: vec!["seconds", "CPU s", "MiB", "rounds"],
        ..Table::default()
    };
    for (program, point) in curve.rows() {
        let cells = vec![
            Cell::spread(&times(&point.runs)),
            Cell::known(cpu(&point.runs)),
            Cell::known(mebibytes(&point.runs)),
            Cell::text(point.runs.len().to_string()),
        ];
        let group = format!("{} {}", thousands(point.count), curve.axis);
        table.add(&group, program.to_owned(), cells);
    }
    table
}

/// All tables of a report, each with its title.
pub fn all(report: &Report) -> Vec<(String, Table)> {
    let comparisons: Vec<&Comparison> = report.comparisons.iter().collect();
    let comparisons = of_comparisons(&comparisons, &report.machine).into_iter();
    let comparisons = comparisons.map(|(title, table)| (title.to_owned(), table));
    let loads = report.loads.iter().map(|it| {
        let title = format!("{} under load, {}", it.name, it.what());
        (title, load(it))
    });
    let curves = report.curves.iter().map(|it| {
        let ideal = it.ideal.map(|ideal| format!(" ({ideal} s at best)"));
        let title = format!("{}{}", it.name, ideal.unwrap_or_default());
        (title, curve(it))
    });
    comparisons.chain(loads).chain(curves).collect()
}
