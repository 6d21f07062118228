//! Listing 11.14: Workers that wait for a condition.
//!
//! `wait` releases the lock, and takes it again after a notification. So the workers wake together
//! and work one after the other. tokio has no condition variable. This one is the chapter's own, a
//! mutex and a `Notify`.
//!
//! In Python: `Condition.wait`, `notify_all`. Here: `ch11_sync::Condition`. Runs until Ctrl-C.

use std::convert::Infallible;
use std::time::Duration;

use ch11_sync::Condition;
use tokio::signal;
use tokio::time::sleep;

#[tracing::instrument(skip(condition))]
async fn do_work(number: u32, condition: &Condition<()>) -> Infallible {
    loop {
        println!("Worker {number}: waiting for condition lock...");
        {
            let guard = condition.lock().await;
            println!("Worker {number}: acquired lock, releasing and waiting for condition...");
            let _guard = guard.wait().await;
            println!("Worker {number}: condition event fired, re-acquiring lock and doing work...");
            sleep(Duration::from_secs(1)).await;
        }
        println!("Worker {number}: Work finished, lock released.");
    }
}

#[tracing::instrument(skip_all)]
async fn fire_event(condition: &Condition<()>) -> Infallible {
    loop {
        sleep(Duration::from_secs(5)).await;
        println!("fire_event: about to notify, acquiring condition lock...");
        {
            let guard = condition.lock().await;
            println!("fire_event: Lock acquired, notifying all workers.");
            guard.notify_all();
        }
        println!("fire_event: Notification finished, releasing lock.");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let condition = Condition::new(());
    let work = async {
        tokio::join!(
            biased;
            do_work(1, &condition),
            do_work(2, &condition),
            fire_event(&condition),
        )
    };
    tokio::select! {
        _ = work => Ok(()),
        interrupted = signal::ctrl_c() => Ok(interrupted?),
    }
}
