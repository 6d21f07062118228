//! What the listings about the web share: [`ExampleSite`], the stand-in for
//! `https://www.example.com`, and [`http`], clients that start fast.

// Its recorder of timelines serves also listings that use nothing else of it.
use util as _;

pub mod example_site;
pub mod http;

pub use example_site::ExampleSite;
