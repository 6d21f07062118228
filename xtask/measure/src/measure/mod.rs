//! Measuring: in which order programs run and how often, and what is run.

pub mod book;
pub mod compare;
pub mod load;
pub mod programs;
pub mod rounds;
pub mod scale;
pub mod timeline;
