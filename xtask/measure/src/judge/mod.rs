//! What the figures mean: how many times faster, how near to the limit, what to be wary of.

pub mod bound;
pub mod changes;
pub mod speed_up;
pub mod warnings;
