//! The tables of a report.

use super::table::{Cell, Row, Table, thousands};
use crate::data::comparison::{Comparison, Entry, Role};
use crate::data::cost::{Cost, Spread, cpu, mebibytes, times};
use crate::data::curve::{Curve, Point};
use crate::data::load::{Load, Server};
use crate::data::machine::Machine;
use crate::data::report::Report;
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

/// The peak memory, or the floor below which nothing is seen. A star marks a timed part, a dagger
/// the largest of several processes.
fn memory(runs: &[Cost], machine: &Machine) -> Cell {
    let floor = machine.memory_floor.map(|it| it as f64 / 1024.0 / 1024.0);
    match (mebibytes(runs), floor) {
        (Some(peak), Some(floor)) if peak <= floor * NEAR_FLOOR => Cell::AtMost(floor),
        (peak, _) => Cell::known(peak),
    }
}

fn spread(entry: &Entry) -> Cell {
    Cell::Spread(Spread::of(&entry.times()))
}

fn name(comparison: &Comparison, entry: &Entry) -> String {
    let timed_part = entry.runs.iter().any(|run| run.part.is_some());
    let marks = [(timed_part, "*"), (comparison.processes, "†")];
    let marks = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark);
    format!("{}{}", entry.label, marks.collect::<String>())
}

/// What concurrency buys: comparisons that have a bound.
pub fn concurrency(comparisons: &[&Comparison], machine: &Machine) -> Table {
    let chosen = comparisons.iter().filter(|it| it.bound.is_some());
    let mut table = Table {
        name: "concurrency",
        keys: ["comparison", "program"],
        headings: vec![
            "seconds",
            "times faster",
            "of its limit",
            "CPU s",
            "MiB",
            "book",
        ],
        rows: Vec::new(),
        legend: CONCURRENCY,
    };
    for comparison in chosen {
        rows(&mut table, comparison, |baseline, entry| {
            let verdict = verdict(comparison, baseline, entry, machine);
            let book = baseline.book.zip(entry.book).map(|(a, b)| a / b);
            let tail = [
                Cell::known(cpu(&entry.runs)),
                memory(&entry.runs, machine),
                Cell::known(book),
            ];
            let judged = verdict.map_or(Cell::Nothing, Cell::Verdict);
            std::iter::once(judged).chain(tail).collect()
        });
    }
    table
}

/// One program against another: comparisons without a bound.
pub fn against(comparisons: &[&Comparison], machine: &Machine) -> Table {
    let chosen = comparisons.iter().filter(|it| it.bound.is_none());
    let mut table = Table {
        name: "against",
        keys: ["A against B", "program"],
        headings: vec!["seconds", "times faster", "CPU s", "MiB"],
        rows: Vec::new(),
        legend: AGAINST,
    };
    for comparison in chosen {
        rows(&mut table, comparison, |_, entry| {
            vec![Cell::known(cpu(&entry.runs)), memory(&entry.runs, machine)]
        });
    }
    table
}

/// A row for the baseline and for each contender.
fn rows(table: &mut Table, comparison: &Comparison, more: impl Fn(&Entry, &Entry) -> Vec<Cell>) {
    let mut add = |entry: &Entry, cells: Vec<Cell>| {
        table.rows.push(Row {
            group: comparison.name.clone(),
            name: name(comparison, entry),
            cells,
        });
    };
    let Some(baseline) = comparison.baseline() else {
        return;
    };
    let mut cells = vec![spread(baseline), Cell::Nothing];
    let mut others = more(baseline, baseline);
    if comparison.bound.is_some() {
        others[0] = Cell::Nothing;
    }
    if let Some(book) = others.last_mut().filter(|_| comparison.bound.is_some()) {
        *book = Cell::Nothing;
    }
    cells.extend(others);
    add(baseline, cells);
    for (baseline, contender) in comparison.pairs() {
        let mut cells = vec![
            spread(contender),
            Cell::Ratio(speed_up(baseline, contender)),
        ];
        cells.extend(more(baseline, contender));
        add(contender, cells);
    }
}

