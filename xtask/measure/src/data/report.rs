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
    pub fn has(&self, name: &str) -> bool {
        self.comparisons.iter().any(|it| it.name == name)
            || self.loads.iter().any(|it| it.name == name)
            || self.curves.iter().any(|it| it.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use xtask::workspace::tables::{Behaviour, WorkKind};

    use super::*;
    use crate::data::comparison::{Bound, Entry, Role};
    use crate::data::cost::Cost;
    use crate::data::curve::{Point, Series};
    use crate::data::load::Server;
    use crate::data::machine::{Bandwidth, Disturbance};

    fn full() -> Report {
        let machine = Machine {
            bandwidth: Some(Bandwidth { one: 1.0, all: 2.0 }),
            ..Machine::default()
        };
        let cost = Cost {
            wall: 1.0,
            part: None,
            cpu: None,
            peak_memory: None,
        };
        let mut report = Report::new(machine, None);
        report.comparisons.push(Comparison {
            chapter: "ch01".into(),
            name: "a".into(),
            lesson: None,
            bound: Some(Bound {
                kind: WorkKind::Wait,
                overlap: 2.0,
            }),
            processes: false,
            programs: vec![Entry {
                program: "one".into(),
                label: "1.1".into(),
                role: Role::Baseline,
                beside: Vec::new(),
                at_once: None,
                threads: None,
                book: None,
                runs: vec![cost],
            }],
            disturbance: Some(Disturbance::default()),
            notes: Vec::new(),
        });
        report.loads.push(Load {
            chapter: "ch01".into(),
            name: "b".into(),
            lesson: None,
            clients: Behaviour::Echo,
            servers: vec![Server {
                connections: 1,
                server: "c".into(),
                reference: true,
                served: 1,
                trips_per_second: vec![1.0],
                window: 1.0,
                p50_us: 1.0,
                p99_us: 1.0,
                memory_per_connection: None,
                peak_memory: None,
                cpu_us_per_trip: None,
            }],
            disturbance: None,
            notes: Vec::new(),
        });
        let point = Point {
            count: 1,
            runs: vec![cost],
        };
        report.curves.push(Curve {
            series: vec![Series {
                program: "d".into(),
                points: vec![point],
            }],
            ..Curve::default()
        });
        report
    }

    fn fields(value: &serde_json::Value, names: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(object) => {
                for (name, value) in object {
                    names.insert(name.clone());
                    fields(value, names);
                }
            }
            serde_json::Value::Array(values) => {
                values.iter().for_each(|value| fields(value, names));
            }
            _ => {}
        }
    }

    #[test]
    fn each_field_of_the_json_is_documented() {
        let mut names = BTreeSet::new();
        fields(&serde_json::to_value(full()).unwrap(), &mut names);
        let readme = include_str!("../../../README.md");
        let (_, json) = readme.split_once("## The JSON").unwrap();
        assert!(names.len() > 40, "{}", names.len());
        for name in names {
            assert!(json.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn a_report_is_read_back_as_it_was_written() {
        let text = serde_json::to_string(&full()).unwrap();
        // What is not known is null, and stays unknown.
        assert!(text.contains("\"cpu\":null"));
        let read: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}
