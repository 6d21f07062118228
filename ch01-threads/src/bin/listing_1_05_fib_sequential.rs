//! Listing 1.5: Two Fibonacci numbers, one after the other.
//!
//! The naive recursion is slow on purpose. It keeps one core busy and never waits. Each number
//! takes 1.618 times as long as the one before.
//!
//! Takes 1 s.

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

fn fibs_no_threading(first: u32, second: u32) {
    print_fib(first);
    print_fib(second);
}

fn main() {
    let mut args = util::args("[FIRST] [SECOND]");
    let first = args.number(40, 1..=93);
    let second = args.number(41, 1..=93);

    let start = Instant::now();
    fibs_no_threading(first, second);
    println!("Completed in {:.4} seconds.", start.elapsed().as_secs_f64());
}
