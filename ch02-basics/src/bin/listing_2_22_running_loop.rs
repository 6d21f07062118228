//! Listing 2.22: Accessing the running event loop.
//!
//! `Handle::current` is `get_running_loop`: it panics if no loop is running, and never makes one.
//! tokio has no `call_soon`. Spawn a task that awaits nothing instead, and it runs on the loop's
//! next turn. To call something later, let the task sleep first.
//!
//! In Python: `get_running_loop`, `call_soon`. Here: `Handle::current`, `Handle::spawn`. Takes 1 s.

use tokio::runtime::Handle;
use util::delay;

fn call_later() {
    println!("I'm being called in the future!");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let event_loop = Handle::current();
    event_loop.spawn(async { call_later() });
    delay(1).await;
}
