//! Listing 8.7: Moving the cursor.
//!
//! The book writes the terminal's escape sequences by hand; crossterm knows them. `queue!` only
//! writes into a buffer: what belongs together reaches the screen together, when it is flushed.
//!
//! In Python: escape sequences. Here: `crossterm::queue!`.

use std::io::{self, Write};

use crossterm::cursor::{MoveLeft, MoveTo, MoveToColumn, RestorePosition, SavePosition};
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{self, Clear, ClearType};

/// Remembers where the cursor is.
///
/// # Errors
/// These functions fail if the terminal cannot be written to.
pub fn save_cursor_position(out: &mut impl Write) -> io::Result<()> {
    queue!(out, SavePosition)
}

/// Puts the cursor where it was remembered.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn restore_cursor_position(out: &mut impl Write) -> io::Result<()> {
    queue!(out, RestorePosition)
}

/// Puts the cursor into the upper left corner.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn move_to_top_of_screen(out: &mut impl Write) -> io::Result<()> {
    queue!(out, MoveTo(0, 0))
}

/// Puts the cursor into the last row, which is free for typing, and returns how many rows there
/// are.
///
/// # Errors
/// If the terminal cannot be written to, or does not tell its size.
pub fn move_to_bottom_of_screen(out: &mut impl Write) -> io::Result<u16> {
    let (_, rows) = terminal::size()?;
    queue!(out, MoveTo(0, rows.saturating_sub(1)))?;
    Ok(rows)
}

/// Empties the cursor's row, and leaves the cursor where it is.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn delete_line(out: &mut impl Write) -> io::Result<()> {
    queue!(out, Clear(ClearType::CurrentLine))
}

/// Empties the cursor's row, and puts the cursor at its beginning.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn clear_line(out: &mut impl Write) -> io::Result<()> {
    queue!(out, Clear(ClearType::CurrentLine), MoveToColumn(0))
}

/// Takes the last `columns` columns of what has been typed off the screen.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn move_back(out: &mut impl Write, columns: u16) -> io::Result<()> {
    if columns == 0 {
        return Ok(());
    }
    let blank = " ".repeat(columns.into());
    queue!(out, MoveLeft(columns), Print(blank), MoveLeft(columns))
}
