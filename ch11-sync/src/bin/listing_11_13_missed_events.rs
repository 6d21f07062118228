//! Listing 11.13: Events that come too fast.
//!
//! An event has no memory: it is triggered each second, and who is still working does not see it.
//! What must not be missed belongs in a queue.
//!
//! In Python: `Event.set`, `clear`. Here: `ch11_sync::Event`. Takes 5 s.

use std::convert::Infallible;
use std::time::Duration;

use ch11_sync::Event;
use tokio::time::{sleep, timeout};

async fn trigger_event_periodically(event: &Event) -> Infallible {
    loop {
        println!("Triggering event!");
        event.set();
        sleep(Duration::from_secs(1)).await;
    }
}

async fn do_work_on_event(event: &Event) -> Infallible {
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
    let event = Event::new();
    let workers = async {
        tokio::join!(
            biased;
            do_work_on_event(&event),
            do_work_on_event(&event),
            trigger_event_periodically(&event),
        )
    };
    // A little less than five seconds, so that the triggers are five.
    if timeout(Duration::from_millis(4900), workers).await.is_err() {
        println!("Shutting down!");
    }
}
