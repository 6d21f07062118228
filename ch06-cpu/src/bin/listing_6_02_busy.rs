//! Listing 6.2 (busy): Two calls that compute, one after the other.
//!
//! These are the calls of listing 6.2, but each first counts to 200 million. The pool has a thread
//! for each core, and only one of them is busy at any time.
//!
//! In Python: `Pool.apply`. Here: `install`.

use std::hint::black_box;

use rayon::ThreadPoolBuilder;

#[tracing::instrument]
fn say_hello(name: &str, millions: u64) -> String {
    let mut counter = 0;
    while counter < 1_000_000 * millions {
        // The black box keeps the optimiser from replacing the loop with its result.
        counter = black_box(counter + 1);
    }
    format!("Hi there, {name}")
}

fn main() -> anyhow::Result<()> {
    let millions = util::args("[MILLIONS]").number(200, 0..=1_000_000);
    let process_pool = ThreadPoolBuilder::new().build()?;
    let hi_jeff = process_pool.install(|| say_hello("Jeff", millions));
    let hi_john = process_pool.install(|| say_hello("John", millions));

    println!("{hi_jeff}");
    println!("{hi_john}");
    Ok(())
}
