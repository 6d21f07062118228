//! The least time that a contender can take, and what it is that limits it.
//!
//! Each contender has two floors. It cannot take less than the waits, or the parts of the work,
//! that must follow one another, given how many it lets go on at once; and not less than the CPU
//! time that it used, divided by the threads that it may use. The larger one limits.

use xtask::workspace::tables::WorkKind;

use crate::data::{Comparison, Entry, Machine, cpu};
use crate::stats::median;

/// CPU times that differ by more than this part are not those of the same work at the same speed.
const SAME_WORK: f64 = 0.1;

/// CPU times that differ by fewer seconds than this are the same: starting a process costs as
/// much.
const UNSEEN: f64 = 0.005;

/// What limits a contender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Waits that must follow one another.
    Waiting,
    /// The CPU time that it uses.
    Processor,
    /// A part of the work that cannot be divided.
    LongestPart,
    /// How fast memory can be read.
    Memory,
}

impl Limit {
    /// What tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Processor => "processor",
            Self::LongestPart => "longest part",
            Self::Memory => "memory",
        }
    }
}

/// How near to its limit a contender is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It took so much longer than it had to.
    Reached {
        /// The seconds that it takes at best.
        floor: f64,
        /// What limits it.
        limit: Limit,
        /// The floor as a part of the time that it took.
        part: f64,
    },
    /// The two did not do the same work at the same speed, so what the one took says nothing
    /// about the other: the contender used this many times the CPU time.
    OtherWork(f64),
}

/// Judges a contender; `None` where nothing limits it that is known.
pub fn verdict(
    comparison: &Comparison,
    baseline: &Entry,
    contender: &Entry,
    machine: &Machine,
) -> Option<Verdict> {
    let bound = comparison.bound?;
    let time = |entry: &Entry| median(&entry.times());
    // CPU time is the whole process's: where only a part was timed it is no floor of that part.
    let timed_part = contender.has_part();
    let cores = machine.cores.max(1) as f64;
    let threads = contender.threads.map_or(cores, |it| cores.min(it as f64));
    let own_cpu = cpu(&contender.runs).filter(|_| !timed_part);
    let whole = time(baseline);
    let (divided, limit, processor) = match bound.kind {
        WorkKind::Wait => {
            let computed = cpu(&baseline.runs).unwrap_or(0.0);
            let waited = (whole - computed).max(0.0);
            let at_once = contender.at_once.unwrap_or(bound.overlap);
            let divided = waited / at_most(bound.overlap, at_once);
            (divided, Limit::Waiting, own_cpu.map(|cpu| cpu / threads))
        }
        WorkKind::Cpu | WorkKind::Memory => {
            // What of the CPU time went into a timed part, nobody knows.
            if let Some(factor) = other_work(baseline, contender).filter(|_| !timed_part) {
                return Some(Verdict::OtherWork(factor));
            }
            let at_once = contender.at_once.unwrap_or(bound.overlap).min(threads);
            let parts = at_most(bound.overlap, bound.overlap);
            if bound.kind == WorkKind::Memory {
                let bandwidth = machine.bandwidth?;
                let times = (bandwidth.all / bandwidth.one).max(1.0);
                (whole / times.min(parts), Limit::Memory, None)
            } else {
                // 100 equal parts on 64 cores take the time of two parts, not of 1.56.
                // It is the same work, so its parts take what they take in the contender.
                let whole = own_cpu.unwrap_or(whole);
                let divided = whole / at_most(bound.overlap, at_once);
                let by_parts = parts <= threads || divided > 1.001 * whole / threads;
                let limit = if by_parts {
                    Limit::LongestPart
                } else {
                    Limit::Processor
                };
                (divided, limit, own_cpu.map(|cpu| cpu / threads))
            }
        }
    };
    let (floor, limit) = match processor {
        Some(processor) if processor > divided => (processor, Limit::Processor),
        _ => (divided, limit),
    };
    let part = floor / time(contender);
    Some(Verdict::Reached { floor, limit, part })
}

/// How many times faster work becomes of which `at_once` parts go on at once. A whole number of
/// parts are equal ones: the last round may be half empty.
fn at_most(overlap: f64, at_once: f64) -> f64 {
    if overlap.fract() == 0.0 {
        overlap / (overlap / at_once.max(1.0).floor()).ceil()
    } else {
        overlap.min(at_once)
    }
}

