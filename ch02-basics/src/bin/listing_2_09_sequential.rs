//! Listing 2.9 (sequential): The same delays without tasks.
//!
//! Each future is awaited where it is made, so it runs alone. The program takes nine seconds.
//!
//! In Python: `await`. Here: `.await`. Takes 9 s.

use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    delay(3).await;
    delay(3).await;
    delay(3).await;
}
