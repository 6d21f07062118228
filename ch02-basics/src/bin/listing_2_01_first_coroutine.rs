//! Listing 2.1: A first coroutine.
//!
//! Calling an `async fn` runs nothing: it returns a future, which prints only when it is run. The
//! book stops at the definition; here `main` shows both.
//!
//! In Python: `async def`. Here: `async fn`.

async fn my_coroutine() {
    println!("Hello world!");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let coroutine = my_coroutine();
    println!("Called, and nothing has happened yet.");
    coroutine.await;
}
