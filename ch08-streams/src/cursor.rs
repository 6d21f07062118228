//! Listing 8.7: Moving the cursor.
//!
//! The book writes the terminal's escape sequences by hand; crossterm knows them. As in Python,
//! they stay in stdout's buffer until it is flushed. The book also moves back one character to
//! erase it. Listing 8.8 draws the whole line instead, because a character can be two columns wide.
//!
//! In Python: escape sequences. Here: `crossterm::queue!`.

use std::io::{self, stdout};

use crossterm::cursor::{MoveTo, MoveToColumn, RestorePosition, SavePosition};
use crossterm::queue;
use crossterm::terminal::{self, Clear, ClearType};

/// Remembers where the cursor is.
pub fn save_cursor_position() -> io::Result<()> {
    queue!(stdout(), SavePosition)
}

/// Puts the cursor back where it was.
pub fn restore_cursor_position() -> io::Result<()> {
    queue!(stdout(), RestorePosition)
}

/// Puts the cursor in the upper left corner.
pub fn move_to_top_of_screen() -> io::Result<()> {
    queue!(stdout(), MoveTo(0, 0))
}

/// Clears the cursor's row without moving the cursor.
pub fn delete_line() -> io::Result<()> {
    queue!(stdout(), Clear(ClearType::CurrentLine))
}

/// Clears the cursor's row and moves the cursor to its start.
pub fn clear_line() -> io::Result<()> {
    queue!(stdout(), Clear(ClearType::CurrentLine), MoveToColumn(0))
}

/// Moves the cursor to the start of the last row, where you type, and returns the number of rows,
/// at least one.
pub fn move_to_bottom_of_screen() -> io::Result<usize> {
    let total_rows = terminal::size()?.1.max(1);
    queue!(stdout(), MoveTo(0, total_rows - 1))?;
    Ok(total_rows.into())
}
