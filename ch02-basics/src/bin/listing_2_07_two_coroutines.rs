//! Listing 2.7: Two coroutines, one after the other.
//!
//! Each `await` waits for its result before the next line runs. So `add_one` waits a second for a
//! message that it does not need.
//!
//! In Python: `await`. Here: `.await`. Takes 1 s.

use util::delay;

#[tracing::instrument]
async fn add_one(number: i32) -> i32 {
    number + 1
}

#[tracing::instrument]
async fn hello_world_message() -> &'static str {
    delay(1).await;
    "Hello World!"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let message = hello_world_message().await;
    let one_plus_one = add_one(1).await;
    println!("{one_plus_one}");
    println!("{message}");
}
