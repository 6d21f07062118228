//! `--compare`: what has become slower or faster since an earlier report.

use std::fmt;

use crate::data::Report;
use crate::stats::{chance_of_difference, median, ratios};

/// A change of less than this part is no news, however sure it is: the same program differs by
/// as much from one build to the next.
const NEWS: f64 = 0.05;

/// Differences that chance would bring about more often than this are noise.
const NOISE: f64 = 0.05;

/// The changes from one report to another.
#[derive(Debug, Default)]
pub struct Changes {
    /// What has changed beyond the noise, and how many times as large it was.
    changes: Vec<(String, f64)>,
    /// How many figures are in both.
    compared: usize,
    /// How many of those have too few rounds to show any change.
    too_few: usize,
}

impl Changes {
    /// Compares what is in both: the ratios of each pair of programs and of servers, round by
    /// round. Both sides of a ratio met the same machine, so they can be compared across days
    /// and machines. With `times`, the times of each program too.
    pub fn between(old: &Report, new: &Report, times: bool) -> Self {
        let mut changes = Self::default();
        let old = figures(old, times);
        for new in figures(new, times) {
            let same = |old: &&Figure| (&old.what, &old.program) == (&new.what, &new.program);
            if let Some(old) = old.iter().find(same) {
                changes.add(new.what, &old.values, &new.values);
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
        let most = vec![f64::INFINITY; later.len()];
        if chance_of_difference(earlier, &most) > NOISE {
            self.too_few += 1;
        }
        let slower = median(earlier) / median(later);
        let no_news = 1.0 / (1.0 + NEWS)..=1.0 + NEWS;
        if chance_of_difference(earlier, later) <= NOISE && !no_news.contains(&slower) {
            self.changes.push((what, slower));
        }
    }

    /// Whether something has become slower.
    pub fn is_slower(&self) -> bool {
        self.changes.iter().any(|(_, slower)| *slower > 1.0)
    }
}

/// What was measured of a program or server, round by round; the smaller is the slower.
struct Figure {
    what: String,
    program: String,
    values: Vec<f64>,
}

fn figures(report: &Report, times: bool) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut add = |what: String, program: &str, values: Vec<f64>| {
        let program = program.to_owned();
        figures.push(Figure {
            what,
            program,
            values,
        });
    };
    for it in &report.comparisons {
        for (baseline, contender) in it.pairs() {
            let what = format!("{}: the speed-up of {}", it.name, contender.label);
            let speed_ups = ratios(&baseline.times(), &contender.times());
            add(what, &contender.program, speed_ups);
        }
        for entry in it.programs.iter().filter(|_| times) {
            let speeds = entry.times().iter().map(|time| 1.0 / time).collect();
            add(
                format!("{}: {}", it.name, entry.label),
                &entry.program,
                speeds,
            );
        }
    }
    for it in &report.loads {
        for server in it.servers.iter().filter(|it| !it.reference) {
            let Some(reference) = it.reference(server) else {
                continue;
            };
            let (name, at) = (&server.server, server.connections);
            let what = format!("{}: {name} at {at}, beside the last listing", it.name);
            let relations = ratios(&server.trips_per_second, &reference.trips_per_second);
            add(what, name, relations);
        }
    }
    figures
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, slower) in &self.changes {
            if *slower > 1.0 {
                writeln!(f, "slower: {what}: {slower:.2} times")?;
            } else {
                writeln!(f, "faster: {what}: {:.2} times", 1.0 / slower)?;
            }
        }
        let (changed, compared) = (self.changes.len(), self.compared);
        writeln!(
            f,
            "{changed} of {compared} figures changed beyond the noise"
        )?;
        if self.too_few > 0 {
            let remedy = "measure both with --runs 6 or more";
            let too_few = self.too_few;
            writeln!(
                f,
                "{too_few} have too few rounds to show any change: {remedy}"
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
