//! Listing 11.10: Two tasks that wait for an event.
//!
//! Setting the event wakes both tasks. Clearing it makes the next task wait.
//!
//! In Python: `asyncio.Event`. Here: `ch11_sync::Event`. Takes 6 s.

use std::time::Duration;

use ch11_sync::Event;
use tokio::time::sleep;

#[tracing::instrument(skip_all)]
async fn trigger_event(event: &Event) {
    sleep(Duration::from_secs(5)).await;
    println!("Triggering event!");
    event.set();
}

#[tracing::instrument(skip_all)]
async fn do_work_on_event(event: &Event) {
    println!("Waiting for event...");
    event.wait().await;
    println!("Performing work!");
    sleep(Duration::from_secs(1)).await;
    println!("Finished work!");
    event.clear();
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let event = &Event::new();
    tokio::join!(
        do_work_on_event(event),
        do_work_on_event(event),
        trigger_event(event)
    );
}
