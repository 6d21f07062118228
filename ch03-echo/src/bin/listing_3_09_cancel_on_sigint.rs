//! Listing 3.9: Adding a signal handler to cancel all tasks.
//!
//! asyncio calls a function on SIGINT; on Windows, `add_signal_handler` raises
//! `NotImplementedError`. tokio has a future that completes on Ctrl-C, on every system, and `select!`
//! waits for that future beside the work. tokio has no list of all tasks, so this program keeps its
//! own in a `JoinSet`. Awaiting a cancelled task returns an error, and `?` ends the program with it,
//! as `CancelledError` ends the book's.
//!
//! In Python: `add_signal_handler`, `all_tasks`. Here: `signal::ctrl_c`, `JoinSet`, `abort_all`.
//! Takes 10 s.

use tokio::signal;
use tokio::task::JoinSet;
use util::delay;

fn cancel_tasks(tasks: &mut JoinSet<u64>) {
    println!("Got a SIGINT!");
    println!("Cancelling {} task(s).", tasks.len());
    tasks.abort_all();
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(delay(10));

    loop {
        tokio::select! {
            interrupted = signal::ctrl_c() => {
                interrupted?;
                cancel_tasks(&mut tasks);
            }
            Some(ended) = tasks.join_next() => {
                ended?;
                return Ok(());
            }
        }
    }
}
