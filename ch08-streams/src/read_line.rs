//! Listing 8.8: Reading a line, key by key.
//!
//! In raw mode the terminal neither echoes nor edits, so your input does not mix with the output of
//! other tasks. This listing does both: `tui_input` edits the line, and each key draws it again.
//! Ctrl-C comes as a key too. As in the book, nothing follows a terminal that changes its size. For a
//! real program use `rustyline-async`, which does, and has history and a writer that prints above
//! the line.
//!
//! In Python: `tty.setcbreak`, `StreamReader.read`. Here: `EventStream`, `tui_input::Input`.

use std::io::{self, Write, stdout};

use crossterm::cursor::MoveToColumn;
use crossterm::event::{EventStream, KeyCode, KeyEvent, KeyModifiers};
use crossterm::{queue, terminal};
use futures::TryStreamExt;
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;
use util_terminal::is_ctrl_c;

use crate::cursor::clear_line;

/// Reads until Enter, and echoes in the cursor's row. Returns `None` when the user leaves with
/// Ctrl-C, or with Ctrl-D on an empty line, or when the terminal is closed.
///
/// # Errors
/// If the terminal cannot be read or written to.
pub async fn read_line(stdin_reader: &mut EventStream) -> io::Result<Option<String>> {
    let mut input_buffer = Input::default();
    loop {
        draw(&input_buffer)?;
        let Some(event) = stdin_reader.try_next().await? else {
            return Ok(None);
        };
        match event.as_key_press_event() {
            Some(key) if key.code == KeyCode::Enter => break,
            Some(key) if leaves(key, &input_buffer) => return Ok(None),
            _ => drop(input_buffer.handle_event(&event)),
        }
    }
    draw(&Input::default())?;
    Ok(Some(input_buffer.into()))
}

fn leaves(key: KeyEvent, input_buffer: &Input) -> bool {
    let ctrl_d = key.modifiers == KeyModifiers::CONTROL && key.code == KeyCode::Char('d');
    is_ctrl_c(key) || ctrl_d && input_buffer.value().is_empty()
}

/// Draws the line in the cursor's row, or its end if it is longer than the row.
fn draw(input_buffer: &Input) -> io::Result<()> {
    let (columns, _) = terminal::size()?;
    let scroll = input_buffer.visual_scroll(usize::from(columns).saturating_sub(1));
    // This counts a column for each character, so it shows fewer wide characters than would fit.
    let hidden: String = input_buffer.value().chars().take(scroll).collect();
    clear_line()?;
    print!("{}", &input_buffer.value()[hidden.len()..]);
    let hidden = Input::new(hidden).visual_cursor();
    let column = input_buffer.visual_cursor().saturating_sub(hidden);
    queue!(stdout(), MoveToColumn(column as u16))?;
    stdout().flush()
}
