//! What was measured as short rows, which the terminal, the pages and the figures show.

use crate::data::{Comparison, Load, Machine, Program, Report, Role, Server};
use crate::data::{cores_busy, cpu, memory, seconds};
use crate::possible::{Ratio, speed_up};
use crate::stats::{Interval, median};
use crate::text::{self, count, digits, thousands, time};

/// With fewer connections a page of memory more or less says nothing of each.
const MANY: usize = 50;

/// Peaks up to this much above the floor cannot be told from it.
const NEAR_FLOOR: f64 = 1.02;

/// A contender below this part of what is possible is slower than it could be.
const REACHED: f64 = 0.9;

/// A program that takes longer than this many start-ups is not timed by its start.
const START_UPS: f64 = 10.0;

/// One program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// What it belongs to: a comparison, or a number of clients.
    pub group: String,
    /// What it is called.
    pub name: String,
    /// How long it takes, or how much it does per second.
    pub value: String,
    /// How many times faster it is than another one.
    pub relation: String,
    /// What is possible, and what keeps it from that.
    pub note: String,
    /// All else that is known.
    pub details: String,
    /// How many rounds it rests on.
    pub rounds: usize,
    /// The value as a number, for a bar.
    pub size: f64,
}

impl Row {
    /// How it compares with another one.
    pub fn compared(&self) -> String {
        format!("{} {}", self.relation, self.note).trim().to_owned()
    }

    /// All of it in a sentence.
    pub fn sentence(&self) -> String {
        let sentence = format!("{}: {}, {}", self.name, self.value, self.compared());
        sentence.trim_end_matches([',', ' ']).to_owned()
    }
}

/// All comparisons and servers of a report.
pub fn of(report: &Report) -> Vec<Row> {
    let machine = &report.machine;
    let comparisons = report.comparisons.iter();
    let comparisons = comparisons.flat_map(|it| of_comparison(it, machine));
    comparisons
        .chain(report.loads.iter().flat_map(of_load))
        .collect()
}

/// The programs of a comparison.
pub fn of_comparison(comparison: &Comparison, machine: &Machine) -> Vec<Row> {
    let rows = comparison.programs.iter().map(|program| {
        let size = seconds(&program.runs).unwrap_or(f64::NAN);
        let (ratio, relation) = compared(comparison, program).unzip();
        Row {
            group: comparison.name.clone(),
            name: program.label.clone(),
            value: time(size),
            relation: relation.unwrap_or_default(),
            note: note(comparison, program, ratio.as_ref(), machine),
            details: details(comparison, program, ratio.as_ref(), machine),
            rounds: program.runs.len(),
            size,
        }
    });
    rows.collect()
}

/// A contender beside the baseline, or a program in another language beside the first that does
/// the same work.
fn compared(comparison: &Comparison, program: &Program) -> Option<(Ratio, String)> {
    match program.role {
        Role::Baseline => None,
        Role::Contender => {
            let ratio = speed_up(comparison.baseline()?, program);
            let relation = relation(&ratio, ["faster", "slower"]);
            Some((ratio, relation))
        }
        Role::Peer | Role::Book => {
            let mut programs = comparison.programs.iter();
            let ours = programs.find(|it| program.beside.contains(&it.program))?;
            let ratio = speed_up(program, ours);
            Some((ratio, than(&ratio, ["slower", "faster"], &ours.label)))
        }
    }
}

/// What it is if the ratio is above one, and if it is below.
fn relation(ratio: &Ratio, [above, below]: [&str; 2]) -> String {
    match ratio.median {
        _ if ratio.is_even() => "as fast".to_owned(),
        times @ 1.0.. => format!("{} × {above}", digits(times)),
        times => format!("{} × {below}", digits(1.0 / times)),
    }
}

fn than(ratio: &Ratio, words: [&str; 2], other: &str) -> String {
    let than = if ratio.is_even() { "as" } else { "than" };
    format!("{} {than} {other}", relation(ratio, words))
}

