//! What several chapters share, as the book's own `util` package: [`delay`](delay()) (listing
//! 2.6) and [`async_timed`](async_timed()) (listing 2.16), and beside them the machinery that no
//! listing is about: arguments, the example site, a fast HTTP client, and the recorder of
//! timelines.

pub mod args;
pub mod async_timed;
pub mod delay;
#[cfg(feature = "example_site")]
pub mod example_site;
#[cfg(feature = "http")]
pub mod http;
pub mod memory;
#[cfg(feature = "ngrams")]
pub mod ngrams;
#[cfg(any(feature = "example_site", feature = "testing"))]
pub mod open_files;
#[cfg(feature = "products")]
pub mod products;
pub mod result;
pub mod server;
#[cfg(feature = "testing")]
pub mod testing;
pub mod timeline;

pub use args::args;
pub use async_timed::async_timed;
pub use delay::delay;
#[cfg(feature = "example_site")]
pub use example_site::ExampleSite;
pub use result::Result;
#[cfg(feature = "server")]
pub use server::listen;
pub use server::{bind_address, listening};
