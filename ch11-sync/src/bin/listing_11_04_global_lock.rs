//! Listing 11.4 (global lock): The same with a global lock.
//!
//! Before Python 3.10, a global `asyncio.Lock` belonged to a different event loop from the one that
//! `asyncio.run` starts, and using it failed. tokio's locks belong to no runtime, so a `static` can
//! hold one before any runtime exists.
//!
//! In Python: `lock = Lock()`. Here: `Mutex::const_new`. Takes 4 s.

use tokio::sync::Mutex;
use util::delay;

static LOCK: Mutex<()> = Mutex::const_new(());

async fn a() {
    println!("Coroutine a waiting to acquire the lock");
    {
        let _guard = LOCK.lock().await;
        println!("Coroutine a is in the critical section");
        delay(2).await;
    }
    println!("Coroutine a released the lock");
}

async fn b() {
    println!("Coroutine b waiting to acquire the lock");
    {
        let _guard = LOCK.lock().await;
        println!("Coroutine b is in the critical section");
        delay(2).await;
    }
    println!("Coroutine b released the lock");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::join!(a(), b());
}