fn note(
    comparison: &Comparison,
    program: &Program,
    ratio: Option<&Ratio>,
    machine: &Machine,
) -> String {
    let mut notes = Vec::new();
    if program.role == Role::Contender
        && let Some(possible) = comparison.possible(program, machine.cores)
    {
        let of = if ratio.is_some_and(Ratio::is_even) {
            ""
        } else {
            "of "
        };
        notes.push(format!("{of}{} possible", count(possible)));
        let busy = cores_busy(&program.runs);
        let below = ratio.is_some_and(|ratio| ratio.median < REACHED * possible);
        notes.extend(
            busy.filter(|_| below)
                .map(|busy| format!("{} cores busy", digits(busy))),
        );
    }
    notes.extend(start_up(program, machine).map(|part| format!("{part:.0} % of it start-up")));
    notes.join(", ")
}

/// The percentage of a short program's time that is the start of its process.
fn start_up(program: &Program, machine: &Machine) -> Option<f64> {
    let ours = matches!(program.role, Role::Baseline | Role::Contender);
    let (start_up, time) = (machine.start_up?, seconds(&program.runs)?);
    let short = time < START_UPS * start_up;
    (ours && short && !program.has_part()).then(|| 100.0 * (start_up / time).min(1.0))
}

fn details(
    comparison: &Comparison,
    program: &Program,
    ratio: Option<&Ratio>,
    machine: &Machine,
) -> String {
    let floor = machine
        .memory_floor
        .map_or(0.0, |it| it as f64 * NEAR_FLOOR);
    let at_most = |peak| if peak <= floor { "at most " } else { "" };
    // Of several processes only the largest one's is known.
    let peak = memory(&program.runs).filter(|_| !comparison.processes);
    let times = ratio.map(|it| it.interval);
    joined([
        Some(range(&program.times(), time)),
        times.map(|it| format!("{} to {} ×", digits(it.low), digits(it.high))),
        cpu(&program.runs).map(|it| format!("{} of CPU", time(it))),
        cores_busy(&program.runs).map(|it| format!("{} cores busy", digits(it))),
        peak.map(|it| format!("{}{}", at_most(it), text::memory(it))),
        program.book.map(|it| format!("the book: {}", time(it))),
    ])
}

fn range(values: &[f64], shown: fn(f64) -> String) -> String {
    let Interval {
        low,
        high,
        exact,
        count,
    } = Interval::of(values);
    let kind = if exact { "95 % interval" } else { "range" };
    format!(
        "{} to {} ({kind} of {count} rounds)",
        shown(low),
        shown(high)
    )
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    let known: Vec<String> = parts.into_iter().flatten().collect();
    known.join("; ")
}

/// Servers under load.
pub fn of_load(load: &Load) -> Vec<Row> {
    let rows = load.servers.iter().map(|server| {
        let size = median(&server.trips_per_second);
        let reference = load.reference(server).filter(|_| !server.reference);
        let relation = reference.map(|reference| {
            let ratio = Ratio::of(&server.trips_per_second, &reference.trips_per_second);
            than(&ratio, ["faster", "slower"], &reference.server)
        });
        let all = server.served == server.connections;
        let served = format!("serves {} of {}", server.served, server.connections);
        let plural = if server.connections == 1 { "" } else { "s" };
        Row {
            group: format!(
                "{}, {} client{plural}",
                load.name,
                thousands(server.connections)
            ),
            name: server.server.clone(),
            value: per_second(size),
            relation: relation.filter(|_| all).unwrap_or_default(),
            note: if all { String::new() } else { served },
            details: server_details(server),
            rounds: server.trips_per_second.len(),
            size,
        }
    });
    rows.collect()
}

fn server_details(server: &Server) -> String {
    let many = server.connections >= MANY;
    let memory = server.memory_per_connection.filter(|_| many);
    joined([
        Some(range(&server.trips_per_second, per_second)),
        Some(format!("99 of 100 within {}", time(server.p99_us / 1e6))),
        server
            .cpu_us_per_trip
            .map(|it| format!("{} of CPU for each trip", time(it / 1e6))),
        memory.map(|it| format!("{} KiB for each client", digits(it / 1024.0))),
    ])
}

