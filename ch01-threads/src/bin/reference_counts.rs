//! Example: Reference counts from two threads (figure 1.6).
//!
//! Python counts the references to every object, and needs the GIL to keep two threads from losing
//! a count. Rust counts only where you ask for it. `Arc` counts atomically, so it needs no lock.
//! `Rc` is faster and not atomic, so it does not compile where a second thread could see it.
//!
//! In Python: `sys.getrefcount`. Here: `Arc::strong_count`.

use std::sync::Arc;
use std::thread;

fn main() {
    let object = Arc::new("an object");

    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..100_000 {
                    drop(Arc::clone(&object));
                }
            });
        }
    });

    println!("Reference count is {}", Arc::strong_count(&object));
}
