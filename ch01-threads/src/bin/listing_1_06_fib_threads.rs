//! Listing 1.6: Two Fibonacci numbers on two threads.
//!
//! In Python the GIL makes this as slow as listing 1.5. Rust has no GIL, so both threads compute at
//! the same time, and the larger number sets the pace.
//!
//! In Python: `threading.Thread`. Here: `thread::scope`. Takes 1 s.

use std::thread;
use std::time::Instant;

#[tracing::instrument]
fn print_fib(number: u32) {
    fn fib(n: u32) -> u64 {
        match n {
            1 => 0,
            2 => 1,
            _ => fib(n - 1) + fib(n - 2),
        }
    }

    println!("fib({number}) is {}", fib(number));
}

fn fibs_with_threads(first: u32, second: u32) {
    // The scope joins both threads at its end, so you cannot forget to.
    thread::scope(|scope| {
        scope.spawn(|| print_fib(first));
        scope.spawn(|| print_fib(second));
    });
}

fn main() {
    let mut args = util::args("[FIRST] [SECOND]");
    let first = args.number(40, 1..=93);
    let second = args.number(41, 1..=93);

    let start_threads = Instant::now();
    fibs_with_threads(first, second);
    let took = start_threads.elapsed().as_secs_f64();

    println!("Threads took {took:.4} seconds.");
}
