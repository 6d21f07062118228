//! Listing 4.7: Awaitables finishing out of order.
//!
//! The second delay ends first, and still comes second: results have the order of the futures.
//!
//! In Python: `asyncio.gather`. Here: `join_all`. Takes 3 s.

use futures::future::join_all;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let results = join_all([delay(3), delay(1)]).await;
    println!("{results:?}");
}
