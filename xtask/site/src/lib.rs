//! Builds the site to read beside the book from the files of the workspace.

pub mod book;
pub mod code;
pub mod compare;
pub mod explain;
pub mod group;
pub mod html;
pub mod listing;
pub mod map;
pub mod measured;
pub mod output;
pub mod page;
pub mod record;
pub mod recording;
pub mod running;
pub mod sessions;
pub mod site;
pub mod terminal;
pub mod threads;
pub mod timeline;
pub mod what_if;
