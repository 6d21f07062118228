//! Listing 6.2 (busy): The same calls, each of which counts to 200 million first.
//!
//! A pool of many threads, of which one is busy at any time.
//!
//! In Python: `Pool.apply`. Here: `install`.

use rayon::ThreadPoolBuilder;

#[tracing::instrument]
fn say_hello(name: &str) -> String {
    let mut counter = 0_u64;
    while counter < 200_000_000 {
        counter = add_one(counter);
    }
    format!("Hi there, {name}")
}

// Not inlined, because the optimiser would replace the loop by its result.
#[inline(never)]
fn add_one(counter: u64) -> u64 {
    counter + 1
}

fn main() -> anyhow::Result<()> {
    let process_pool = ThreadPoolBuilder::new().build()?;
    let hi_jeff = process_pool.install(|| say_hello("Jeff"));
    let hi_john = process_pool.install(|| say_hello("John"));

    println!("{hi_jeff}");
    println!("{hi_john}");
    Ok(())
}
