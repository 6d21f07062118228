//! Listing 2.12 (blocking): The timeout that cannot fire.
//!
//! `timeout` can act only when the future gives the thread back. This future blocks the thread, so
//! it ends late, and successfully.
//!
//! In Python: `time.sleep`. Here: `thread::sleep`. Takes 2 s.

use std::thread;
use std::time::{Duration, Instant};

use tokio::time::timeout;

async fn blocking_delay(seconds: u64) -> u64 {
    println!("blocking for {seconds} second(s)");
    thread::sleep(Duration::from_secs(seconds));
    seconds
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();

    match timeout(Duration::from_secs(1), blocking_delay(2)).await {
        Ok(_) => println!("No timeout after {} seconds!", start.elapsed().as_secs()),
        Err(_elapsed) => println!("Got a timeout!"),
    }
}
