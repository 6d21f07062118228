//! Listing 1.1: One by one.
//!
//! In Python: `time.sleep`. Here: `thread::sleep`. Takes 0.2 s.

use std::{env, thread::sleep, time::Duration};

fn main() {
    assert!(env::var_os("RUST_BACKTRACE").is_none(), "not a clean environment");
    for _ in 0..2 {
        sleep(Duration::from_millis(100));
        println!("slept");
    }
}
