//! Listing 11.9: A bounded semaphore.
//!
//! A bounded semaphore refuses a release that would make more permits than there were at the
//! beginning. tokio has none, because its guards rule out the mistake. This one is the chapter's
//! own.
//!
//! In Python: `asyncio.BoundedSemaphore`. Here: `ch11_sync::BoundedSemaphore`.

use ch11_sync::BoundedSemaphore;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let semaphore = BoundedSemaphore::new(1);

    semaphore.acquire().await;
    semaphore.release()?;
    semaphore.release()
}
