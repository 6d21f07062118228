//! How many times faster a contender is, and how many times faster is possible.
//!
//! What is possible comes from the baseline and from what the manifest declares, never from what
//! the contender used. So a program that spins does not come nearer to it.

use crate::data::{Comparison, Cost, Program, Work, WorkKind};
use crate::stats::{Interval, median, ratios};

/// How many times faster than the baseline work of this kind can become at best, with this many
/// cores, where `at_once` of its parts go on at once (all of them if that is `None`).
pub fn possible(work: Work, at_once: Option<f64>, cores: usize) -> f64 {
    let at_once = at_once.unwrap_or(work.overlap);
    let at_once = match work.kind {
        WorkKind::Wait => at_once,
        WorkKind::Cpu => at_once.min(cores.max(1) as f64),
    };
    if work.overlap.fract() == 0.0 {
        // 100 equal parts, 64 at once, take as long as two.
        work.overlap / (work.overlap / at_once.max(1.0).floor()).ceil()
    } else {
        work.overlap.min(at_once)
    }
}

/// The median of the rounds' ratios, and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The median.
    pub median: f64,
    /// Where it lies.
    pub interval: Interval,
}

impl Ratio {
    /// Of these pairs.
    pub fn of(numerators: &[f64], denominators: &[f64]) -> Self {
        let ratios = ratios(numerators, denominators);
        Self {
            median: median(&ratios),
            interval: Interval::of(&ratios),
        }
    }

    /// Whether the rounds do not tell the two apart.
    pub fn is_even(&self) -> bool {
        self.interval.count > 1 && self.interval.holds(1.0)
    }
}

/// How many times faster `fast` is than `slow`, round by round: the timed parts, if both tell them,
/// or the whole processes.
pub fn speed_up(slow: &Program, fast: &Program) -> Ratio {
    let alike = slow.has_part() == fast.has_part();
    let time = |run: &Cost| if alike { run.time() } else { run.wall };
    let times = |program: &Program| -> Vec<f64> { program.runs.iter().map(time).collect() };
    Ratio::of(&times(slow), &times(fast))
}

impl Comparison {
    /// How many times faster than the baseline `program` can be at best on this many cores.
    pub fn possible(&self, program: &Program, cores: usize) -> Option<f64> {
        Some(possible(self.work?, program.at_once, cores))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn work(kind: WorkKind, overlap: f64) -> Work {
        Work { kind, overlap }
    }

    #[test]
    fn what_is_possible_is_the_work_divided_by_what_goes_on_at_once() {
        let requests = work(WorkKind::Wait, 1000.0);
        assert_eq!(possible(requests, None, 2), 1000.0);
        assert_eq!(possible(requests, Some(10.0), 2), 10.0);
        // The last of four turns is a third full.
        assert_eq!(possible(work(WorkKind::Wait, 100.0), Some(30.0), 2), 25.0);
        let parts = work(WorkKind::Cpu, 100.0);
        assert_eq!(possible(parts, None, 2), 2.0);
        assert_eq!(possible(parts, None, 64), 50.0);
        assert_eq!(possible(parts, Some(1.0), 64), 1.0);
        // fib(41) cannot be split.
        assert_eq!(possible(work(WorkKind::Cpu, 1.618), None, 64), 1.618);
        assert_eq!(possible(work(WorkKind::Cpu, 1.618), None, 1), 1.0);
    }

    #[test]
    fn a_ratio_is_the_median_of_the_pairs() {
        let ratio = Ratio::of(&[2.0, 4.0, 2.0], &[1.0, 2.0, 2.0]);
        assert_eq!(ratio.median, 2.0);
        assert_eq!((ratio.interval.low, ratio.interval.high), (1.0, 2.0));
        assert!(ratio.is_even());
        // One round tells nothing apart, and does not claim that the two are even.
        assert!(!Ratio::of(&[1.0], &[1.0]).is_even());
        // The drift of a slow minute that both met is not in it.
        let drifting = Ratio::of(&[2.0, 4.0, 8.0], &[1.0, 2.0, 4.0]);
        assert_eq!((drifting.interval.low, drifting.interval.high), (2.0, 2.0));
    }
}
