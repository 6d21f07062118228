//! Example: The load tester's form, two fields and a button.
//!
//! Which of them has the focus, what a key does to it, and whether what was typed makes sense: all
//! that Tkinter's `Entry` and `Button` do for the book.
//!
//! In Python: `tkinter.Entry`, `ttk.Button`. Here: `tui_input`, `ratatui`.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, Paragraph};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;
use url::Url;

/// The most requests that a test may have.
const MOST_REQUESTS: usize = 10_000_000;

/// What a key may ask of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The button has been pressed.
    Press,
    /// The user wants to leave, with Esc or Ctrl-C.
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

    /// Takes a key to the part that has the focus.
    pub fn handle(&mut self, event: &Event) -> Option<Action> {
        let Event::Key(key) = event else {
            // A new size needs nothing but the next picture.
            return None;
        };
        if key.kind == KeyEventKind::Release {
            return None;
        }
        match (key.code, key.modifiers) {
            (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL) => {
                return Some(Action::Leave);
            }
            (KeyCode::Enter, _) => return Some(Action::Press),
            (KeyCode::Char(' '), _) if self.focus == Focus::Button => return Some(Action::Press),
            (KeyCode::Tab | KeyCode::Down, _) => self.focus = self.focus.next(),
            (KeyCode::BackTab | KeyCode::Up, _) => self.focus = self.focus.next().next(),
            _ => self.edit(event, key),
        }
        None
    }

    fn edit(&mut self, event: &Event, key: &KeyEvent) {
        let digit = matches!(key.code, KeyCode::Char(c) if c.is_ascii_digit());
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match self.focus {
            Focus::Url => {
                self.url.handle_event(event);
            }
            // Letters do not get into the number.
            Focus::Requests if digit || control || !matches!(key.code, KeyCode::Char(_)) => {
                self.requests.handle_event(event);
            }
            Focus::Requests | Focus::Button => {}
        }
    }

    /// The URL and the number of requests.
    ///
    /// # Errors
    /// If the URL is none of HTTP's, or the number is none from 1 to ten million: a line that says
    /// so.
    pub fn checked(&self) -> Result<(String, usize), String> {
        let url = self.url.value();
        let parsed = Url::parse(url).map_err(|error| format!("'{url}' is not a URL: {error}"))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(format!("'{url}' is neither http nor https"));
        }
        let requests = self.requests.value();
        match requests.parse() {
            Ok(number @ 1..=MOST_REQUESTS) => Ok((parsed.into(), number)),
            _ => Err(format!(
                "the number of requests must be from 1 to {MOST_REQUESTS}, not '{requests}'"
            )),
        }
    }

    /// Draws the URL, the number, and the button with `label`, each into its area.
    pub fn draw(&self, frame: &mut Frame, [url, requests, button]: [Rect; 3], label: &str) {
        self.draw_field(frame, url, " URL ", &self.url, Focus::Url);
        let title = " Number of requests ";
        self.draw_field(frame, requests, title, &self.requests, Focus::Requests);
        let label = Paragraph::new(label).style(self.style(Focus::Button));
        frame.render_widget(label, button);
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
            Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED)
        } else {
            Style::new()
        }
    }
}
