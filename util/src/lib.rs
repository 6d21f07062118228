//! What several chapters share. [`delay`](delay()) (listing 2.6) and [`async_timed`](async_timed())
//! (listing 2.16) are the book's `util` package. The rest is for no listing in particular:
//! arguments, where a server listens, and the recorder of timelines.
//!
//! The web, the products database, the word file and the tests' helpers are separate packages in
//! this folder, so that a chapter compiles only what it uses.

pub mod args;
pub mod async_timed;
pub mod delay;
pub mod memory;
pub mod server;
pub mod subscriber;
pub mod timeline;

mod fields;
mod interrupted;

pub use args::args;
pub use interrupted::interrupted;
pub use server::{bind_address, listen, listening};
pub use subscriber::{async_timed, print_spans};

/// Listing 2.6, in a span that timelines show. [`async_timed`](async_timed()) does not print it,
/// because the book's `delay` is not decorated.
#[tracing::instrument(target = "timeline")]
pub async fn delay(seconds: u64) -> u64 {
    delay::delay(seconds).await
}
