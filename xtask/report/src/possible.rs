//! How many times faster a contender is, and how many times faster is possible.
//!
//! What is possible comes from the baseline and from what the manifest declares, never from what
//! the contender used. So a program that spins does not come nearer to it.

use crate::data::{Comparison, Cost, Program, Role, Work, WorkKind};
use crate::stats::Interval;

/// How many times faster than the baseline work of this kind can become at best, with this many
/// cores, where `at_once` of its parts go on at once (all of them if that is `None`).
fn possible(work: Work, at_once: Option<f64>, cores: usize) -> f64 {
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

impl Comparison {
    /// How many times faster than the baseline a contender can be at best on this many cores.
    pub fn possible(&self, program: &Program, cores: usize) -> Option<f64> {
        let work = self.work.filter(|_| program.role == Role::Contender)?;
        Some(possible(work, program.at_once, cores))
    }
}

/// How many times faster `fast` is than `slow`, round by round: the timed parts, if both tell them,
/// or the whole processes.
pub fn speed_up(slow: &Program, fast: &Program) -> Interval {
    let alike = slow.has_part() == fast.has_part();
    let time = |run: &Cost| if alike { run.time() } else { run.wall };
    let rounds = slow.runs.iter().zip(&fast.runs);
    let ratios: Vec<f64> = rounds.map(|(slow, fast)| time(slow) / time(fast)).collect();
    Interval::of(&ratios)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::program;

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
        let ratio = |slow: &[f64], fast: &[f64]| {
            let program = |times| program(Role::Contender, "", 1.0, times);
            speed_up(&program(slow), &program(fast))
        };
        let even = ratio(&[2.0, 4.0, 2.0], &[1.0, 2.0, 2.0]);
        assert_eq!(even.median, 2.0);
        assert_eq!((even.low, even.high), (1.0, 2.0));
        assert!(even.is_one());
        // One round tells nothing apart, and does not claim that the two are even.
        assert!(!ratio(&[1.0], &[1.0]).is_one());
        // The drift of a slow minute that both met is not in it.
        let drifting = ratio(&[2.0, 4.0, 8.0], &[1.0, 2.0, 4.0]);
        assert_eq!((drifting.low, drifting.high), (2.0, 2.0));
    }
}
