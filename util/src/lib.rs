//! What several chapters share, as the book's own `util` package: [`delay`](delay()) (listing
//! 2.6) and [`async_timed`](async_timed()) (listing 2.16), and beside them what no listing is
//! about: arguments, where a server listens, and the recorder of timelines.
//!
//! The web, the products database, the word file and the tests' helpers are packages of their own
//! in this folder, so that a chapter compiles only what it uses.

pub mod args;
pub mod async_timed;
pub mod delay;
pub mod memory;
pub mod server;
pub mod subscriber;
pub mod timeline;

mod fields;

pub use args::args;
pub use server::{bind_address, listen, listening};
pub use subscriber::{async_timed, print_spans};

/// Listing 2.6, in a span that timelines show and [`async_timed`](async_timed()) does not print:
/// the book's `delay` is not decorated.
#[tracing::instrument(target = "timeline")]
pub async fn delay(seconds: u64) -> u64 {
    delay::delay(seconds).await
}
