//! Listing 2.4: Waiting for a coroutine's result with `await`.
//!
//! `await` runs another coroutine and pauses this one until the result is there. From here on,
//! `#[tokio::main]` builds the runtime of listing 2.3; `current_thread` keeps it on one thread,
//! like asyncio's loop.
//!
//! In Python: `await`. Here: `.await`.

async fn add_one(number: i32) -> i32 {
    number + 1
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let one_plus_one = add_one(1).await;
    let two_plus_one = add_one(2).await;
    println!("{one_plus_one}");
    println!("{two_plus_one}");
}
