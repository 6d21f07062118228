//! Listing 11.13: Events that come too fast.
//!
//! An event is a flag, not a counter. Four triggers during a worker's five seconds set it once, and
//! wake one worker. If you must count, use a queue.
//!
//! In Python: `Event.set`, `clear`. Here: `ch11_sync::Event`. Takes 6 s.

use std::time::Duration;

use ch11_sync::Event;
use tokio::time::{sleep, timeout};

#[tracing::instrument(skip_all)]
async fn trigger_event_periodically(event: &Event) {
    loop {
        println!("Triggering event!");
        event.set();
        sleep(Duration::from_secs(1)).await;
    }
}

#[tracing::instrument(skip_all)]
async fn do_work_on_event(event: &Event) {
    loop {
        println!("Waiting for event...");
        event.wait().await;
        event.clear();
        println!("Performing work!");
        sleep(Duration::from_secs(5)).await;
        println!("Finished work!");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let event = &Event::new();
    // Half a second before the sixth trigger.
    let trigger = trigger_event_periodically(event);
    let trigger = timeout(Duration::from_millis(4500), trigger);
    let all = async { tokio::join!(do_work_on_event(event), do_work_on_event(event), trigger) };
    // Long enough to see what the workers find when they have finished.
    timeout(Duration::from_millis(5500), all).await.ok();
}
