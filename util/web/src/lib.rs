//! What the listings about the web share: [`ExampleSite`], the stand-in for
//! `https://www.example.com`, and the clients in [`http`], which start fast.

// Links the recorder of timelines into listings that use nothing else from `util`.
use util as _;

pub mod example_site;
pub mod http;

pub use example_site::ExampleSite;
