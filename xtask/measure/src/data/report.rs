//! All that was measured.

use serde::{Deserialize, Serialize};

use super::comparison::Comparison;
use super::curve::Curve;
use super::load::Load;
use super::machine::Machine;

/// The version of the JSON, which `xtask/README.md` describes: it grows when a field changes its
/// meaning or goes away.
pub const SCHEMA: u32 = 3;

/// All that `bench`, `scale` or `results` has measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    #[must_use]
    pub fn new(machine: Machine, site: Option<String>) -> Self {
        Self {
            schema: SCHEMA,
            machine,
            site,
            comparisons: Vec::new(),
            loads: Vec::new(),
            curves: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether a comparison, curve or load of this name is in it.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.comparisons.iter().any(|it| it.name == name)
            || self.loads.iter().any(|it| it.name == name)
            || self.curves.iter().any(|it| it.name == name)
    }
}
