//! In which order programs run, and how often. Nothing here knows what a program is.
//!
//! All run in rounds, the next round in the opposite order (A B, B A, A B …), so that whatever
//! slows the machine for a while slows all of them, and each round gives one ratio.

use anyhow::Result;

use crate::stats::{Interval, median, ratios};
use crate::system::interrupt::Interrupted;

/// Runs programs, known by their places.
pub trait Runner {
    /// What a run gives.
    type Sample;

    /// How many programs there are.
    fn programs(&self) -> usize;

    /// Runs one of them once.
    ///
    /// # Errors
    /// Where there is no sample to be had.
    fn run(&mut self, program: usize) -> Result<Self::Sample, Failure>;

    /// The seconds since measuring began.
    fn elapsed(&self) -> f64;

    /// The seconds that are compared.
    fn time(sample: &Self::Sample) -> f64;

    /// The seconds that the run took.
    fn duration(sample: &Self::Sample) -> f64 {
        Self::time(sample)
    }
}

/// Why a run gave nothing.
#[derive(Debug)]
pub enum Failure {
    /// This program is left out from now on, for this reason; the others go on.
    LeftOut(String),
    /// Nothing more is measured.
    Fatal(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Fatal(error)
    }
}

/// How many rounds there are.
#[derive(Clone, Debug)]
pub struct Rounds {
    /// This many in any case.
    pub at_least: usize,
    /// No more than these, unless a precision is wanted.
    pub at_most: usize,
    /// After this many seconds, the least will do.
    pub budget: f64,
    /// After a round this long, one is enough.
    pub long: f64,
    /// How wide the interval of each watched program may be, as a part of its ratio to the first.
    pub precision: Option<f64>,
    /// The programs whose intervals have to be that narrow.
    pub watched: Vec<usize>,
    /// A first run that takes fewer seconds warms up and does not count: it reads the binary from
    /// disk and wakes the processor up, which is lost in a longer one.
    pub warm_up: f64,
}

/// What came out.
#[derive(Debug)]
pub struct Outcome<S> {
    /// The samples of each program, one for each complete round; none of what was left out.
    pub runs: Vec<Vec<S>>,
    /// What was left out, and why.
    pub left_out: Vec<(usize, String)>,
    /// How wide the widest watched interval is, where there is one.
    pub width: Option<f64>,
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
}

/// Before this many rounds no interval can be had.
const FIRST_LOOK: usize = 6;

/// Measures all programs of `runner`. Interrupted, it gives what is complete.
///
/// # Errors
/// If a run fails for good.
pub fn measure<R: Runner>(runner: &mut R, rounds: &Rounds) -> Result<Outcome<R::Sample>> {
    let count = runner.programs();
    let mut outcome = Outcome {
        runs: (0..count).map(|_| Vec::new()).collect(),
        left_out: Vec::new(),
        width: None,
        interrupted: false,
    };
    let mut first: Vec<Option<R::Sample>> = (0..count).map(|_| None).collect();
    let mut looks = Looks::default();
    let mut warm = rounds.warm_up <= 0.0;
    let mut round = 0;
    while !warm || go_on(rounds, round, runner.elapsed(), &mut looks, &outcome.width) {
        let Some(mut samples) = one_round(runner, round, warm, &mut first, &mut outcome)? else {
            outcome.interrupted = true;
            break;
        };
        if warm {
            for (runs, sample) in outcome.runs.iter_mut().zip(&mut samples) {
                runs.extend(sample.take());
            }
            round += 1;
            outcome.width = width::<R>(&outcome.runs, &rounds.watched);
        } else {
            let long = |sample: &R::Sample| R::duration(sample) >= rounds.warm_up;
            first = samples.into_iter().map(|it| it.filter(long)).collect();
            warm = true;
        }
    }
    for (program, _) in &outcome.left_out {
        outcome.runs[*program].clear();
    }
    Ok(outcome)
}

/// Runs every program that is not left out once, or takes its `first` run; `None` where Ctrl-C
/// has come.
fn one_round<R: Runner>(
    runner: &mut R,
    round: usize,
    warm: bool,
    first: &mut [Option<R::Sample>],
    outcome: &mut Outcome<R::Sample>,
) -> Result<Option<Vec<Option<R::Sample>>>> {
    let count = runner.programs();
    let mut order: Vec<usize> = (0..count).collect();
    if warm && round % 2 == 1 {
        order.reverse();
    }
    let mut samples: Vec<Option<R::Sample>> = (0..count).map(|_| None).collect();
    for program in order {
        if outcome.left_out.iter().any(|(out, _)| *out == program) {
            continue;
        }
        let sample = match first[program].take() {
            Some(sample) => Ok(sample),
            None => runner.run(program),
        };
        match sample {
            Ok(sample) => samples[program] = Some(sample),
            Err(Failure::LeftOut(reason)) => outcome.left_out.push((program, reason)),
            Err(Failure::Fatal(error)) if error.is::<Interrupted>() => return Ok(None),
            Err(Failure::Fatal(error)) => return Err(error),
        }
    }
    Ok(Some(samples))
}

/// When the intervals are looked at, and how often in a row they were narrow. To stop at the
/// first narrow look would choose the luckiest: there are few looks, and two must agree.
#[derive(Debug)]
struct Looks {
    next: usize,
    narrow: usize,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            next: FIRST_LOOK,
            narrow: 0,
        }
    }
}

impl Looks {
    /// Whether it is precise enough after this round.
    fn agree(&mut self, round: usize, width: f64, wanted: f64) -> bool {
        if round >= self.next {
            self.next += self.next.div_ceil(3);
            self.narrow = if width <= wanted { self.narrow + 1 } else { 0 };
        }
        self.narrow >= 2
    }
}

/// Whether another round follows, after `round` of them.
fn go_on(
    rounds: &Rounds,
    round: usize,
    elapsed: f64,
    looks: &mut Looks,
    width: &Option<f64>,
) -> bool {
    if let Some(wanted) = rounds.precision {
        let precise = looks.agree(round, width.unwrap_or(f64::INFINITY), wanted);
        return round < 2 || (!precise && elapsed < rounds.budget);
    }
    if round > 0 && elapsed > rounds.long {
        return false;
    }
    round < rounds.at_least || (round < rounds.at_most && elapsed < rounds.budget)
}

/// The width of the widest interval of the watched programs' ratios to the first.
fn width<R: Runner>(runs: &[Vec<R::Sample>], watched: &[usize]) -> Option<f64> {
    let times = |program: usize| -> Vec<f64> { runs[program].iter().map(R::time).collect() };
    let widths = watched.iter().map(|program| {
        let ratios = ratios(&times(0), &times(*program));
        Interval::of(&ratios).width(median(&ratios))
    });
    widths.fold(None, |widest, width| Some(width.max(widest.unwrap_or(0.0))))
}

#[cfg(test)]
mod tests;
