//! Listing 8.10: Delays above, a prompt below.
//!
//! You type in the last row, and the output of the delays scrolls above it. Neither disturbs the
//! other. Ctrl-C or Ctrl-D leaves.
//!
//! In Python: `asyncio.create_task`. Here: `spawn_local`. Needs a terminal.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Duration;

use ch08_streams::cursor::{
    delete_line, move_to_bottom_of_screen, move_to_top_of_screen, restore_cursor_position,
    save_cursor_position,
};
use ch08_streams::message_store::MessageStore;
use ch08_streams::read_line::read_line;
use crossterm::event::EventStream;
use tokio::task::spawn_local;
use util_terminal::RawMode;

async fn sleep(delay: u64, message_store: Rc<MessageStore>) -> io::Result<()> {
    message_store.append(format!("Starting delay {delay}"))?;
    tokio::time::sleep(Duration::from_secs(delay)).await;
    message_store.append(format!("Finished delay {delay}"))
}

fn redraw_output(items: &VecDeque<String>) -> io::Result<()> {
    save_cursor_position()?;
    move_to_top_of_screen()?;
    for item in items {
        delete_line()?;
        print!("{}\r\n", item.replace(char::is_control, "?"));
    }
    restore_cursor_position()?;
    io::stdout().flush()
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let _raw_mode = RawMode::enter()?;
    let rows = move_to_bottom_of_screen()?;
    let messages = Rc::new(MessageStore::new(redraw_output, rows - 1));
    let mut stdin_reader = EventStream::new();
    while let Some(line) = read_line(&mut stdin_reader).await? {
        match line.trim().parse() {
            Ok(delay) => {
                spawn_local(sleep(delay, Rc::clone(&messages)));
            }
            Err(_) => messages.append(format!("'{line}' is not a number of seconds"))?,
        }
    }
    Ok(())
}