/// How many times the CPU time of the baseline the contender used, where that is not the same.
fn other_work(baseline: &Entry, contender: &Entry) -> Option<f64> {
    let (of_baseline, of_contender) = (cpu(&baseline.runs)?, cpu(&contender.runs)?);
    let more = (of_contender - of_baseline).abs();
    let differs = more > SAME_WORK * of_baseline && more > UNSEEN;
    differs.then(|| of_contender / of_baseline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Bandwidth, Bound, Cost, Role};

    fn entry(role: Role, time: f64, cpu: f64) -> Entry {
        Entry {
            role,
            runs: vec![Cost {
                wall: time,
                cpu: Some(cpu),
                ..Cost::default()
            }],
            ..Entry::default()
        }
    }

    fn judge(kind: WorkKind, overlap: f64, baseline: (f64, f64), contender: Entry) -> Verdict {
        judge_on(2, kind, overlap, baseline, contender)
    }

    fn judge_on(
        cores: usize,
        kind: WorkKind,
        overlap: f64,
        (time, cpu): (f64, f64),
        contender: Entry,
    ) -> Verdict {
        let comparison = Comparison {
            bound: Some(Bound { kind, overlap }),
            ..Comparison::default()
        };
        let machine = Machine {
            cores,
            bandwidth: Some(Bandwidth {
                one: 10.0,
                all: 15.0,
            }),
            ..Machine::default()
        };
        let baseline = entry(Role::Baseline, time, cpu);
        verdict(&comparison, &baseline, &contender, &machine).unwrap()
    }

    fn reached(verdict: Verdict) -> (Limit, i32) {
        match verdict {
            Verdict::Reached { limit, part, .. } => (limit, (part * 100.0).round() as i32),
            Verdict::OtherWork(_) => panic!("other work"),
        }
    }

    fn contender(time: f64, cpu: f64) -> Entry {
        entry(Role::Contender, time, cpu)
    }

    #[test]
    fn waits_that_all_overlap_limit_or_the_processor_does() {
        let all = judge(WorkKind::Wait, 3.0, (9.0, 0.0), contender(3.01, 0.001));
        assert_eq!(reached(all), (Limit::Waiting, 100));
        // A thousand requests at once: one thread is busy from beginning to end.
        let mut busy = contender(0.20, 0.184);
        busy.threads = Some(1);
        let busy = judge(WorkKind::Wait, 1000.0, (22.0, 0.3), busy);
        assert_eq!(reached(busy), (Limit::Processor, 92));
    }

    #[test]
    fn a_limit_lets_only_so_many_wait() {
        // Ten permits allow ten times, and that is what it reached.
        let mut ten = contender(0.52, 0.01);
        ten.at_once = Some(10.0);
        assert_eq!(
            reached(judge(WorkKind::Wait, 100.0, (5.0, 0.0), ten)),
            (Limit::Waiting, 96)
        );
        // 100 waits, 32 at once: four times one wait.
        assert_eq!(at_most(100.0, 32.0), 25.0);
    }

    #[test]
    fn computing_ends_at_the_longest_part_or_at_the_cores() {
        let fib = judge(WorkKind::Cpu, 1.618, (1.618, 1.618), contender(1.0, 1.62));
        assert_eq!(reached(fib), (Limit::LongestPart, 100));
        let parts = judge(WorkKind::Cpu, 1000.0, (2.0, 2.0), contender(1.25, 2.0));
        assert_eq!(reached(parts), (Limit::Processor, 80));
        // 100 equal parts on 64 cores: 50 times, not 64.
        let many = judge_on(64, WorkKind::Cpu, 100.0, (50.0, 50.0), contender(1.0, 50.0));
        assert_eq!(reached(many), (Limit::LongestPart, 100));
    }

    #[test]
    fn other_work_is_said_and_has_no_share() {
        let other = judge(WorkKind::Cpu, 2.0, (1.0, 1.0), contender(0.6, 1.2));
        assert_eq!(other, Verdict::OtherWork(1.2));
        let same = judge(WorkKind::Cpu, 2.0, (1.0, 1.0), contender(0.55, 1.08));
        assert_eq!(reached(same).1, 98);
        // Below the resolution nothing differs.
        let tiny = judge(WorkKind::Cpu, 2.0, (0.003, 0.002), contender(0.002, 0.004));
        assert!(matches!(tiny, Verdict::Reached { .. }));
    }

    #[test]
    fn reading_memory_ends_at_the_bandwidth() {
        let means = judge(WorkKind::Memory, 50.0, (0.3, 0.3), contender(0.25, 0.3));
        assert_eq!(reached(means), (Limit::Memory, 80));
    }

    #[test]
    fn the_cpu_time_of_a_whole_process_is_no_floor_of_a_part() {
        let mut part = contender(0.07, 0.77);
        part.runs[0] = Cost {
            wall: 0.9,
            part: Some(0.07),
            ..part.runs[0]
        };
        let mut comparison = Comparison {
            bound: Some(Bound {
                kind: WorkKind::Cpu,
                overlap: 50.0,
            }),
            ..Comparison::default()
        };
        let mut baseline = entry(Role::Baseline, 0.95, 0.77);
        baseline.runs[0].part = Some(0.13);
        let machine = Machine {
            cores: 2,
            ..Machine::default()
        };
        let verdict = |comparison: &Comparison| verdict(comparison, &baseline, &part, &machine);
        let found = reached(verdict(&comparison).unwrap());
        assert_eq!(found, (Limit::Processor, 93));
        comparison.bound = None;
        assert_eq!(verdict(&comparison), None);
        // Nor does it say whether the parts were the same work.
        part.runs[0].cpu = Some(0.3);
        comparison.bound = Some(Bound {
            kind: WorkKind::Cpu,
            overlap: 50.0,
        });
        let other = super::verdict(&comparison, &baseline, &part, &machine);
        assert!(matches!(other, Some(Verdict::Reached { .. })));
    }
}
