//! The clients that put servers under load: those of an echo server ([`echo`]), and of a chat
//! server ([`chat`]).

pub mod chat;
pub mod echo;
