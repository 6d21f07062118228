//! Listing 6.2: A pool that runs one call after the other.
//!
//! `install` runs a closure on the pool and blocks until it has the result, as `apply` does: the
//! second call starts when the first has ended, and nothing is gained.
//!
//! `listing_6_02_apply 500` gives each call work to do: counting to 500 million.
//!
//! In Python: `Pool.apply`. Here: `ThreadPool::install`.

use std::hint::black_box;

use rayon::ThreadPoolBuilder;

#[tracing::instrument(skip(millions))]
fn say_hello(name: &str, millions: u64) -> String {
    for counter in 0..millions * 1_000_000 {
        black_box(counter);
    }
    format!("Hi there, {name}")
}

fn main() -> anyhow::Result<()> {
    let millions = util::args("[MILLIONS]").number(0, 0..=100_000);

    // As many threads as the machine has cores.
    let pool = ThreadPoolBuilder::new().build()?;
    let hi_jeff = pool.install(|| say_hello("Jeff", millions));
    let hi_john = pool.install(|| say_hello("John", millions));

    println!("{hi_jeff}");
    println!("{hi_john}");
    Ok(())
}
