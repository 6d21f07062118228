//! Listing 8.14: A chat client.
//!
//! You type below, and the messages of others scroll above. The client works with the server of
//! listing 8.13 and with the book's. Python waits for whichever of two tasks ends first. `select!`
//! polls two futures in this one task, and drops the other when one ends.
//!
//! In Python: `asyncio.open_connection`, `asyncio.wait`. Here: `TcpStream`, `select!`. Needs a
//! terminal.

use std::collections::VecDeque;
use std::io::{self, Write};

use anyhow::Context;
use ch08_streams::cursor::{
    delete_line, move_to_bottom_of_screen, move_to_top_of_screen, restore_cursor_position,
    save_cursor_position,
};
use ch08_streams::message_store::MessageStore;
use ch08_streams::read_line::read_line;
use crossterm::event::EventStream;
use futures::TryStreamExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio_util::codec::{FramedRead, LinesCodec};
use util_terminal::RawMode;

/// The longest line in bytes, as in asyncio's streams.
const LONGEST_LINE: usize = 64 * 1024;

async fn send_message(message: &str, writer: &mut OwnedWriteHalf) -> io::Result<()> {
    writer.write_all(format!("{message}\n").as_bytes()).await
}

async fn listen_for_messages(
    reader: OwnedReadHalf,
    message_store: &MessageStore,
) -> anyhow::Result<()> {
    let lines = LinesCodec::new_with_max_length(LONGEST_LINE);
    let mut reader = FramedRead::new(reader, lines);
    while let Some(message) = reader.try_next().await? {
        message_store.append(message)?;
    }
    Ok(message_store.append("Server closed connection.".into())?)
}

async fn read_and_send(
    mut stdin_reader: EventStream,
    mut writer: OwnedWriteHalf,
) -> anyhow::Result<()> {
    while let Some(message) = read_line(&mut stdin_reader).await? {
        send_message(&message, &mut writer).await?;
    }
    Ok(())
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let address = util::bind_address();
    let _raw_mode = RawMode::enter()?;
    let rows = move_to_bottom_of_screen()?;
    let messages = MessageStore::new(redraw_output, rows - 1);
    let mut stdin_reader = EventStream::new();
    messages.append("Enter username: ".into())?;
    let Some(username) = read_line(&mut stdin_reader).await? else {
        return Ok(());
    };
    let connection = TcpStream::connect(address).await;
    let connection = connection.with_context(|| format!("cannot connect to {address}"))?;
    let (reader, mut writer) = connection.into_split();
    send_message(&format!("CONNECT {username}"), &mut writer).await?;

    tokio::select! {
        listened = listen_for_messages(reader, &messages) => listened,
        sent = read_and_send(stdin_reader, writer) => sent,
    }
}
