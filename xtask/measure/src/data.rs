//! What was measured, as plain data that JSON holds. `xtask/README.md` describes the JSON.

use std::fmt;

use serde::{Deserialize, Serialize};
use xtask::workspace::tables::{Behaviour, WorkKind};

use crate::stats::median_of;

/// The version of the JSON: it grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 3;

/// All that `bench`, `scale` or `results` has measured.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Report {
    /// The version of the JSON.
    pub schema: u32,
    /// The machine that it was measured on.
    pub machine: Machine,
    /// The site that the web listings used, where it is the reader's own.
    pub site: Option<String>,
    /// Programs that were compared.
    pub comparisons: Vec<Comparison>,
    /// Servers that were under load.
    pub loads: Vec<Load>,
    /// Programs whose cost grew with their work.
    pub curves: Vec<Curve>,
    /// What was left out as a whole, with the reasons.
    pub notes: Vec<String>,
}

impl Report {
    /// An empty report.
    pub fn new(machine: Machine, site: Option<String>) -> Self {
        Self {
            schema: SCHEMA,
            machine,
            site,
            ..Self::default()
        }
    }

    /// Whether a comparison, curve or load of this name is in it.
    pub fn has(&self, name: &str) -> bool {
        self.comparisons.iter().any(|it| it.name == name)
            || self.loads.iter().any(|it| it.name == name)
            || self.curves.iter().any(|it| it.name == name)
    }
}

/// What a reader has to know to compare figures.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Machine {
    /// The processor's name, or its architecture where the system does not tell.
    pub processor: String,
    /// The cores that programs may use.
    pub cores: usize,
    /// The operating system.
    pub system: String,
    /// What `rustc --version` prints.
    pub rustc: String,
    /// How many threads wanted to run, on average over the last minute, where the system tells.
    pub load: Option<f64>,
    /// The peak memory of a process that does nothing, in bytes: no less can be seen.
    pub memory_floor: Option<u64>,
    /// How fast memory can be read, where something that only reads memory was measured.
    pub bandwidth: Option<Bandwidth>,
}

/// How fast memory can be read, in bytes per second.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bandwidth {
    /// By one thread.
    pub one: f64,
    /// By a thread on each core.
    pub all: f64,
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = if self.cores == 1 { "core" } else { "cores" };
        write!(
            f,
            "{}, {} {cores}, {}, {}",
            self.processor, self.cores, self.system, self.rustc
        )
    }
}

/// What others did on the machine while something was measured.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Disturbance {
    /// How many cores other programs kept busy, on average.
    pub others: f64,
    /// How many cores the host of a virtual machine took away, on average.
    pub stolen: f64,
}

/// What a run cost. What the system does not tell is `None`.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Cost {
    /// From start to end, in seconds.
    pub wall: f64,
    /// The seconds of the measured part, where the program tells them itself.
    pub part: Option<f64>,
    /// CPU time of the whole process, all threads and the system's work for it, in seconds.
    pub cpu: Option<f64>,
    /// The most memory that it held at any time, in bytes.
    pub peak_memory: Option<u64>,
}

impl Cost {
    /// The time that counts: that of the measured part, or of the whole process.
    pub fn time(&self) -> f64 {
        self.part.unwrap_or(self.wall)
    }
}

/// The times of some runs.
pub fn times(runs: &[Cost]) -> Vec<f64> {
    runs.iter().map(Cost::time).collect()
}

/// The median time in seconds.
pub fn seconds(runs: &[Cost]) -> Option<f64> {
    median_of(runs, |run| Some(run.time()))
}

/// The median CPU time in seconds, where all runs tell it.
pub fn cpu(runs: &[Cost]) -> Option<f64> {
    median_of(runs, |run| run.cpu)
}

/// The median peak memory in MiB, where all runs tell it.
pub fn mebibytes(runs: &[Cost]) -> Option<f64> {
    median_of(runs, |run| Some(run.peak_memory? as f64 / 1024.0 / 1024.0))
}

/// A comparison and what was measured of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Comparison {
    /// The chapter's package.
    pub chapter: String,
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What limits the contenders; without it, concurrency is not what they gain by.
    pub bound: Option<Bound>,
    /// Whether its programs start others, of which the largest one's memory is what is known.
    pub processes: bool,
    /// The programs: first the baseline, then its contenders, then those in other languages.
    pub programs: Vec<Entry>,
    /// What others did on the machine meanwhile, where the system tells.
    pub disturbance: Option<Disturbance>,
    /// What was left out or not reached, with the reasons.
    pub notes: Vec<String>,
}

/// What the work is made of.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Bound {
    /// What it does.
    pub kind: WorkKind,
    /// How many times its longest part the whole work takes; whole: that many equal parts.
    pub overlap: f64,
}

