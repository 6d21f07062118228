//! Listing 2.3: Running a coroutine.
//!
//! `asyncio.run` makes an event loop, runs one coroutine on it and closes it. The event loop of
//! tokio is the runtime: `block_on` runs one future to its end, and dropping the runtime closes the
//! loop.
//!
//! In Python: `asyncio.run`. Here: `Runtime::block_on`.

use tokio::runtime::Builder;

async fn coroutine_add_one(number: i32) -> i32 {
    number + 1
}

fn main() -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().build()?;
    let result = runtime.block_on(coroutine_add_one(1));

    println!("{result}");
    Ok(())
}
