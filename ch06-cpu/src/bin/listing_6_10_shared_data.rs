//! Listing 6.10: A shared value and a shared array.
//!
//! Each has one worker, so nothing can go wrong, and Rust can tell: each thread borrows its own
//! data for itself alone. No memory needs to be made shared, as between Python's processes.
//!
//! In Python: `Value`, `Array`. Here: `&mut` in a scope.

use std::thread;

fn increment_value(shared_int: &mut i32) {
    *shared_int += 1;
}

fn increment_array(shared_array: &mut [i32]) {
    for integer in shared_array {
        *integer += 1;
    }
}

fn main() {
    let mut integer = 0;
    let mut integer_array = [0, 0];

    thread::scope(|scope| {
        scope.spawn(|| increment_value(&mut integer));
        scope.spawn(|| increment_array(&mut integer_array));
    });

    println!("{integer}");
    println!("{integer_array:?}");
}
