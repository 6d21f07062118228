//! Figures in SVG, in both themes of a reader's system. No crate draws these.

pub mod bars;
pub mod kit;
pub mod timeline;
