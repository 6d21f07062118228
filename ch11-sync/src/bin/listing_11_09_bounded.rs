//! Listing 11.9: A bounded semaphore.
//!
//! It refuses a release that would make more permits than there were at the beginning. tokio has
//! none, since its guards rule the mistake out; this one is the chapter's own.
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
