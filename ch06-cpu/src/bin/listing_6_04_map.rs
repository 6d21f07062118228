//! Listing 6.4: A map over a pool, with results in order.
//!
//! The results come in the order of the numbers, each as soon as it and all before it are ready.
//! The small ones are printed while the big one is still being counted. If the big one came first,
//! they would wait behind it; 6.5 (as completed) has the cure.
//!
//! rayon has no such map, because `par_iter().map()` returns no result until it has them all. So
//! each call sends its result through a channel. The pool is rayon's global pool, which needs no
//! setup.
//!
//! In Python: `ProcessPoolExecutor.map`. Here: `rayon::spawn`, a `channel` for each.

use std::hint::black_box;
use std::sync::mpsc;
use std::time::Instant;

fn count(count_to: u64) -> u64 {
    let start = Instant::now();
    let mut counter = 0;
    while counter < count_to {
        // The black box keeps the optimiser from replacing the loop with its result.
        counter = black_box(counter + 1);
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("Finished counting to {count_to} in {seconds:.4e}");
    counter
}

/// Hands all calls to the pool at once; the iterator waits for each result in turn.
pub(crate) fn map(function: fn(u64) -> u64, numbers: [u64; 5]) -> impl Iterator<Item = u64> {
    let results = numbers.map(|number| {
        let (sender, result) = mpsc::channel();
        rayon::spawn(move || {
            // This fails only if nothing waits for the result any longer.
            let _ = sender.send(function(number));
        });
        result
    });
    results
        .into_iter()
        .map(|result| result.recv().expect("every call sends its result"))
}

fn main() {
    let numbers = [1, 3, 5, 22, 100_000_000];
    for result in map(count, numbers) {
        println!("{result}");
    }
}
