//! Figures in SVG, in both themes of a reader's system. No crate draws these.

mod bars;
pub mod kit;
pub mod timeline;

pub use self::bars::draw as comparison;