/// A program and its runs. Runs of one round have the same place in the lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Entry {
    /// The binary or file and its arguments.
    pub program: String,
    /// What a table calls it.
    pub label: String,
    /// What it is in the comparison.
    pub role: Role,
    /// The programs of this comparison that do the same work in the same way, for one in another
    /// language.
    pub beside: Vec<String>,
    /// How many parts of the work it lets wait or compute at once, where that is not all.
    pub at_once: Option<f64>,
    /// How many threads it computes on, where that is not one for each core.
    pub threads: Option<usize>,
    /// The seconds that the book prints for it.
    pub book: Option<f64>,
    /// Its runs.
    pub runs: Vec<Cost>,
}

/// What a program is in its comparison.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What the contenders are compared with.
    #[default]
    Baseline,
    /// What competes with it.
    Contender,
    /// The same as a contender in another language, from `xtask/peers`.
    Peer,
    /// The book's own program.
    Book,
}

impl Entry {
    /// The time of each run, in seconds.
    pub fn times(&self) -> Vec<f64> {
        times(&self.runs)
    }

    /// Whether it tells the time of a part itself, in each run.
    pub fn has_part(&self) -> bool {
        self.runs.iter().all(|run| run.part.is_some())
    }
}

impl Comparison {
    /// The program that the contenders are compared with.
    pub fn baseline(&self) -> Option<&Entry> {
        let mut programs = self.programs.iter();
        programs.find(|entry| entry.role == Role::Baseline)
    }

    /// Each contender with the baseline.
    pub fn pairs(&self) -> impl Iterator<Item = (&Entry, &Entry)> {
        let programs = self.programs.iter();
        let contenders = programs.filter(|entry| entry.role == Role::Contender);
        contenders.filter_map(|contender| Some((self.baseline()?, contender)))
    }

    /// Each program in another language with each that it stands beside.
    pub fn beside(&self) -> impl Iterator<Item = (&Entry, &Entry)> {
        self.programs.iter().flat_map(|other| {
            let ours = self.programs.iter();
            let ours = ours.filter(|entry| other.beside.contains(&entry.program));
            ours.map(move |ours| (other, ours))
        })
    }
}

/// A comparison of servers and what was measured of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Load {
    /// The chapter's package.
    pub chapter: String,
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What the clients did.
    pub clients: Behaviour,
    /// An entry for each number of connections and server.
    pub servers: Vec<Server>,
    /// What others did on the machine meanwhile, where the system tells.
    pub disturbance: Option<Disturbance>,
    /// What was left out, with the reasons.
    pub notes: Vec<String>,
}

/// One server at one number of connections. Rounds have the same place in all lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Server {
    /// The number of clients.
    pub connections: usize,
    /// The server.
    pub server: String,
    /// The server that it is compared with, the last of the chapter's own.
    pub reference: bool,
    /// How many clients got an answer at all, in the worst round.
    pub served: usize,
    /// Round trips per second, or messages delivered.
    pub trips_per_second: Vec<f64>,
    /// The seconds of the shortest measurement.
    pub window: f64,
    /// Half of the round trips took no longer, in microseconds.
    pub p50_us: f64,
    /// Of a hundred round trips ninety-nine took no longer, in microseconds.
    pub p99_us: f64,
    /// What each idle connection added to the server's memory, in bytes, where the system tells.
    pub memory_per_connection: Option<f64>,
    /// The most memory that the server held under load, in bytes, where the system tells.
    pub peak_memory: Option<u64>,
    /// The server's CPU time for each round trip or delivery, in microseconds, where the system
    /// tells.
    pub cpu_us_per_trip: Option<f64>,
}

impl Load {
    /// What is counted.
    pub fn what(&self) -> &'static str {
        match self.clients {
            Behaviour::Echo => "round trips",
            Behaviour::Chat => "deliveries",
        }
    }

    /// The server that the others are compared with, at the same number of connections.
    pub fn reference(&self, server: &Server) -> Option<&Server> {
        let mut servers = self.servers.iter();
        servers.find(|it| it.reference && it.connections == server.connections)
    }
}

/// How the cost of programs grew with their work.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What is counted.
    pub axis: String,
    /// The seconds that it takes however many there are.
    pub ideal: Option<f64>,
    /// The programs.
    pub series: Vec<Series>,
    /// What others did on the machine meanwhile, where the system tells.
    pub disturbance: Option<Disturbance>,
    /// What was left out, with the reasons.
    pub notes: Vec<String>,
}

/// One program.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Series {
    /// Its name and arguments.
    pub program: String,
    /// What was measured, by count.
    pub points: Vec<Point>,
}

/// The runs of a program at one count.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Point {
    /// How many.
    pub count: usize,
    /// Each run.
    pub runs: Vec<Cost>,
}

impl Curve {
    /// Each point with its program, counts together.
    pub fn rows(&self) -> Vec<(&str, &Point)> {
        let mut rows = Vec::new();
        for series in &self.series {
            rows.extend(series.points.iter().map(|it| (series.program.as_str(), it)));
        }
        // A stable sort: programs keep their order.
        rows.sort_by_key(|(_, point)| point.count);
        rows
    }
}

#[cfg(test)]
mod tests;
