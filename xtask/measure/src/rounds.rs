//! In which order programs run, and how often. Nothing here knows what a program is.
//!
//! All run in rounds, the next round in the opposite order (A B, B A, A B …), so that whatever
//! slows the machine for a while slows all of them, and each round gives one ratio.

use std::time::Instant;

use anyhow::Result;

use crate::interrupt::Interrupted;

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
    /// No more than these.
    pub at_most: usize,
    /// After this many seconds, the least will do.
    pub budget: f64,
    /// After a round this long, one is enough.
    pub long: f64,
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
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
}

/// Beside one that takes this many times as long, a program runs several times in a round, and its
/// median counts; no more often than the second, and for no longer than the other.
const SEVERAL: [f64; 2] = [5.0, 10.0];

/// Measures `count` programs, known by their places: `run` runs one of them once. Interrupted, it
/// gives what is complete.
///
/// # Errors
/// If a run fails for good.
pub fn measure<S: Sample>(
    count: usize,
    rounds: &Rounds,
    run: impl FnMut(usize) -> Result<S, Failure>,
) -> Result<Outcome<S>> {
    let start = Instant::now();
    measure_by(|| start.elapsed().as_secs_f64(), count, rounds, run)
}

/// The same, where `clock` gives the seconds since measuring began.
fn measure_by<S: Sample>(
    clock: impl Fn() -> f64,
    count: usize,
    rounds: &Rounds,
    mut run: impl FnMut(usize) -> Result<S, Failure>,
) -> Result<Outcome<S>> {
    let mut outcome = Outcome {
        runs: (0..count).map(|_| Vec::new()).collect(),
        left_out: Vec::new(),
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
    let mut durations = vec![0.0; count];
    if rounds.warm_up > 0.0 {
        for (program, first) in first.iter_mut().enumerate() {
            let sample = attempt(program, &mut outcome)?;
            durations[program] = sample.as_ref().map_or(0.0, S::duration);
            *first = sample.filter(|it| it.duration() >= rounds.warm_up);
        }
    }
    let mut round = 0;
    while !outcome.interrupted && go_on(rounds, round, clock()) {
        let mut order: Vec<usize> = (0..count).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        let mut samples = Vec::new();
        for program in order {
            let mut several: Vec<S> = first[program].take().into_iter().collect();
            while several.len() < repeats(&durations, program) {
                match attempt(program, &mut outcome)? {
                    Some(sample) => several.push(sample),
                    None => break,
                }
            }
            let sample = middle(several);
            durations[program] = sample.as_ref().map_or(0.0, S::duration);
            samples.extend(sample.map(|sample| (program, sample)));
        }
        if !outcome.interrupted {
            for (program, sample) in samples {
                outcome.runs[program].push(sample);
            }
            round += 1;
        }
    }
    for (program, _) in &outcome.left_out {
        outcome.runs[*program].clear();
    }
    Ok(outcome)
}

/// How often a program runs in a round, by what each took in its last run.
fn repeats(durations: &[f64], program: usize) -> usize {
    let longest = durations.iter().copied().fold(0.0, f64::max);
    let [several, most] = SEVERAL;
    match longest / durations[program] {
        times if times.is_finite() && times >= several => times.min(most) as usize,
        _ => 1,
    }
}

/// The run with the median time.
fn middle<S: Sample>(mut several: Vec<S>) -> Option<S> {
    several.sort_by(|a, b| a.time().total_cmp(&b.time()));
    let middle = several.len().checked_sub(1)? / 2;
    Some(several.swap_remove(middle))
}

/// Whether another round follows, after `round` of them.
fn go_on(rounds: &Rounds, round: usize, elapsed: f64) -> bool {
    if round > 0 && elapsed > rounds.long {
        return false;
    }
    round < rounds.at_least || (round < rounds.at_most && elapsed < rounds.budget)
}

#[cfg(test)]
mod tests;
