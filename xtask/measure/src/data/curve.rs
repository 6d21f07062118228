//! How the cost of programs grew with their work.

use serde::{Deserialize, Serialize};

use super::cost::{Cost, cpu, mebibytes, times};
use super::machine::Disturbance;
use crate::stats::median;

/// Some programs at growing counts.
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

impl Point {
    /// The median time in seconds.
    pub fn wall(&self) -> Option<f64> {
        (!self.runs.is_empty()).then(|| median(&times(&self.runs)))
    }

    /// The median CPU time in seconds, where it is known.
    pub fn cpu(&self) -> Option<f64> {
        cpu(&self.runs)
    }

    /// The median peak memory in MiB, where it is known.
    pub fn memory(&self) -> Option<f64> {
        mebibytes(&self.runs)
    }
}

impl Curve {
    /// A row for each count and program, counts together.
    pub fn rows(&self) -> Vec<(usize, &str, &Point)> {
        let mut rows: Vec<_> = self
            .series
            .iter()
            .flat_map(|series| {
                let points = series.points.iter();
                points.map(|point| (point.count, series.program.as_str(), point))
            })
            .collect();
        // A stable sort: programs keep their order.
        rows.sort_by_key(|(count, _, _)| *count);
        rows
    }
}
