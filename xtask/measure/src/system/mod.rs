//! What the operating system does for a measurement: processes and what they cost, servers,
//! cores, and what else goes on.

pub mod activity;
pub mod affinity;
pub mod environment;
pub mod interrupt;
pub mod machine;
pub mod peers;
pub mod process;
pub mod server;
