//! Figures in SVG, in both themes of a reader's system. No crate draws these.

mod bars;
mod curves;
pub mod kit;
pub mod timeline;

pub use self::bars::draw as comparison;
pub use self::curves::draw as curve;
