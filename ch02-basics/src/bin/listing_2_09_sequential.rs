//! Listing 2.9 (sequential): The same delays without tasks.
//!
//! A future that is awaited where it is made runs alone: nine seconds.
//!
//! In Python: `await`. Here: `.await`. Takes 9 s.

use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    delay(3).await;
    delay(3).await;
    delay(3).await;
}
