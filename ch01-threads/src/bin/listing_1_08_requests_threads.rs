//! Listing 1.8: Reading status codes on two threads.
//!
//! Python releases the GIL while a thread waits for its socket, so here threads pay off in Python
//! too. The threads borrow the URL from `main`, and the scope guarantees that they end first.
//!
//! In Python: `threading.Thread`. Here: `thread::scope`.

use std::thread;
use std::time::Instant;

use util_web::ExampleSite;
use util_web::http::agent;

#[tracing::instrument(skip_all)]
fn read_example(url: &str) -> anyhow::Result<()> {
    let response = agent().get(url).call()?;
    println!("{}", response.status().as_u16());
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;

    let thread_start = Instant::now();
    thread::scope(|scope| {
        let thread_1 = scope.spawn(|| read_example(site.url()));
        let thread_2 = scope.spawn(|| read_example(site.url()));

        println!("All threads running!");

        thread_1.join().expect("read_example never panics")?;
        thread_2.join().expect("read_example never panics")
    })?;
    let took = thread_start.elapsed().as_secs_f64();

    println!("Running with threads took {took:.4} seconds.");
    Ok(())
}
