//! Listing 3.9: Adding a signal handler to cancel all tasks.
//!
//! asyncio calls a function on SIGINT. tokio has a future that completes on it, which `select!`
//! can wait for beside the work. There is no list of all tasks: who wants to cancel them keeps
//! them, here in a `JoinSet`.
//!
//! In Python: `add_signal_handler`. Here: `signal::ctrl_c`, `JoinSet::abort_all`. Serves until
//! Ctrl-C.

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
            ended = tasks.join_next() => match ended {
                Some(Err(error)) if error.is_cancelled() => println!("A task was cancelled."),
                Some(result) => println!("{}", result?),
                None => return Ok(()),
            },
        }
    }
}
