//! `--compare`: what has become slower or faster since an earlier report.

use std::fmt;

use super::report::{Measured, Report, Runs};
use super::stats::relation;

/// A change of less than this part is no news, however narrow the intervals are: the same program
/// differs by as much from one build to the next.
const NEWS: f64 = 0.05;

/// The changes from one report to another.
#[derive(Debug)]
pub struct Changes {
    /// Whether both are from one machine, so that times can be compared.
    same_machine: bool,
    changes: Vec<Change>,
    /// How many figures are in both.
    compared: usize,
}

/// One figure that has changed beyond the noise.
#[derive(Debug)]
struct Change {
    what: String,
    /// How many times as long it takes now, or how many times less it gains.
    slower: f64,
    interval: (f64, f64),
}

impl Changes {
    /// Compares what is in both: the time of each program, and where the machine is another one
    /// the speed-up of each pair; the deliveries or round trips of each server.
    #[must_use]
    pub fn between(old: &Report, new: &Report) -> Self {
        let same_machine = old.machine().is_like(new.machine());
        let mut changes = Self {
            same_machine,
            changes: Vec::new(),
            compared: 0,
        };
        for now in new.comparisons() {
            let before = old.comparisons().iter().find(|m| m.name == now.name);
            if let Some(before) = before {
                changes.add_comparison(before, now);
            }
        }
        for now in new.loads() {
            let before = old.loads().iter().find(|load| load.name == now.name);
            let rows = before.map_or([].as_slice(), |load| &load.rows);
            for row in &now.rows {
                let same = |other: &&crate::load::Row| {
                    (&other.server, other.connections) == (&row.server, row.connections)
                };
                if let Some(before) = rows.iter().find(same).filter(|_| same_machine) {
                    let what = format!("{}: {} at {}", now.name, row.server, row.connections);
                    changes.add(what, &row.trips_per_second, &before.trips_per_second);
                }
            }
        }
        changes
    }

    fn add_comparison(&mut self, before: &Measured, now: &Measured) {
        if self.same_machine {
            let programs = |m: &Measured| -> Vec<(String, Vec<f64>)> {
                let all = std::iter::once(&m.sequential).chain(&m.concurrent);
                all.map(|runs| (runs.program.clone(), runs.walls()))
                    .collect()
            };
            let old = programs(before);
            for (program, walls) in programs(now) {
                if let Some((_, old)) = old.iter().find(|(name, _)| *name == program) {
                    self.add(format!("{}: {program}", now.name), old, &walls);
                }
            }
            return;
        }
        for runs in &now.concurrent {
            let old = before
                .concurrent
                .iter()
                .find(|old| old.program == runs.program);
            if let Some(old) = old {
                let what = format!("{}: the speed-up of {}", now.name, runs.program);
                self.add(what, &ratios(now, runs), &ratios(before, old));
            }
        }
    }

    /// Adds `later` against `earlier`, two lists of which the larger is the slower.
    fn add(&mut self, what: String, earlier: &[f64], later: &[f64]) {
        if earlier.is_empty() || later.is_empty() {
            return;
        }
        self.compared += 1;
        let (slower, interval) = relation(earlier, later);
        let beyond_noise = interval.0 > 1.0 || interval.1 < 1.0;
        let no_news = 1.0 / (1.0 + NEWS)..=1.0 + NEWS;
        if beyond_noise && !no_news.contains(&slower) {
            self.changes.push(Change {
                what,
                slower,
                interval,
            });
        }
    }

    /// Whether something has become slower.
    #[must_use]
    pub fn is_slower(&self) -> bool {
        self.changes.iter().any(|change| change.slower > 1.0)
    }
}

/// The speed-ups of the rounds.
fn ratios(measured: &Measured, concurrent: &Runs) -> Vec<f64> {
    let rounds = measured.sequential.runs.iter().zip(&concurrent.runs);
    rounds.map(|(a, b)| a.wall / b.wall).collect()
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.same_machine {
            writeln!(
                f,
                "the old report is from another machine: only speed-ups are compared"
            )?;
        }
        for Change {
            what,
            slower,
            interval: (low, high),
        } in &self.changes
        {
            if *slower > 1.0 {
                writeln!(f, "slower: {what}: {slower:.2} times [{low:.2}, {high:.2}]")?;
            } else {
                writeln!(
                    f,
                    "faster: {what}: {:.2} times [{:.2}, {:.2}]",
                    1.0 / slower,
                    1.0 / high,
                    1.0 / low
                )?;
            }
        }
        writeln!(
            f,
            "{} of {} figures changed beyond the noise",
            self.changes.len(),
            self.compared
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> Changes {
        Changes {
            same_machine: true,
            changes: Vec::new(),
            compared: 0,
        }
    }

    #[test]
    fn only_what_is_beyond_the_noise_has_changed() {
        let mut changes = changes();
        changes.add("same".into(), &[1.0, 1.1, 0.9], &[1.05, 1.0, 0.95]);
        // Beyond the noise, but not worth a word.
        changes.add("narrow".into(), &[1.0, 1.0], &[1.04, 1.04]);
        changes.add("wide".into(), &[1.0, 2.0], &[1.5, 2.5]);
        assert!(!changes.is_slower());
        assert_eq!(
            changes.to_string(),
            "0 of 3 figures changed beyond the noise\n"
        );
        changes.add("a: b".into(), &[2.0, 2.0], &[1.0, 1.0]);
        assert!(!changes.is_slower());
        changes.add("c: d".into(), &[1.0, 1.0], &[1.5, 1.5]);
        assert!(changes.is_slower());
        assert_eq!(
            changes.to_string(),
            "faster: a: b: 2.00 times [2.00, 2.00]\n\
             slower: c: d: 1.50 times [1.50, 1.50]\n\
             2 of 5 figures changed beyond the noise\n"
        );
    }
}
