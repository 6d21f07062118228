//! What a run cost.

use serde::{Deserialize, Serialize};

use crate::stats::{deviation, median};

/// What a run cost. What the system does not tell is `None`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
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

/// A median and the median deviation from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The median absolute deviation.
    pub deviation: f64,
}

impl Spread {
    /// Of these values.
    pub fn of(values: &[f64]) -> Self {
        Self {
            median: median(values),
            deviation: deviation(values),
        }
    }
}

/// The median CPU time in seconds, where all runs tell it.
pub fn cpu(runs: &[Cost]) -> Option<f64> {
    let known: Option<Vec<f64>> = runs.iter().map(|run| run.cpu).collect();
    known.filter(|it| !it.is_empty()).map(|it| median(&it))
}

/// The median peak memory in MiB, where all runs tell it.
pub fn mebibytes(runs: &[Cost]) -> Option<f64> {
    let in_mebibytes = |run: &Cost| Some(run.peak_memory? as f64 / 1024.0 / 1024.0);
    let known: Option<Vec<f64>> = runs.iter().map(in_mebibytes).collect();
    known.filter(|it| !it.is_empty()).map(|it| median(&it))
}
