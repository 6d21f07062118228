//! `--compare`: what has become slower or faster since an earlier report.

use std::collections::BTreeMap;
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
        for (what, later) in figures(new, times) {
            let earlier = old.get(&what).map_or(&[][..], Vec::as_slice);
            changes.add(what, earlier, &later);
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

/// What was measured, round by round, each figure by what it is; the smaller is the slower.
type Figures = BTreeMap<String, Vec<f64>>;

fn figures(report: &Report, times: bool) -> Figures {
    let mut figures = Figures::new();
    for it in &report.comparisons {
        for (baseline, contender) in it.pairs() {
            let what = format!("{}: the speed-up of {}", it.name, contender.label);
            figures.insert(what, ratios(&baseline.times(), &contender.times()));
        }
        for entry in it.programs.iter().filter(|_| times) {
            let speeds = entry.times().iter().map(|time| 1.0 / time).collect();
            figures.insert(format!("{}: {}", it.name, entry.label), speeds);
        }
    }
    for it in &report.loads {
        for server in it.servers.iter().filter(|it| !it.reference) {
            let (name, at) = (&server.server, server.connections);
            let what = format!("{}: {name} at {at}, beside the last listing", it.name);
            let reference = it.reference(server).map(|it| &it.trips_per_second);
            let relations = reference.map(|it| ratios(&server.trips_per_second, it));
            figures.insert(what, relations.unwrap_or_default());
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
