//! What was measured, as plain data that JSON holds. Times are in seconds, memory is in bytes; what
//! the system does not tell is `None`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::stats::median_of;

/// The version of the JSON. It grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 4;

/// All that `bench`, `scale` or `results` has measured.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Report {
    /// The version of the JSON.
    pub schema: u32,
    /// The machine that it was measured on.
    pub machine: Machine,
    /// The site that the web listings asked, if it was the reader's own.
    pub site: Option<String>,
    /// Programs that were compared.
    pub comparisons: Vec<Comparison>,
    /// Programs whose cost grew with their work.
    pub curves: Vec<Curve>,
    /// How many cores others kept busy meanwhile, on average, by the name of what was measured:
    /// other programs, and the host of a virtual machine.
    pub disturbances: BTreeMap<String, f64>,
    /// What was left out, by the reason: `go is not installed`, and the programs.
    pub left_out: BTreeMap<String, Vec<String>>,
}

impl Report {
    /// Nothing measured yet.
    pub fn new(machine: Machine, site: Option<String>) -> Self {
        Self {
            schema: SCHEMA,
            machine,
            site,
            ..Self::default()
        }
    }

    /// Reads one from its JSON.
    ///
    /// # Errors
    /// If the file cannot be read, or is none of these, or of another version.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let read = || {
            let value: serde_json::Value = serde_json::from_slice(&fs::read(path)?)?;
            let same = value["schema"] == SCHEMA;
            ensure!(same, "it is not a report of this version ({SCHEMA})");
            Ok(serde_json::from_value(value)?)
        };
        read().with_context(|| format!("cannot read {}", path.display()))
    }

    /// As JSON.
    ///
    /// # Errors
    /// Never, but for a bug in JSON's own library.
    pub fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// What a reader has to know to compare figures.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Machine {
    /// The processor's name, or its architecture if the system does not tell.
    pub processor: String,
    /// The cores that programs may use.
    pub cores: usize,
    /// The operating system.
    pub system: String,
    /// What `rustc --version` prints.
    pub rustc: String,
    /// How long a process that does nothing takes at least.
    pub start_up: Option<f64>,
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = if self.cores == 1 { "core" } else { "cores" };
        let (processor, count) = (&self.processor, self.cores);
        write!(
            f,
            "{processor}, {count} {cores}, {}, {}",
            self.system, self.rustc
        )
    }
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Cost {
    /// From start to end of the process.
    pub wall: f64,
    /// The measured part, if the program tells its time itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<f64>,
    /// CPU time of the whole process, all threads and the system's work for it.
    pub cpu: Option<f64>,
    /// The most memory that it held at any time.
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

/// The median time.
pub fn seconds(runs: &[Cost]) -> Option<f64> {
    median_of(runs, |run| Some(run.time()))
}

/// How many cores the runs kept busy: CPU time divided by wall time.
pub fn cores_busy(runs: &[Cost]) -> Option<f64> {
    median_of(runs, |run| Some(run.cpu? / run.wall))
}

/// The median peak memory in bytes, if all runs tell it.
pub fn memory(runs: &[Cost]) -> Option<f64> {
    median_of(runs, |run| Some(run.peak_memory? as f64))
}

/// A comparison and what was measured of it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Comparison {
    /// The chapter's package.
    pub chapter: String,
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What the work is made of; without it, concurrency is not what the contenders gain by.
    pub work: Option<Work>,
    /// Whether its programs start others, of which the largest one's memory is what is known.
    pub processes: bool,
    /// The programs: first the baseline, then its contenders, then those in other languages.
    pub programs: Vec<Program>,
}

/// What the work is made of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Work {
    /// What it does.
    pub kind: WorkKind,
    /// How many times its longest part the whole work takes; a whole number means equal parts.
    pub overlap: f64,
}

/// What keeps the work from being faster.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// It waits, and everything can wait at once.
    Wait,
    /// It computes, at most one part on each core.
    Cpu,
}

/// A program and its runs. Runs of one round have the same place in the lists of a comparison.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Program {
    /// The binary or file and its arguments.
    pub program: String,
    /// What a table calls it.
    pub label: String,
    /// What it is in the comparison.
    pub role: Role,
    /// The programs of this comparison that do the same work in the same way, for one in another
    /// language.
    pub beside: Vec<String>,
    /// How many parts of the work it lets go on at once, if not all.
    pub at_once: Option<f64>,
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

impl Program {
    /// Whether it tells the time of a part itself, in each run.
    pub fn has_part(&self) -> bool {
        self.runs.iter().all(|run| run.part.is_some())
    }
}

impl Comparison {
    /// The program that the contenders are compared with.
    pub fn baseline(&self) -> Option<&Program> {
        let mut programs = self.programs.iter();
        programs.find(|program| program.role == Role::Baseline)
    }
}

/// How the cost of programs grew with their work.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What is counted.
    pub axis: String,
    /// The programs.
    pub series: Vec<Series>,
}

/// One program of a curve.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Series {
    /// Its name and arguments.
    pub program: String,
    /// What was measured, by count.
    pub points: Vec<Point>,
}

/// The runs of a program at one count.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Point {
    /// How many.
    pub count: usize,
    /// Each run.
    pub runs: Vec<Cost>,
}
