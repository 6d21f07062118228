//! Listing 7.12: A window with one button.
//!
//! A user interface is a loop of its own: draw, wait for an event, handle it. While it handles one
//! it neither draws nor hears, so it must not block. Tkinter hides the loop in `mainloop`; ratatui
//! leaves it to us, and with it the drawing and the keys. Enter presses the button, Esc leaves.
//!
//! In Python: `tkinter`, `mainloop`. Here: `ratatui`, `crossterm`. Needs a terminal.

use ch07_threads::terminal::in_terminal;
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::Stylize;
use ratatui::widgets::{Block, Paragraph};
use ratatui::{DefaultTerminal, Frame};

#[derive(Default)]
struct HelloWorldApp {
    said: Vec<&'static str>,
}

impl HelloWorldApp {
    fn say_hello(&mut self) {
        self.said.push("Hello there!");
    }

    fn draw(&self, frame: &mut Frame) {
        let window = Block::bordered().title(" Hello world app ");
        let inside = window.inner(frame.area());
        frame.render_widget(window, frame.area());
        let rows = [Constraint::Length(1), Constraint::Fill(1)];
        let [button, output] = Layout::vertical(rows).areas(inside);
        frame.render_widget("[ Say hello ]".reversed(), button);
        // The last ones, as many as there is room for.
        let first = self.said.len().saturating_sub(output.height.into());
        frame.render_widget(Paragraph::new(self.said[first..].join("\n")), output);
    }

    fn mainloop(&mut self, terminal: &mut DefaultTerminal) -> anyhow::Result<()> {
        loop {
            terminal.draw(|frame| self.draw(frame))?;
            let Event::Key(KeyEvent {
                code,
                modifiers,
                kind: KeyEventKind::Press,
                ..
            }) = event::read()?
            else {
                continue;
            };
            match (code, modifiers) {
                (KeyCode::Enter | KeyCode::Char(' '), _) => self.say_hello(),
                (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL) => return Ok(()),
                _ => {}
            }
        }
    }
}

fn main() -> anyhow::Result<()> {
    let mut app = HelloWorldApp::default();
    Ok(in_terminal(|terminal| app.mainloop(terminal))?)
}
