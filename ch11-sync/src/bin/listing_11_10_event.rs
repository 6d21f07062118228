//! Listing 11.10: Two tasks that wait for an event.
//!
//! Setting it wakes both, and clearing it makes the next one wait.
//!
//! In Python: `asyncio.Event`. Here: `ch11_sync::Event`. Takes 6 s.

use std::time::Duration;

use ch11_sync::Event;
use tokio::time::sleep;

fn trigger_event(event: &Event) {
    println!("Triggering event!");
    event.set();
}

async fn do_work_on_event(event: &Event) {
    println!("Waiting for event...");
    // Blocks until the event occurs.
    event.wait().await;
    println!("Performing work!");
    sleep(Duration::from_secs(1)).await;
    println!("Finished work!");
    // From here on `wait` waits again.
    event.clear();
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let event = Event::new();
    let trigger_in_five_seconds = async {
        sleep(Duration::from_secs(5)).await;
        trigger_event(&event);
    };
    tokio::join!(
        biased;
        do_work_on_event(&event),
        do_work_on_event(&event),
        trigger_in_five_seconds,
    );
}
