//! Programs that were compared.

use serde::{Deserialize, Serialize};
use xtask::workspace::tables::WorkKind;

use super::cost::{Cost, times};
use super::machine::Disturbance;

/// A comparison and what was measured of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Deserialize, Serialize)]
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
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What the contenders are compared with.
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
}

impl Comparison {
    /// The program that the contenders are compared with.
    pub fn baseline(&self) -> Option<&Entry> {
        self.with_role(Role::Baseline).next()
    }

    /// The programs of one role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Entry> {
        self.programs.iter().filter(move |entry| entry.role == role)
    }

    /// Each contender with the baseline.
    pub fn pairs(&self) -> impl Iterator<Item = (&Entry, &Entry)> {
        let contenders = self.with_role(Role::Contender);
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