fn per_second(trips: f64) -> String {
    format!("{}/s", thousands(trips.round() as usize))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::data::{Cost, Work, WorkKind};

    /// A program that took these seconds, and this part of a core.
    pub fn program(role: Role, label: &str, busy: f64, times: &[f64]) -> Program {
        let runs = times.iter().map(|&wall| Cost {
            wall,
            cpu: Some(wall * busy),
            peak_memory: Some(4 * 1024 * 1024),
            ..Cost::default()
        });
        Program {
            program: label.replace(' ', "_"),
            label: label.to_owned(),
            role,
            runs: runs.collect(),
            ..Program::default()
        }
    }

    /// A hundred requests, one by one and together, and the book's program.
    pub fn requests() -> Comparison {
        let mut book = program(Role::Book, "Python 4.6", 0.9, &[0.051, 0.052, 0.050]);
        book.beside = vec!["4.6".to_owned()];
        Comparison {
            chapter: "ch04-web".into(),
            name: "100 requests".into(),
            lesson: Some("They wait together.".into()),
            work: Some(Work {
                kind: WorkKind::Wait,
                overlap: 100.0,
            }),
            programs: vec![
                program(Role::Baseline, "4.6 (sequential)", 0.01, &[2.2, 2.21, 2.2]),
                program(Role::Contender, "4.6", 0.2, &[0.035, 0.034, 0.036]),
                book,
            ],
            ..Comparison::default()
        }
    }

    /// Two cores, and a start-up of 840 µs.
    pub fn machine() -> Machine {
        Machine {
            cores: 2,
            start_up: Some(0.000_84),
            memory_floor: Some(1024 * 1024),
            ..Machine::default()
        }
    }

    #[test]
    fn a_row_says_what_is_possible_and_what_keeps_it_from_that() {
        let sentences = |machine: &Machine| {
            let rows = of_comparison(&requests(), machine);
            rows.iter().map(Row::sentence).collect::<Vec<_>>()
        };
        assert_eq!(
            sentences(&machine()),
            [
                "4.6 (sequential): 2.20 s",
                "4.6: 35.0 ms, 62.9 × faster of 100 possible, 0.20 cores busy",
                "Python 4.6: 51.0 ms, 1.46 × slower than 4.6"
            ]
        );
        let rows = of_comparison(&requests(), &machine());
        assert_eq!(
            rows[1].details,
            "34.0 ms to 36.0 ms (range of 3 rounds); 61.1 to 65.0 ×; 7.00 ms of CPU; \
             0.20 cores busy; 4.00 MiB"
        );
    }

    #[test]
    fn a_row_under_ten_start_ups_says_what_share_they_are() {
        let mut comparison = requests();
        comparison.work = None;
        comparison.programs.truncate(1);
        let merged = program(Role::Contender, "counter_merged", 1.0, &[0.0025; 6]);
        comparison.programs.push(merged);
        let note = |comparison: &Comparison| of_comparison(comparison, &machine())[1].note.clone();
        assert_eq!(note(&comparison), "34 % of it start-up");
        // One that tells the time of its work is not timed by its start.
        for run in &mut comparison.programs[1].runs {
            run.part = Some(0.0016);
        }
        assert_eq!(note(&comparison), "");
    }

    #[test]
    fn a_server_is_compared_with_the_last_listing_at_its_connections() {
        let server = |name: &str, connections, served, trips: &[f64]| Server {
            connections,
            served,
            server: name.into(),
            reference: name == "3.8",
            trips_per_second: trips.to_vec(),
            ..Server::default()
        };
        let load = Load {
            name: "echo".into(),
            servers: vec![
                server("3.3", 50, 1, &[40.0]),
                server("3.8", 1, 1, &[10.0]),
                server("3.8", 50, 50, &[2000.0, 2000.0, 2000.0]),
                server("Go", 50, 50, &[4000.0, 5000.0, 6000.0]),
            ],
            ..Load::default()
        };
        let rows = of_load(&load);
        assert_eq!(
            (rows[0].relation.as_str(), rows[0].note.as_str()),
            ("", "serves 1 of 50")
        );
        assert_eq!(rows[1].group, "echo, 1 client");
        assert_eq!(rows[3].sentence(), "Go: 5,000/s, 2.50 × faster than 3.8");
    }
}
