//! Example: A terminal with messages above and a line to type in below.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, IsTerminal, Stdout, Write, stdin, stdout};
use std::panic;
use std::sync::Once;

use anyhow::{Context, ensure};
use crossterm::cursor::MoveTo;
use crossterm::style::Print;
use crossterm::terminal::{self, Clear, ClearType};
use crossterm::{execute, queue};
use tokio::signal::unix::{SignalKind, signal};
use unicode_width::UnicodeWidthChar;

use crate::cursor::{
    delete_line, move_to_bottom_of_screen, move_to_top_of_screen, restore_cursor_position,
    save_cursor_position,
};
use crate::message_store::MessageStore;
use crate::read_line::{Line, LineReader};

type Redraw = fn(&VecDeque<String>) -> io::Result<()>;

/// The terminal, taken: every key comes as it is pressed, and nothing is echoed. Dropping it gives
/// the terminal back; so does a panic.
pub struct Screen {
    messages: RefCell<MessageStore<Redraw>>,
}

impl Screen {
    /// Takes the terminal and clears it.
    ///
    /// # Errors
    /// If there is none.
    pub fn take() -> anyhow::Result<Self> {
        ensure!(
            stdin().is_terminal() && stdout().is_terminal(),
            "this program needs a terminal, with neither input nor output redirected"
        );
        restore_on_panic();
        terminal::enable_raw_mode().context("cannot take the terminal")?;
        // From here on dropping it gives the terminal back.
        let screen = Self {
            messages: RefCell::new(MessageStore::new(redraw_output, 0)),
        };
        let mut out = stdout();
        queue!(out, Clear(ClearType::All))?;
        let rows = move_to_bottom_of_screen(&mut out)?;
        out.flush()?;
        screen.messages.borrow_mut().resize(room(rows))?;
        Ok(screen)
    }

    /// Shows a message above the line that is typed.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub fn append(&self, message: impl Into<String>) -> io::Result<()> {
        self.messages.borrow_mut().append(message)
    }

    /// Reads a line in the last row; `None` when the user wants to leave.
    ///
    /// # Errors
    /// If the terminal cannot be read or written to.
    pub async fn read_line(&self, reader: &mut LineReader) -> anyhow::Result<Option<String>> {
        let mut out = stdout();
        loop {
            match reader.read_line(&mut out).await? {
                Line::Text(line) => return Ok(Some(line)),
                Line::End => return Ok(None),
                Line::Resized => {
                    queue!(out, Clear(ClearType::All))?;
                    let rows = move_to_bottom_of_screen(&mut out)?;
                    self.messages.borrow_mut().resize(room(rows))?;
                    reader.redraw(&mut out)?;
                }
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Waits for a signal that ends the program: then the screen is dropped as it should be.
///
/// # Errors
/// If signals cannot be listened for.
pub async fn terminated() -> io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = hangup.recv() => {}
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

fn room(rows: u16) -> usize {
    usize::from(rows.saturating_sub(1))
}

fn redraw_output(items: &VecDeque<String>) -> io::Result<()> {
    let mut out: Stdout = stdout();
    save_cursor_position(&mut out)?;
    move_to_top_of_screen(&mut out)?;
    for (row, item) in (0..).zip(items) {
        queue!(out, MoveTo(0, row))?;
        delete_line(&mut out)?;
        queue!(out, Print(fitting_start(item)))?;
    }
    restore_cursor_position(&mut out)?;
    out.flush()
}

fn give_back() {
    // There is nobody to tell that the terminal has gone.
    let _ = terminal::disable_raw_mode();
    let mut out = stdout();
    let _ = move_to_bottom_of_screen(&mut out);
    let _ = execute!(out, Clear(ClearType::CurrentLine), crossterm::cursor::Show);
}

fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |information| {
            give_back();
            hook(information);
        }));
    });
}

fn columns() -> usize {
    terminal::size().map_or(80, |(columns, _)| columns.into())
}

/// As much of the beginning as fits into a row, without what could move the cursor: a message may
/// come from anybody.
fn fitting_start(text: &str) -> String {
    let mut left = columns();
    text.chars()
        .map(|character| {
            if character.is_control() {
                '?'
            } else {
                character
            }
        })
        .take_while(|character| {
            let width = character.width().unwrap_or(0);
            let fits = width <= left;
            left = left.saturating_sub(width);
            fits
        })
        .collect()
}

/// As much of the end as fits into a row and leaves a column for the cursor.
pub(crate) fn fitting_end(text: &str) -> &str {
    let mut left = columns().saturating_sub(1);
    let start = text.char_indices().rev().take_while(|(_, character)| {
        let width = character.width().unwrap_or(0);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    });
    &text[start.last().map_or(text.len(), |(start, _)| start)..]
}
