//! Listing 2.1: A first coroutine.
//!
//! A call of an `async fn` runs nothing. It returns a future, which prints only when it is awaited.
//! The book just defines the coroutine; here `main` also calls and awaits it.
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
