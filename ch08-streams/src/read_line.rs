//! Listing 8.8: Reading a line, key by key.
//!
//! In raw mode the terminal neither echoes nor edits, so your input does not mix with the output of
//! other tasks. This listing does both: `tui_input` edits the line, and each key draws it again.
//! Ctrl-C comes as a key too. For a real program use `rustyline-async`, which has history and a
//! writer that prints above the line.
//!
//! In Python: `tty.setcbreak`, `StreamReader.read`. Here: `EventStream`, `tui_input::Input`.

use std::io::{self, Write, stdout};

use crossterm::cursor::MoveToColumn;
use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyModifiers};
use crossterm::queue;
use crossterm::terminal::{self, Clear, ClearType};
use futures::TryStreamExt;
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use crate::cursor::{clear_line, move_to_bottom_of_screen};

/// Reads until Enter, and echoes in the cursor's row. Returns `None` when the user leaves with
/// Ctrl-C, or with Ctrl-D on an empty line, or when the terminal is closed. When the terminal
/// changes its size, this clears the screen, and `resized` draws the rest of it.
///
/// # Errors
/// If the terminal cannot be read or written to.
pub async fn read_line(
    stdin_reader: &mut EventStream,
    resized: impl Fn() -> io::Result<()>,
) -> anyhow::Result<Option<String>> {
    let mut input_buffer = Input::default();
    loop {
        draw(&input_buffer)?;
        match stdin_reader.try_next().await? {
            Some(Event::Key(key)) if key.code == KeyCode::Enter => break,
            Some(Event::Key(key)) if leaves(key, &input_buffer) => return Ok(None),
            Some(Event::Resize(..)) => {
                queue!(stdout(), Clear(ClearType::All))?;
                move_to_bottom_of_screen()?;
                resized()?;
            }
            Some(event) => {
                input_buffer.handle_event(&event);
            }
            None => return Ok(None),
        }
    }
    draw(&Input::default())?;
    Ok(Some(input_buffer.into()))
}

fn leaves(key: KeyEvent, input_buffer: &Input) -> bool {
    key.modifiers == KeyModifiers::CONTROL
        && (key.code == KeyCode::Char('c')
            || key.code == KeyCode::Char('d') && input_buffer.value().is_empty())
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
