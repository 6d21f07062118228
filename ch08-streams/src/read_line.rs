//! Listing 8.8: Reading a line, key by key.
//!
//! In raw mode the terminal echoes nothing and edits nothing, so that what is typed does not mix
//! with what other tasks print. Both are done here, for more than the book's plain letters: for
//! Unicode, Ctrl-C, Ctrl-D and Ctrl-U, and for a terminal that gets another size.
//!
//! In Python: `tty.setcbreak`. Here: `crossterm::event::EventStream`.

use std::io::{self, Write};

use anyhow::Context;
use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures::StreamExt;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::cursor::{clear_line, move_back};
use crate::screen::fitting_end;

/// What came of reading a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A line, without its end.
    Text(String),
    /// Ctrl-C, or Ctrl-D on an empty line, or the terminal has gone: the user wants to leave.
    End,
    /// The terminal has a new size. What has been typed is kept for the next call.
    Resized,
}

/// The keyboard, and what has been typed since the last line.
#[derive(Debug, Default)]
pub struct LineReader {
    keys: EventStream,
    input_buffer: String,
}

impl LineReader {
    /// Reads until Enter, and echoes in the last row of the screen.
    ///
    /// # Errors
    /// If the terminal cannot be read or written to.
    pub async fn read_line(&mut self, out: &mut impl Write) -> anyhow::Result<Line> {
        loop {
            let Some(event) = self.keys.next().await else {
                return Ok(Line::End);
            };
            match event.context("the terminal is gone")? {
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    let line = press(&mut self.input_buffer, key, out)?;
                    out.flush()?;
                    if let Some(line) = line {
                        return Ok(line);
                    }
                }
                Event::Resize(..) => return Ok(Line::Resized),
                _ => {}
            }
        }
    }

    /// Shows again what has been typed, in the row where the cursor is.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub fn redraw(&self, out: &mut impl Write) -> io::Result<()> {
        clear_line(out)?;
        write!(out, "{}", fitting_end(&self.input_buffer))?;
        out.flush()
    }
}

fn press(
    input_buffer: &mut String,
    key: KeyEvent,
    out: &mut impl Write,
) -> io::Result<Option<Line>> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if control => return Ok(Some(Line::End)),
        KeyCode::Char('d') if control && input_buffer.is_empty() => return Ok(Some(Line::End)),
        KeyCode::Char('u') if control => {
            input_buffer.clear();
            clear_line(out)?;
        }
        KeyCode::Char(character) if !control && !character.is_control() => {
            input_buffer.push(character);
            // A character may join the one before it, so the whole line is drawn.
            clear_line(out)?;
            write!(out, "{}", fitting_end(input_buffer))?;
        }
        KeyCode::Backspace => erase_last_char(input_buffer, out)?,
        KeyCode::Enter => {
            clear_line(out)?;
            return Ok(Some(Line::Text(std::mem::take(input_buffer))));
        }
        _ => {}
    }
    Ok(None)
}

/// Deletes the last character as one sees it, which may be several for Unicode.
fn erase_last_char(input_buffer: &mut String, out: &mut impl Write) -> io::Result<()> {
    let shown = fitting_end(input_buffer).len();
    let Some((start, last)) = input_buffer.grapheme_indices(true).next_back() else {
        return Ok(());
    };
    let columns = last.width() as u16;
    let fits = shown == input_buffer.len();
    input_buffer.truncate(start);
    if fits {
        move_back(out, columns)
    } else {
        clear_line(out)?;
        write!(out, "{}", fitting_end(input_buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[(KeyCode, KeyModifiers)]) -> (String, Option<Line>) {
        let mut buffer = String::new();
        let mut line = None;
        for (code, modifiers) in keys {
            line = press(
                &mut buffer,
                KeyEvent::new(*code, *modifiers),
                &mut Vec::new(),
            )
            .unwrap();
        }
        (buffer, line)
    }

    fn text(text: &str) -> Vec<(KeyCode, KeyModifiers)> {
        let keys = text.chars().map(KeyCode::Char);
        keys.map(|key| (key, KeyModifiers::NONE)).collect()
    }

    #[test]
    fn enter_gives_the_line_and_empties_it() {
        let keys = [
            text("grüß dich 世界"),
            vec![(KeyCode::Enter, KeyModifiers::NONE)],
        ]
        .concat();
        let line = Some(Line::Text("grüß dich 世界".into()));
        assert_eq!(typed(&keys), (String::new(), line));
    }

    #[test]
    fn backspace_deletes_what_one_sees() {
        let backspace = vec![(KeyCode::Backspace, KeyModifiers::NONE)];
        for (before, after) in [
            ("", ""),
            ("a", ""),
            ("aé", "a"),
            ("ae\u{301}", "a"),
            ("a世", "a"),
            ("a👩‍👩‍👧", "a"),
        ] {
            let keys = [text(before), backspace.clone()].concat();
            assert_eq!(typed(&keys).0, after, "{before}");
        }
    }

    #[test]
    fn control_c_ends_and_control_d_on_an_empty_line_only() {
        let key = |key| vec![(KeyCode::Char(key), KeyModifiers::CONTROL)];
        assert_eq!(typed(&[text("a"), key('c')].concat()).1, Some(Line::End));
        assert_eq!(typed(&key('d')).1, Some(Line::End));
        assert_eq!(typed(&[text("a"), key('d')].concat()), ("a".into(), None));
        assert_eq!(
            typed(&[text("a"), key('u')].concat()),
            (String::new(), None)
        );
    }
}
