//! Listing 2.8 (bare await): Awaiting the coroutine itself.
//!
//! Without a task, the next line runs three seconds later, and it has the result itself, not a
//! handle.
//!
//! In Python: `await`. Here: `.await`. Takes 3 s.

use std::any::type_name_of_val;

use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("hello world");
    let sleep_for_three = delay(3).await;
    println!("{}", type_name_of_val(&sleep_for_three));
}
