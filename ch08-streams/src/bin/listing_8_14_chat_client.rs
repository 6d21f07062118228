//! Listing 8.14: A chat client.
//!
//! One types below, and what others say scrolls above. It works with the server of listing 8.13,
//! and with the book's.
//!
//! In Python: `open_connection`. Here: `TcpStream`, `select!`. Needs a terminal.

use std::net::SocketAddr;

use anyhow::Context;
use ch08_streams::lines::{Lines, NoLine};
use ch08_streams::read_line::LineReader;
use ch08_streams::screen::{Screen, terminated};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

async fn send_message(message: &str, writer: &mut OwnedWriteHalf) -> anyhow::Result<()> {
    let sent = writer.write_all(format!("{message}\n").as_bytes()).await;
    sent.context("the server is gone")
}

/// Shows what comes, until the server closes the connection.
async fn listen_for_messages(reader: OwnedReadHalf, screen: &Screen) -> anyhow::Result<()> {
    let mut lines = Lines::new(reader);
    loop {
        match lines.next().await {
            Ok(line) => screen.append(line)?,
            Err(NoLine::NotUtf8) => screen.append("(a line that is not UTF-8)")?,
            Err(NoLine::TooLong) => screen.append("(a line that is too long)")?,
            Err(NoLine::End | NoLine::Broken(_)) => return Ok(()),
        }
    }
}

async fn read_and_send(
    reader: &mut LineReader,
    writer: &mut OwnedWriteHalf,
    screen: &Screen,
) -> anyhow::Result<()> {
    while let Some(message) = screen.read_line(reader).await? {
        send_message(&message, writer).await?;
    }
    Ok(())
}

async fn chat(address: SocketAddr, screen: &Screen) -> anyhow::Result<Option<&'static str>> {
    let connection = TcpStream::connect(address)
        .await
        .with_context(|| format!("nobody serves {address}"))?;
    let (reader, mut writer) = connection.into_split();
    let mut keys = LineReader::default();

    screen.append("Enter username: ")?;
    let Some(username) = screen.read_line(&mut keys).await? else {
        return Ok(None);
    };
    send_message(&format!("CONNECT {username}"), &mut writer).await?;

    tokio::select! {
        listened = listen_for_messages(reader, screen) => {
            listened?;
            Ok(Some("Server closed connection."))
        }
        sent = read_and_send(&mut keys, &mut writer, screen) => {
            sent?;
            Ok(None)
        }
    }
}

async fn run(address: SocketAddr) -> anyhow::Result<Option<&'static str>> {
    let screen = Screen::take()?;
    tokio::select! {
        ended = chat(address, &screen) => ended,
        terminated = terminated() => Ok(terminated.map(|()| None)?),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let address = util::args("[ADDRESS]").address(8000);
    // Printed when the terminal is as it was, so that it stays.
    if let Some(last) = run(address).await? {
        println!("{last}");
    }
    Ok(())
}
