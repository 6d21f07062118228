//! Listing 6.10: A shared value and a shared array.
//!
//! Threads share the memory of their process. So unlike Python's processes, they need no special
//! kind of value. Each worker has an exclusive borrow of its data, and the compiler checks this.
//!
//! In Python: `Value`, `Array`. Here: `thread::scope`, `&mut`.

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
