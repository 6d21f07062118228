//! Listing 4.7: Awaitables finishing out of order.
//!
//! The second delay ends first, and its result still comes second, because results have the order
//! of the futures. For a few futures `join!` is Rust's gather. It returns a tuple, where gather
//! returns a list, so the types may differ.
//!
//! In Python: `asyncio.gather`. Here: `join!`. Takes 3 s.

use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (first, second) = tokio::join!(delay(3), delay(1));
    println!("{:?}", [first, second]);
}
