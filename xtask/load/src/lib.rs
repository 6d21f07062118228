//! What has to be fast to measure: the clients of an echo server ([`echo`]) and of a chat server
//! ([`chat`]), and reading [`memory`].

pub mod chat;
pub mod echo;
pub mod memory;
