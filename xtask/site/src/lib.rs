//! Builds the site to read beside the book from the files of the workspace.

pub mod book;
pub mod code;
pub mod compare;
pub mod group;
pub mod html;
pub mod listing;
pub mod map;
pub mod measured;
pub mod output;
pub mod page;
pub mod python;
pub mod record;
pub mod recording;
pub mod running;
pub mod search;
pub mod sessions;
pub mod site;
mod system;
pub mod terminal;
pub mod threads;
pub mod timeline;
