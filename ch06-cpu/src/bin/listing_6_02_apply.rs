//! Listing 6.2: A pool that runs one call after the other.
//!
//! `install` runs a closure in one of the pool's threads and blocks until it returns, as `apply`
//! does. The second call starts when the first has ended, so the pool gains nothing; 6.2 (busy)
//! shows this.
//!
//! By default both pools have a worker for each core (`num_threads` sets another number). rayon's
//! threads end when the pool is dropped.
//!
//! In Python: `Pool.apply`. Here: `ThreadPoolBuilder`, `install`.

use rayon::ThreadPoolBuilder;

fn say_hello(name: &str) -> String {
    format!("Hi there, {name}")
}

fn main() -> anyhow::Result<()> {
    let process_pool = ThreadPoolBuilder::new().build()?;
    let hi_jeff = process_pool.install(|| say_hello("Jeff"));
    let hi_john = process_pool.install(|| say_hello("John"));

    println!("{hi_jeff}");
    println!("{hi_john}");
    Ok(())
}
