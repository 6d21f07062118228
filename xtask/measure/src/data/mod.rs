//! What was measured, as plain data that JSON holds.

pub mod comparison;
pub mod cost;
pub mod curve;
pub mod load;
pub mod machine;
pub mod report;
