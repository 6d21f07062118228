//! Example: The load tester's form, two fields and a button.
//!
//! The form knows which part has the focus, and what a key does to it. In the book, Tkinter's
//! `Entry` and `Button` do this.
//!
//! In Python: `tkinter.Entry`, `ttk.Button`. Here: `tui_input`, `ratatui`.

use std::num::NonZero;

use anyhow::Context;
use crossterm::event::{Event, KeyCode};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Paragraph};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;
use util_terminal::is_ctrl_c;

/// What a key asks the program to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The button has been pressed.
    Press,
    /// The user leaves, with Esc or Ctrl-C.
    Leave,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    Url,
    Requests,
    Button,
}

impl Focus {
    fn next(self) -> Self {
        match self {
            Self::Url => Self::Requests,
            Self::Requests => Self::Button,
            Self::Button => Self::Url,
        }
    }
}

/// A URL, a number of requests, and a button.
#[derive(Debug)]
pub struct Form {
    url: Input,
    requests: Input,
    focus: Focus,
}

impl Form {
    /// A form with `url` and `requests` in its fields.
    #[must_use]
    pub fn new(url: &str, requests: usize) -> Self {
        Self {
            url: Input::new(url.into()),
            requests: Input::new(requests.to_string()),
            focus: Focus::Url,
        }
    }

    /// The URL as it was typed.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.value()
    }

    /// The number of requests.
    ///
    /// # Errors
    /// If what was typed is not a number above zero.
    pub fn requests(&self) -> anyhow::Result<usize> {
        let requests = self.requests.value();
        let number: NonZero<usize> = requests
            .parse()
            .with_context(|| format!("'{requests}' is not a number of requests"))?;
        Ok(number.get())
    }

    /// Passes a key to the part that has the focus.
    pub fn handle(&mut self, event: &Event) -> Option<Action> {
        let key = event.as_key_press_event()?;
        match (key.code, self.focus) {
            (KeyCode::Esc, _) => return Some(Action::Leave),
            _ if is_ctrl_c(key) => return Some(Action::Leave),
            (KeyCode::Enter, _) | (KeyCode::Char(' '), Focus::Button) => {
                return Some(Action::Press);
            }
            (KeyCode::Tab | KeyCode::Down, _) => self.focus = self.focus.next(),
            (KeyCode::BackTab | KeyCode::Up, _) => self.focus = self.focus.next().next(),
            (_, Focus::Url) => drop(self.url.handle_event(event)),
            (_, Focus::Requests) => drop(self.requests.handle_event(event)),
            (_, Focus::Button) => {}
        }
        None
    }

    /// Draws the URL, the number, and the button with `label`, each into its area.
    pub fn draw(&self, frame: &mut Frame, [url, requests, button]: [Rect; 3], label: &str) {
        self.draw_field(frame, url, "URL:", &self.url, Focus::Url);
        let title = "Number of requests:";
        self.draw_field(frame, requests, title, &self.requests, Focus::Requests);
        let label = format!("[ {label} ]");
        frame.render_widget(
            Paragraph::new(label).style(self.style(Focus::Button)),
            button,
        );
    }

    fn draw_field(&self, frame: &mut Frame, area: Rect, title: &str, input: &Input, focus: Focus) {
        let width = area.width.saturating_sub(2);
        let scroll = input.visual_scroll(usize::from(width.saturating_sub(1)));
        let block = Block::bordered()
            .title(title)
            .border_style(self.style(focus));
        let field = Paragraph::new(input.value())
            .scroll((0, scroll as u16))
            .block(block);
        frame.render_widget(field, area);
        if self.focus == focus && area.height > 1 {
            let column = input.visual_cursor().saturating_sub(scroll) as u16;
            frame.set_cursor_position((area.x + 1 + column.min(width), area.y + 1));
        }
    }

    fn style(&self, focus: Focus) -> Style {
        if self.focus == focus {
            Style::new().bold().reversed()
        } else {
            Style::new()
        }
    }
}
