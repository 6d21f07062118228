//! Example: Timing a coroutine by hand.
//!
//! Timing an `await` by hand takes two lines around it, each time. Listing 2.16 does it once and
//! for all. `Instant` never goes back, as `time.monotonic` does not; `time.time` jumps when somebody
//! sets the clock.
//!
//! In Python: `time.time`. Here: `Instant`. Takes 1 s.

use std::time::{Duration, Instant};

use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    sleep(Duration::from_secs(1)).await;
    println!("Sleeping took {:.4} seconds", start.elapsed().as_secs_f64());
}
