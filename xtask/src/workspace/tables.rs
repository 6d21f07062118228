//! The tables of the chapters' manifests; `xtask/README.md` describes their fields.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[[package.metadata.bench]]`: a program and its contenders.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonTable {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// The program that the others are compared with. With a bound, it does one thing after the
    /// other.
    #[serde(alias = "sequential")]
    pub baseline: String,
    /// The programs that compete with it.
    #[serde(alias = "concurrent")]
    pub contenders: Vec<String>,
    /// What limits the contenders, if they gain by concurrency.
    pub bound: Option<Work>,
    /// What the book measured.
    pub book: Option<BookFigures>,
    /// The lines that each program must print, in any order; `[..]` matches anything within a line.
    pub expect: Vec<String>,
    /// The line in which each program prints the time of the measured part, with `[..]` for the
    /// seconds. Without it, the time is that of the whole process.
    pub clock: Option<String>,
    /// Programs in `xtask/peers` that do the work of the first contender in another language.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The latency of the example site.
    pub latency_ms: Option<u64>,
    /// The number of rows in the word file, which `NGRAMS_FILE` then names.
    pub ngrams: Option<u64>,
    /// A program that its listings start. If it is not installed, the comparison is skipped.
    pub needs: Option<String>,
    /// Whether its programs start others. The peak memory is then that of the largest process.
    #[serde(default)]
    pub processes: bool,
    /// The book's own program for each program that does the same work.
    #[serde(default)]
    pub python: BTreeMap<String, String>,
    /// Whether `--quick` measures it.
    #[serde(default = "yes")]
    pub quick: bool,
    /// Seconds after which a run counts as hung.
    #[serde(default = "two_minutes")]
    pub limit: f64,
}

fn yes() -> bool {
    true
}

fn two_minutes() -> f64 {
    120.0
}

/// The kind of work in a comparison, and so its limit.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// What the work does.
    pub kind: WorkKind,
    /// The whole work divided by its longest part; a whole number means this many equal parts.
    pub overlap: f64,
    /// For each contender, how many parts can wait or compute at once, if not all.
    #[serde(default)]
    pub at_once: Vec<AtOnce>,
    /// For each contender, how many threads it computes on, if not one for each core.
    #[serde(default)]
    pub threads: Vec<usize>,
}

/// How many parts run at once.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum AtOnce {
    /// This many.
    Number(f64),
    /// `cores + 4`, such as a pool's default.
    Cores(String),
}

impl AtOnce {
    /// The number on a machine with this many cores; `None` if it is neither.
    pub fn on(&self, cores: usize) -> Option<f64> {
        let number = match self {
            Self::Number(number) => *number,
            Self::Cores(text) => {
                let more = text.strip_prefix("cores + ")?;
                cores as f64 + more.parse::<f64>().ok()?
            }
        };
        (number >= 1.0).then_some(number)
    }
}

/// What keeps the work from being faster.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// It waits, and everything can wait at once.
    Wait,
    /// It computes, with at most one part on each core.
    Cpu,
    /// It reads memory, no faster than all cores together can.
    Memory,
}

/// The seconds that the book prints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookFigures {
    /// For the baseline.
    #[serde(alias = "sequential")]
    pub baseline: f64,
    /// For each contender.
    #[serde(alias = "concurrent")]
    pub contenders: Vec<f64>,
}

/// `[[package.metadata.load]]`: servers under load.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadTable {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches, in a sentence.
    pub lesson: Option<String>,
    /// The chapter's server binaries.
    pub servers: Vec<String>,
    /// Their arguments after the address.
    #[serde(default)]
    pub args: Vec<String>,
    /// Files in `xtask/peers`, each optionally with arguments.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The numbers of connections to measure at.
    pub connections: Vec<usize>,
    /// The numbers of connections for `cargo xtask scale`.
    #[serde(default)]
    pub scale: Vec<usize>,
    /// What the clients do.
    #[serde(default)]
    pub clients: Behaviour,
}

/// What the clients of servers do.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Behaviour {
    /// Each sends a message and waits for its echo.
    #[default]
    Echo,
    /// Each sends to a chat room and receives from all.
    Chat,
}

/// `[[package.metadata.scale]]`: programs whose cost grows with a count.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurveTable {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What the count means.
    pub axis: String,
    /// The programs, of any chapter; `{}` is the count.
    pub programs: Vec<String>,
    /// Programs in `xtask/peers`, likewise.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The counts.
    pub steps: Vec<usize>,
    /// The largest count for a program.
    #[serde(default)]
    pub most: BTreeMap<String, usize>,
    /// The shortest possible time in seconds, for any count.
    pub ideal: Option<f64>,
    /// The latency of the example site.
    pub latency_ms: Option<u64>,
}

impl CurveTable {
    /// Whether `program` is run at `step`.
    pub fn reaches(&self, program: &str, step: usize) -> bool {
        self.most.get(program).is_none_or(|most| step <= *most)
    }
}

/// `[[package.metadata.figure]]`: a timeline for a chapter's README.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureTable {
    /// Its path in the chapter's folder.
    pub file: PathBuf,
    /// Its title.
    pub title: String,
    /// The program that it shows, with its arguments.
    pub run: String,
}

/// The binary or file at the beginning of a program's text, and its arguments.
pub fn split(program: &str) -> (&str, Vec<String>) {
    let mut words = program.split_whitespace();
    let binary = words.next().unwrap_or_default();
    (binary, words.map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_split_into_binary_and_arguments() {
        assert_eq!(
            split("listing_1_05 30 31"),
            ("listing_1_05", vec!["30".into(), "31".into()])
        );
        assert_eq!(split("listing_1_05"), ("listing_1_05", vec![]));
    }

    #[test]
    fn a_pool_may_have_more_threads_than_cores() {
        let cores = |text: &str| AtOnce::Cores(text.to_owned()).on(2);
        assert_eq!(cores("cores + 4"), Some(6.0));
        assert_eq!(cores("kernels"), None);
        assert_eq!(AtOnce::Number(10.0).on(2), Some(10.0));
        assert_eq!(AtOnce::Number(0.0).on(2), None);
    }
}
