//! Listing 7.12: A window with one button.
//!
//! A user interface is a loop: draw, wait for an event, handle it. While it handles an event it
//! neither draws nor listens, so a handler must not block. Tkinter hides the loop in `mainloop`.
//! With ratatui you write the loop, the drawing and the keys yourself.
//!
//! In Python: `tkinter`, `mainloop`. Here: `ratatui`, `crossterm`. Needs a terminal.

use std::io::stdout;

use crossterm::event::{self, KeyCode};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::Stylize;
use ratatui::text::Text;
use ratatui::widgets::Block;
use ratatui::{DefaultTerminal, Frame, Terminal};
use util_terminal::{RawMode, is_ctrl_c};

#[derive(Default)]
struct HelloWorldApp {
    said: Vec<&'static str>,
}

impl HelloWorldApp {
    fn say_hello(&mut self) {
        self.said.push("Hello there!");
    }

    fn draw(&self, frame: &mut Frame) {
        let window = Block::bordered()
            .title("Hello world app")
            .title_bottom("Enter: press the button, Esc: leave");
        let rows = [Constraint::Length(1), Constraint::Fill(1)];
        let [button, output] = Layout::vertical(rows).areas(window.inner(frame.area()));
        frame.render_widget(window, frame.area());
        frame.render_widget("[ Say hello ]".reversed(), button);
        frame.render_widget(Text::from_iter(self.said.iter().copied()), output);
    }

    fn mainloop(&mut self, terminal: &mut DefaultTerminal) -> anyhow::Result<()> {
        loop {
            terminal.draw(|frame| self.draw(frame))?;
            match event::read()?.as_key_press_event() {
                Some(key) if key.code == KeyCode::Esc || is_ctrl_c(key) => return Ok(()),
                Some(key) if key.code == KeyCode::Enter => self.say_hello(),
                _ => {}
            }
        }
    }
}

fn main() -> anyhow::Result<()> {
    let _raw_mode = RawMode::alternate_screen()?;
    let mut terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
    HelloWorldApp::default().mainloop(&mut terminal)
}