/// Programs in other languages, each beside the listing that does the same: the peers, or the
/// book's own.
pub fn beside(comparisons: &[&Comparison], machine: &Machine, role: Role) -> Table {
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
        rows: Vec::new(),
        legend: BESIDE,
    };
    for comparison in comparisons {
        for (other, ours) in comparison.beside().filter(|it| it.0.role == role) {
            table.rows.push(Row {
                group: comparison.name.clone(),
                name: name(comparison, other),
                cells: vec![
                    spread(other),
                    Cell::Text(ours.label.clone()),
                    spread(ours),
                    Cell::Ratio(speed_up(other, ours)),
                    memory(&other.runs, machine),
                    memory(&ours.runs, machine),
                ],
            });
        }
    }
    table
}

/// Servers under load.
pub fn load(load: &Load) -> Table {
    let row = |server: &Server| {
        let thousands: Vec<f64> = server.trips_per_second.iter().map(|it| it / 1e3).collect();
        let memory = server.memory_per_connection.map(|bytes| bytes / 1024.0);
        let relation = relation(load, server).filter(|_| !server.reference);
        Row {
            group: match server.connections {
                1 => "1 connection".to_owned(),
                many => format!("{many} connections"),
            },
            name: server.server.clone(),
            cells: vec![
                Cell::Spread(Spread::of(&thousands)),
                relation.map_or(Cell::Nothing, Cell::Ratio),
                Cell::Quantity(server.p50_us / 1000.0),
                Cell::Quantity(server.p99_us / 1000.0),
                Cell::known(server.cpu_us_per_trip),
                Cell::known(memory.filter(|_| server.connections >= MANY)),
                Cell::Text(format!("{} of {}", server.served, server.connections)),
            ],
        }
    };
    Table {
        name: "load",
        keys: ["connections", "server"],
        headings: vec![
            "1,000/s", "relation", "p50 ms", "p99 ms", "CPU µs", "KiB each", "served",
        ],
        rows: load.servers.iter().map(row).collect(),
        legend: LOADED,
    }
}

/// A curve's points.
pub fn curve(curve: &Curve) -> Table {
    let rows = curve.rows();
    let row = |(count, program, point): &(usize, &str, &Point)| Row {
        group: format!("{} {}", thousands(*count), curve.axis),
        name: (*program).to_owned(),
        cells: vec![
            Cell::Spread(Spread::of(&times(&point.runs))),
            Cell::known(point.cpu()),
            Cell::known(point.memory()),
            Cell::Number(point.runs.len() as f64, 0),
        ],
    };
    Table {
        name: "curve",
        keys: ["count", "program"],
        headings: vec!["seconds", "CPU s", "MiB", "rounds"],
        rows: rows.iter().map(row).collect(),
        legend: "",
    }
}

/// All tables of a report, each with its title.
pub fn all(report: &Report) -> Vec<(String, Table)> {
    let comparisons: Vec<&Comparison> = report.comparisons.iter().collect();
    let machine = &report.machine;
    let mut all = vec![
        (
            "What concurrency buys".to_owned(),
            concurrency(&comparisons, machine),
        ),
        ("A against B".to_owned(), against(&comparisons, machine)),
        (
            "Other languages beside Rust".to_owned(),
            beside(&comparisons, machine, Role::Peer),
        ),
        (
            "The book's Python beside Rust, same machine, same site".to_owned(),
            beside(&comparisons, machine, Role::Book),
        ),
    ];
    for it in &report.loads {
        all.push((format!("{} under load, {}", it.name, it.what()), load(it)));
    }
    for it in &report.curves {
        let ideal = it.ideal.map(|it| format!(" ({it} s at best)"));
        let title = format!("{}{}", it.name, ideal.unwrap_or_default());
        all.push((title, curve(it)));
    }
    all.retain(|(_, table)| !table.rows.is_empty());
    all
}
