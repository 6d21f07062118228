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
    super::measure(count, rounds, || clock.get(), |program| script.run(program))
}

fn rounds(count: usize) -> Rounds {
    Rounds {
        at_least: count,
        at_most: count,
        budget: 1e9,
        long: 1e9,
        precision: None,
        watched: vec![1],
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
    let mut script = Script::new(&[&[9.0, 8.0], &[0.5, 0.1]]);
    let outcome = measure(&mut script, &rounds(2)).unwrap();
    // The first run of program 0 is its first round.
    assert_eq!(script.log, [0, 1, 1, 1, 0]);
    assert_eq!(outcome.runs, [vec![9.0, 8.0], vec![0.1, 0.1]]);
}

#[test]
fn runs_of_a_round_have_the_same_place() {
    let mut script = Script::new(&[&[0.0, 1.0, 2.0, 3.0], &[0.0, 10.0, 20.0, 30.0]]);
    let outcome = measure(&mut script, &rounds(3)).unwrap();
    assert_eq!(outcome.runs, [vec![1.0, 2.0, 3.0], vec![10.0, 20.0, 30.0]]);
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
fn a_precision_needs_two_narrow_looks_in_a_row() {
    let precise = |times: &[f64], wanted: f64, budget: f64| {
        let mut script = Script::new(&[&[1.0], times]);
        let rounds = Rounds {
            precision: Some(wanted),
            budget,
            ..rounds(0)
        };
        measure(&mut script, &rounds).unwrap()
    };
    let agreed = precise(&[1.0], 0.03, 1e9);
    // Looks at six and at eight rounds.
    assert_eq!((agreed.runs[0].len(), agreed.width), (8, Some(0.0)));
    // Narrow at six rounds by chance, wide at eight: it goes on.
    let mut lucky = vec![1.0; 7];
    lucky.extend([2.0, 0.5]);
    lucky.extend([1.0; 20]);
    assert!(precise(&lucky, 0.03, 1e9).runs[0].len() > 8);
    // Out of time.
    let scattered: Vec<f64> = (0..1000).map(|n| f64::from(n % 7 + 1)).collect();
    let late = precise(&scattered, 0.0001, 100.0);
    assert!(late.width.unwrap() > 0.0001);
    assert!((2..100).contains(&late.runs[0].len()));
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
