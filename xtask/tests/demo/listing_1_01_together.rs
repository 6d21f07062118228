//! Listing 1.1 (together): Together.

use std::{thread, time::Duration};

fn main() {
    let sleep = || {
        thread::sleep(Duration::from_millis(100));
        println!("slept");
    };
    thread::scope(|scope| {
        scope.spawn(sleep);
        scope.spawn(sleep);
    });
}
