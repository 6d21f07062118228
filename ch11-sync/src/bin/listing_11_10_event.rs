//! Listing 11.10: Two workers that wait for an event.
//!
//! Setting the event wakes both. Clearing it makes the next one wait. tokio has no `call_later`:
//! a future that sleeps first takes its place, here joined with the workers.
//!
//! In Python: `asyncio.Event`, `loop.call_later`. Here: `ch11_sync::Event`, `sleep`. Takes 6 s.

use std::time::Duration;

use ch11_sync::Event;
use tokio::time::sleep;

#[tracing::instrument(skip_all)]
fn trigger_event(event: &Event) {
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
    let call_later = async {
        sleep(Duration::from_secs(5)).await;
        trigger_event(event);
    };
    tokio::join!(do_work_on_event(event), do_work_on_event(event), call_later);
}
