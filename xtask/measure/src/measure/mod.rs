//! Measuring: in which order programs run and how often, and what is run.

pub mod book;
pub mod compare;
pub mod load;
pub mod programs;
pub mod rounds;
pub mod scale;
pub mod site;
pub mod timeline;

/// What was measured of a table; nothing where Ctrl-C came before anything was complete.
#[derive(Debug)]
pub struct Part<T> {
    /// As far as it is complete.
    pub measured: Option<T>,
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
}
