//! Listing 2.1: A first coroutine.
//!
//! Calling an `async fn` runs nothing: the call returns a future, which prints when it is awaited.
//! The book only defines the coroutine; here `main` calls it, then awaits it.
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
