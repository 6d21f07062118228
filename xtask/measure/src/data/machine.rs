//! The machine that the figures come from.

use serde::{Deserialize, Serialize};

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

impl Machine {
    /// Whether times that were measured on both can be compared.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.processor, self.cores) == (&other.processor, other.cores)
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
