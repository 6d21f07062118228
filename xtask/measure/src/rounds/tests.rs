use std::cell::Cell;
use std::rc::Rc;

use super::*;

type Fails = (usize, usize, fn() -> Failure);

/// Programs that take the times of a script, on a clock of their own.
struct Script {
    /// For each program, what its runs take; the last one is repeated.
    times: Vec<Vec<f64>>,
    /// What was run, in order.
    log: Vec<usize>,
    clock: Rc<Cell<f64>>,
    /// The program that fails, and after how many runs of all.
    fails: Option<Fails>,
}

impl Script {
    fn new(times: &[&[f64]]) -> Self {
        Self {
            times: times.iter().map(|times| times.to_vec()).collect(),
            log: Vec::new(),
            clock: Rc::default(),
            fails: None,
        }
    }
}

impl Sample for f64 {
    fn time(&self) -> f64 {
        *self
    }
}

impl Script {
    fn run(&mut self, program: usize) -> Result<f64, Failure> {
        if let Some((failing, after, failure)) = self.fails
            && failing == program
            && self.log.len() >= after
        {
            return Err(failure());
        }
        let before = self.log.iter().filter(|it| **it == program).count();
        let times = &self.times[program];
        let time = times[before.min(times.len() - 1)];
        self.log.push(program);
        self.clock.set(self.clock.get() + time);
        Ok(time)
    }
}

fn measure(script: &mut Script, rounds: &Rounds) -> Result<Outcome<f64>> {
    let clock = Rc::clone(&script.clock);
    let count = script.times.len();
    measure_by(|| clock.get(), count, rounds, |program| script.run(program))
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
fn rounds_go_there_and_back() {
    let mut script = Script::new(&[&[1.0], &[1.0], &[1.0]]);
    let outcome = measure(&mut script, &rounds(3)).unwrap();
    // The first three warm up.
    assert_eq!(script.log, [0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1, 2]);
    assert!(outcome.runs.iter().all(|runs| runs.len() == 3));
}

#[test]
fn only_the_programs_whose_runs_are_short_warm_up() {
    let mut script = Script::new(&[&[9.0, 8.0], &[1.95, 1.9]]);
    let outcome = measure(&mut script, &rounds(2)).unwrap();
    // The first run of program 0 is its first round.
    assert_eq!(script.log, [0, 1, 1, 1, 0]);
    assert_eq!(outcome.runs, [vec![9.0, 8.0], vec![1.9, 1.9]]);
}

#[test]
fn runs_of_a_round_have_the_same_place() {
    let mut script = Script::new(&[&[0.0, 1.0, 2.0, 3.0], &[0.0, 2.0, 4.0, 6.0]]);
    let outcome = measure(&mut script, &rounds(3)).unwrap();
    assert_eq!(outcome.runs, [vec![1.0, 2.0, 3.0], vec![2.0, 4.0, 6.0]]);
}

#[test]
fn rounds_end_with_their_number_or_their_time() {
    let count = |rounds: &Rounds| {
        let mut script = Script::new(&[&[1.0], &[1.0]]);
        measure(&mut script, rounds).unwrap().runs[0].len()
    };
    let ten = Rounds {
        at_least: 4,
        at_most: 10,
        ..rounds(0)
    };
    assert_eq!(count(&ten), 10);
    // Two seconds a round, the warm-up as well.
    let budget = 13.0;
    assert_eq!(
        count(&Rounds {
            budget,
            ..ten.clone()
        }),
        6
    );
    assert_eq!(
        count(&Rounds {
            budget: 3.0,
            ..ten.clone()
        }),
        4
    );
    // A long round is enough, but one there must be.
    assert_eq!(count(&Rounds { long: 1.0, ..ten }), 1);
}

#[test]
fn beside_a_long_one_a_short_program_runs_several_times_and_its_median_counts() {
    let ten: Vec<f64> = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
        .map(|n| n / 10.0)
        .into();
    let times: Vec<f64> = [vec![0.9], ten.clone(), ten].concat();
    let mut script = Script::new(&[&[9.0], &times]);
    let outcome = measure(&mut script, &rounds(2)).unwrap();
    assert_eq!(outcome.runs, [vec![9.0, 9.0], vec![0.4, 0.4]]);
    // No longer than the other takes, and not at all if it is not much longer.
    assert_eq!(repeats(&[9.0, 1.4], 1), 6);
    assert_eq!(repeats(&[9.0, 2.0], 1), 1);
    assert_eq!(repeats(&[9.0, 2.0], 0), 1);
    assert_eq!(repeats(&[0.0, 0.0], 1), 1);
}

#[test]
fn what_is_left_out_does_not_end_the_others() {
    let mut script = Script::new(&[&[1.0], &[1.0], &[1.0]]);
    script.fails = Some((2, 4, || Failure::LeftOut("no network".to_owned())));
    let outcome = measure(&mut script, &rounds(3)).unwrap();
    assert_eq!(outcome.left_out, [(2, "no network".to_owned())]);
    let lengths: Vec<usize> = outcome.runs.iter().map(Vec::len).collect();
    assert_eq!(lengths, [3, 3, 0]);
}

#[test]
fn an_interrupt_leaves_complete_rounds_and_a_failure_nothing() {
    let mut script = Script::new(&[&[1.0], &[1.0]]);
    script.fails = Some((1, 7, || Failure::Fatal(Interrupted.into())));
    let outcome = measure(&mut script, &rounds(9)).unwrap();
    assert!(outcome.interrupted);
    // The warm-up, two rounds, and half of a third.
    let lengths: Vec<usize> = outcome.runs.iter().map(Vec::len).collect();
    assert_eq!(lengths, [2, 2]);

    let mut script = Script::new(&[&[1.0], &[1.0]]);
    script.fails = Some((1, 5, || Failure::Fatal(anyhow::anyhow!("it lies"))));
    let error = measure(&mut script, &rounds(9)).unwrap_err();
    assert_eq!(error.to_string(), "it lies");
}
