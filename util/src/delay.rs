//! Listing 2.6: A delay function that prints when it begins and ends.
//!
//! While it waits, `tokio::time::sleep` gives the thread back to the event loop, as `asyncio.sleep`
//! does. The messages show what else runs meanwhile.
//!
//! In Python: `util.delay`. Here: `util::delay`.

use std::time::Duration;

use tokio::time::sleep;

/// Sleeps for `delay_seconds`, prints a message before and after, and returns `delay_seconds`.
pub async fn delay(delay_seconds: u64) -> u64 {
    println!("sleeping for {delay_seconds} second(s)");
    sleep(Duration::from_secs(delay_seconds)).await;
    println!("finished sleeping for {delay_seconds} second(s)");
    delay_seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn returns_its_argument_after_that_many_seconds() {
        let start = tokio::time::Instant::now();
        assert_eq!(delay(3).await, 3);
        assert_eq!(start.elapsed(), Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn two_delays_overlap_when_joined() {
        let start = tokio::time::Instant::now();
        assert_eq!(tokio::join!(delay(2), delay(3)), (2, 3));
        assert_eq!(start.elapsed(), Duration::from_secs(3));
    }
}
