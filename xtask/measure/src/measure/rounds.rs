//! In which order programs run, and how often. Nothing here knows what a program is.
//!
//! All run in rounds, the next round in the opposite order (A B, B A, A B …), so that whatever
//! slows the machine for a while slows all of them, and each round gives one ratio.

use anyhow::Result;

use crate::stats::{Interval, median, ratios};
use crate::system::interrupt::Interrupted;

/// What a run gives.
pub trait Sample {
    /// The seconds that are compared.
    fn time(&self) -> f64;

    /// The seconds that the run took.
    fn duration(&self) -> f64 {
        self.time()
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

/// Measures `count` programs, known by their places: `run` runs one of them once, `clock` gives
/// the seconds since measuring began. Interrupted, it gives what is complete.
///
/// # Errors
/// If a run fails for good.
pub fn measure<S: Sample>(
    count: usize,
    rounds: &Rounds,
    clock: impl Fn() -> f64,
    mut run: impl FnMut(usize) -> Result<S, Failure>,
) -> Result<Outcome<S>> {
    let mut outcome = Outcome {
        runs: (0..count).map(|_| Vec::new()).collect(),
        left_out: Vec::new(),
        width: None,
        interrupted: false,
    };
    let mut attempt = |program: usize, outcome: &mut Outcome<S>| {
        if outcome.interrupted || outcome.left_out.iter().any(|(out, _)| *out == program) {
            return Ok(None);
        }
        match run(program) {
            Ok(sample) => return Ok(Some(sample)),
            Err(Failure::LeftOut(reason)) => outcome.left_out.push((program, reason)),
            Err(Failure::Fatal(error)) if error.is::<Interrupted>() => outcome.interrupted = true,
            Err(Failure::Fatal(error)) => return Err(error),
        }
        Ok(None)
    };
    // A long first run counts as that of the first round.
    let mut first: Vec<Option<S>> = (0..count).map(|_| None).collect();
    if rounds.warm_up > 0.0 {
        for (program, first) in first.iter_mut().enumerate() {
            let sample = attempt(program, &mut outcome)?;
            *first = sample.filter(|it| it.duration() >= rounds.warm_up);
        }
    }
    let (mut round, mut looks) = (0, Looks::default());
    while !outcome.interrupted && go_on(rounds, round, clock(), &mut looks, outcome.width) {
        let mut order: Vec<usize> = (0..count).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        let mut samples = Vec::new();
        for program in order {
            let sample = match first[program].take() {
                None => attempt(program, &mut outcome)?,
                sample => sample,
            };
            samples.extend(sample.map(|sample| (program, sample)));
        }
        if !outcome.interrupted {
            for (program, sample) in samples {
                outcome.runs[program].push(sample);
            }
            outcome.width = width(&outcome.runs, &rounds.watched);
            round += 1;
        }
    }
    for (program, _) in &outcome.left_out {
        outcome.runs[*program].clear();
    }
    Ok(outcome)
}

/// When the intervals are looked at, and how often in a row they were narrow. To stop at the
/// first narrow look would choose the luckiest: there are few looks, and two must agree.
#[derive(Debug, Default)]
struct Looks {
    next: usize,
    narrow: usize,
}

impl Looks {
    /// Whether it is precise enough after this round.
    fn agree(&mut self, round: usize, width: f64, wanted: f64) -> bool {
        if round >= self.next.max(FIRST_LOOK) {
            self.next = round + round.div_ceil(3);
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
    width: Option<f64>,
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
fn width<S: Sample>(runs: &[Vec<S>], watched: &[usize]) -> Option<f64> {
    let times = |program: usize| -> Vec<f64> { runs[program].iter().map(S::time).collect() };
    let widths = watched.iter().map(|program| {
        let ratios = ratios(&times(0), &times(*program));
        Interval::of(&ratios).width(median(&ratios))
    });
    widths.reduce(f64::max)
}

#[cfg(test)]
mod tests;
