//! `--compare`: what has become slower or faster since an earlier report.

use std::fmt;

use crate::data::comparison::{Comparison, Entry};
use crate::data::load::{Load, Server};
use crate::data::report::Report;
use crate::stats::{chance_of_difference, median, ratios};

/// A change of less than this part is no news, however sure it is: the same program differs by
/// as much from one build to the next.
const NEWS: f64 = 0.05;

/// Differences that chance would bring about more often than this are noise.
const NOISE: f64 = 0.05;

/// The changes from one report to another.
#[derive(Debug, Default)]
pub struct Changes {
    changes: Vec<Change>,
    /// How many figures are in both.
    compared: usize,
    /// How many of those have too few rounds to show any change.
    too_few: usize,
}

/// One figure that has changed beyond the noise.
#[derive(Debug)]
struct Change {
    what: String,
    /// How many times as large it was.
    slower: f64,
}

impl Changes {
    /// Compares what is in both: the ratios of each pair of programs and of servers, round by
    /// round. Both sides of a ratio met the same machine, so they can be compared across days
    /// and machines. With `times`, the times of each program too.
    pub fn between(old: &Report, new: &Report, times: bool) -> Self {
        let mut changes = Self::default();
        for now in &new.comparisons {
            let before = old.comparisons.iter().find(|it| it.name == now.name);
            let Some(before) = before else { continue };
            for (_, contender) in now.pairs() {
                let what = format!("{}: the speed-up of {}", now.name, contender.label);
                let speed_ups = |it: &Comparison| speed_ups(it, &contender.program);
                changes.add(what, &speed_ups(before), &speed_ups(now));
            }
            for entry in now.programs.iter().filter(|_| times) {
                let same = |other: &&Entry| other.program == entry.program;
                let known = before.programs.iter().find(same);
                let old = known.map(Entry::times).unwrap_or_default();
                let what = format!("{}: {}", now.name, entry.label);
                // Speeds, so that what is smaller is slower here too.
                changes.add(what, &inverse(&old), &inverse(&entry.times()));
            }
        }
        for now in &new.loads {
            let before = old.loads.iter().find(|it| it.name == now.name);
            let Some(before) = before else { continue };
            for server in now.servers.iter().filter(|it| !it.reference) {
                let what = format!(
                    "{}: {} at {}, beside the last listing",
                    now.name, server.server, server.connections
                );
                let relations = |it: &Load| relations(it, server);
                changes.add(what, &relations(before), &relations(now));
            }
        }
        changes
    }

    /// Adds `later` against `earlier`, of which the smaller is the slower.
    fn add(&mut self, what: String, earlier: &[f64], later: &[f64]) {
        if earlier.is_empty() || later.is_empty() {
            return;
        }
        self.compared += 1;
        // Even when all of one side are beyond all of the other.
        let most: Vec<f64> = later.iter().map(|_| f64::INFINITY).collect();
        if chance_of_difference(earlier, &most) > NOISE {
            self.too_few += 1;
        }
        let slower = median(earlier) / median(later);
        let no_news = 1.0 / (1.0 + NEWS)..=1.0 + NEWS;
        if chance_of_difference(earlier, later) <= NOISE && !no_news.contains(&slower) {
            self.changes.push(Change { what, slower });
        }
    }

    /// Whether something has become slower.
    pub fn is_slower(&self) -> bool {
        self.changes.iter().any(|change| change.slower > 1.0)
    }
}

fn speed_ups(comparison: &Comparison, program: &str) -> Vec<f64> {
    let mut pairs = comparison.pairs();
    let pair = pairs.find(|(_, contender)| contender.program == program);
    pair.map_or_else(Vec::new, |(baseline, contender)| {
        ratios(&baseline.times(), &contender.times())
    })
}

fn relations(load: &Load, server: &Server) -> Vec<f64> {
    let same = |it: &&Server| (&it.server, it.connections) == (&server.server, server.connections);
    let server = load.servers.iter().find(same);
    let both = server.and_then(|server| Some((server, load.reference(server)?)));
    both.map_or_else(Vec::new, |(server, reference)| {
        ratios(&server.trips_per_second, &reference.trips_per_second)
    })
}

fn inverse(times: &[f64]) -> Vec<f64> {
    times.iter().map(|time| 1.0 / time).collect()
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Change { what, slower } in &self.changes {
            if *slower > 1.0 {
                writeln!(f, "slower: {what}: {slower:.2} times")?;
            } else {
                writeln!(f, "faster: {what}: {:.2} times", 1.0 / slower)?;
            }
        }
        writeln!(
            f,
            "{} of {} figures changed beyond the noise",
            self.changes.len(),
            self.compared
        )?;
        if self.too_few > 0 {
            writeln!(
                f,
                "{} have too few rounds to show any change: measure both with --runs 6 or more",
                self.too_few
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_beyond_the_noise_has_changed() {
        let mut changes = Changes::default();
        changes.add(
            "same".into(),
            &[1.0, 1.1, 0.9, 1.0],
            &[1.05, 1.0, 0.95, 1.0],
        );
        // Beyond the noise, but not worth a word.
        changes.add("narrow".into(), &[1.0; 6], &[1.04; 6]);
        changes.add("wide".into(), &[1.0, 2.0, 3.0, 4.0], &[1.5, 2.5, 3.5, 4.5]);
        assert!(!changes.is_slower());
        assert_eq!(
            changes.to_string(),
            "0 of 3 figures changed beyond the noise\n"
        );
        changes.add("a".into(), &[1.0; 4], &[2.0; 4]);
        assert!(!changes.is_slower());
        changes.add("b".into(), &[1.5; 4], &[1.0; 4]);
        assert!(changes.is_slower());
        assert_eq!(
            changes.to_string(),
            "faster: a: 2.00 times\nslower: b: 1.50 times\n\
             2 of 5 figures changed beyond the noise\n"
        );
    }

    #[test]
    fn two_rounds_cannot_show_a_change_and_that_is_said() {
        let mut changes = Changes::default();
        changes.add("a".into(), &[1.0, 1.0], &[9.0, 9.0]);
        assert!(changes.to_string().contains("1 have too few rounds"));
        assert!(changes.changes.is_empty());
    }
}
