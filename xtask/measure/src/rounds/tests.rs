use std::cell::Cell;

use super::*;

impl Sample for f64 {
    fn time(&self) -> f64 {
        *self
    }
}

/// A program that fails, and after how many runs of all.
type Fails = Option<(usize, usize, fn() -> Failure)>;

/// Measures programs that take these times, the last one again and again, on a clock of their own.
/// Gives what ran, in order, and what came out.
fn measure(times: &[&[f64]], rounds: &Rounds, fails: Fails) -> (Vec<usize>, Result<Outcome<f64>>) {
    let clock = Cell::new(0.0);
    let mut log = Vec::new();
    let run = |program: usize| {
        if let Some((failing, after, failure)) = fails
            && failing == program
            && log.len() >= after
        {
            return Err(failure());
        }
        let before = log.iter().filter(|it| **it == program).count();
        let time = times[program][before.min(times[program].len() - 1)];
        log.push(program);
        clock.set(clock.get() + time);
        Ok(time)
    };
    let outcome = measure_by(|| clock.get(), times.len(), rounds, run);
    (log, outcome)
}

fn rounds(count: usize) -> Rounds {
    Rounds {
        at_least: count,
        at_most: count,
        budget: 1e9,
        long: 1e9,
        warm_up: 2.0,
    }
}

#[test]
fn rounds_go_there_and_back_after_a_warm_up() {
    let (log, outcome) = measure(&[&[1.0], &[1.0], &[1.0]], &rounds(3), None);
    assert_eq!(log, [0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1, 2]);
    assert!(outcome.unwrap().runs.iter().all(|runs| runs.len() == 3));
    // A long first run is a round, and runs of a round have the same place.
    let (log, outcome) = measure(&[&[9.0, 8.0], &[1.95, 1.9, 1.8]], &rounds(2), None);
    assert_eq!(log, [0, 1, 1, 1, 0]);
    assert_eq!(outcome.unwrap().runs, [vec![9.0, 8.0], vec![1.9, 1.8]]);
}

#[test]
fn rounds_end_with_their_number_or_their_time() {
    // Two seconds a round, the warm-up as well; at least four, but for long ones.
    let counts = [(1e9, 1e9), (13.0, 1e9), (3.0, 1e9), (1e9, 1.0)].map(|(budget, long)| {
        let rounds = Rounds {
            at_least: 4,
            budget,
            long,
            ..rounds(10)
        };
        let (_, outcome) = measure(&[&[1.0], &[1.0]], &rounds, None);
        outcome.unwrap().runs[0].len()
    });
    assert_eq!(counts, [10, 6, 4, 1]);
}

#[test]
fn beside_a_long_one_a_short_program_runs_several_times_and_its_median_counts() {
    let ten = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0].map(|n| n / 10.0);
    let times = [&[0.9], &ten[..], &ten[..]].concat();
    let (_, outcome) = measure(&[&[9.0], &times], &rounds(2), None);
    assert_eq!(outcome.unwrap().runs, [vec![9.0, 9.0], vec![0.4, 0.4]]);
    // No longer than the other takes, and not at all if it is not much longer.
    assert_eq!(repeats(&[9.0, 1.4], 1), 6);
    assert_eq!(repeats(&[9.0, 2.0], 1), 1);
    assert_eq!(repeats(&[0.0, 0.0], 1), 1);
}

#[test]
fn what_is_left_out_an_interrupt_and_a_failure_end_what_they_must() {
    let lengths = |times: &[&[f64]], fails: Fails| {
        let outcome = measure(times, &rounds(3), fails).1.unwrap();
        let lengths: Vec<usize> = outcome.runs.iter().map(Vec::len).collect();
        (outcome.left_out, outcome.interrupted, lengths)
    };
    let three: [&[f64]; 3] = [&[1.0]; 3];
    let left_out = lengths(
        &three,
        Some((2, 4, || Failure::LeftOut("no network".into()))),
    );
    let reasons = vec![(2, "no network".to_owned())];
    assert_eq!(left_out, (reasons, false, vec![3, 3, 0]));
    // The warm-up, two rounds, and half of a third.
    let interrupt = || Failure::Fatal(Interrupted.into());
    let interrupted = lengths(&three[..2], Some((1, 7, interrupt)));
    assert_eq!(interrupted, (Vec::new(), true, vec![2, 2]));
    let lies = || Failure::Fatal(anyhow::anyhow!("it lies"));
    let (_, outcome) = measure(&three, &rounds(3), Some((1, 5, lies)));
    assert_eq!(outcome.unwrap_err().to_string(), "it lies");
}
