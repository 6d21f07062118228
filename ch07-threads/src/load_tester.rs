//! Listing 7.14: The load tester's user interface.
//!
//! Two fields, a button, a progress bar. It belongs to the main thread and never waits for the
//! event loop: it sends commands, and looks every 25 ms whether there is news. (What keys do to the
//! fields is in `form`.) What it has over the book's is how the test goes: the rate, the failures,
//! and whether it was cancelled.
//!
//! In Python: `tkinter`, `queue.Queue`. Here: `ratatui`, `mpsc`.

use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use crossterm::event::{self, Event};
use ratatui::layout::{Constraint, Layout};
use ratatui::widgets::{Block, Gauge, Paragraph};
use ratatui::{DefaultTerminal, Frame};
use tokio::sync::mpsc::UnboundedSender;

use crate::form::{Action, Form};
use crate::stress_test::Progress;

/// How long the user interface waits for a key before it looks for news.
const REFRESH: Duration = Duration::from_millis(25);

/// What the user interface wants of the event loop.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// A stress test shall start.
    Start {
        /// Its number, so that news of an earlier one can be told from its own.
        test: u64,
        /// The page to ask for.
        url: String,
        /// How often.
        requests: usize,
    },
    /// The stress test shall end.
    Cancel,
}

/// News of a stress test.
#[derive(Debug)]
pub struct Update {
    /// The number of its [`Command::Start`].
    pub test: u64,
    /// How far it has come.
    pub progress: Progress,
}

#[derive(Debug)]
enum State {
    Ready,
    Refused(String),
    Running(Instant),
    Cancelled,
    Finished(Duration),
}

/// The user interface.
#[derive(Debug)]
pub struct LoadTester {
    form: Form,
    state: State,
    progress: Progress,
    tests: u64,
    commands: UnboundedSender<Command>,
    updates: Receiver<Update>,
    closed: bool,
}

impl LoadTester {
    /// A user interface with `url` and `requests` in its fields.
    #[must_use]
    pub fn new(
        url: &str,
        requests: usize,
        commands: UnboundedSender<Command>,
        updates: Receiver<Update>,
    ) -> Self {
        Self {
            form: Form::new(url, requests),
            state: State::Ready,
            progress: Progress::default(),
            tests: 0,
            commands,
            updates,
            closed: false,
        }
    }

    /// Runs until the user leaves with Esc or Ctrl-C.
    ///
    /// # Errors
    /// If the terminal or the event loop is gone.
    pub fn run(&mut self, terminal: &mut DefaultTerminal) -> anyhow::Result<()> {
        while !self.closed {
            self.poll_updates()?;
            terminal.draw(|frame| self.draw(frame))?;
            let mut timeout = REFRESH;
            // All keys that are there, so that none waits for the next picture.
            while event::poll(timeout).context("the terminal is gone")? {
                self.handle(&event::read()?)?;
                timeout = Duration::ZERO;
            }
        }
        Ok(())
    }

    fn poll_updates(&mut self) -> anyhow::Result<()> {
        loop {
            match self.updates.try_recv() {
                // News of a test that has been cancelled is no news.
                Ok(update) if update.test == self.tests => self.update(update.progress),
                Ok(_) => {}
                Err(TryRecvError::Empty) => return Ok(()),
                Err(TryRecvError::Disconnected) => bail!("the event loop has ended"),
            }
        }
    }

    fn update(&mut self, progress: Progress) {
        if let State::Running(start) = self.state {
            if progress.completed == progress.total {
                self.state = State::Finished(start.elapsed());
            }
            self.progress = progress;
        }
    }

    fn handle(&mut self, event: &Event) -> anyhow::Result<()> {
        match self.form.handle(event) {
            Some(Action::Press) => self.press()?,
            Some(Action::Leave) => self.closed = true,
            None => {}
        }
        Ok(())
    }

    /// The button: submit, or cancel while a test runs.
    fn press(&mut self) -> anyhow::Result<()> {
        if matches!(self.state, State::Running(_)) {
            self.state = State::Cancelled;
            return self.send(Command::Cancel);
        }
        match self.form.checked() {
            Ok((url, requests)) => {
                self.tests += 1;
                self.progress = Progress {
                    total: requests,
                    ..Progress::default()
                };
                self.state = State::Running(Instant::now());
                let test = self.tests;
                self.send(Command::Start {
                    test,
                    url,
                    requests,
                })
            }
            Err(reason) => {
                self.state = State::Refused(reason);
                Ok(())
            }
        }
    }

    fn send(&self, command: Command) -> anyhow::Result<()> {
        let sent = self.commands.send(command);
        sent.ok().context("the event loop has ended")
    }

    /// Draws everything, into whatever room there is.
    pub fn draw(&self, frame: &mut Frame) {
        let window = Block::bordered().title(" Load tester ");
        let inside = window.inner(frame.area());
        frame.render_widget(window, frame.area());
        let rows = [3, 3, 1, 3, 2, 1].map(Constraint::Length);
        let [url, requests, button, bar, status, help] = Layout::vertical(rows).areas(inside);

        let label = match self.state {
            State::Running(_) => "[ Cancel ]",
            _ => "[ Submit ]",
        };
        self.form.draw(frame, [url, requests, button], label);

        let Progress {
            completed, total, ..
        } = self.progress;
        let gauge = Gauge::default()
            .block(Block::bordered())
            .ratio(completed as f64 / total.max(1) as f64);
        frame.render_widget(gauge, bar);
        frame.render_widget(Paragraph::new(self.status()), status);
        let keys = "Tab: next field   Enter: submit or cancel   Esc: leave";
        frame.render_widget(Paragraph::new(keys), help);
    }

    fn status(&self) -> String {
        let Progress {
            completed,
            failed,
            total,
            error,
        } = &self.progress;
        let rate = |time: Duration| *completed as f64 / time.as_secs_f64().max(1e-9);
        let error = error
            .as_ref()
            .map_or_else(String::new, |error| format!("\nthe last: {error}"));
        match &self.state {
            State::Ready => String::new(),
            State::Refused(reason) => reason.clone(),
            State::Running(start) => format!(
                "{completed} of {total} requests, {:.0} requests/s, {failed} failed{error}",
                rate(start.elapsed())
            ),
            State::Cancelled => {
                format!("Cancelled after {completed} of {total} requests, {failed} failed{error}")
            }
            State::Finished(time) => format!(
                "Finished {total} requests in {:.2} s, {:.0} requests/s, {failed} failed{error}",
                time.as_secs_f64(),
                rate(*time)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    struct Desk {
        app: LoadTester,
        commands: UnboundedReceiver<Command>,
        updates: Sender<Update>,
    }

    impl Desk {
        fn new() -> Self {
            let (sender, commands) = unbounded_channel();
            let (updates, receiver) = channel();
            Self {
                app: LoadTester::new("http://127.0.0.1:8000/", 500, sender, receiver),
                commands,
                updates,
            }
        }

        fn press(&mut self, keys: &[KeyCode]) {
            for key in keys {
                let event = Event::Key(KeyEvent::new(*key, KeyModifiers::NONE));
                self.app.handle(&event).unwrap();
            }
        }

        fn news(&mut self, test: u64, completed: usize) {
            let progress = Progress {
                completed,
                total: 500,
                ..Progress::default()
            };
            self.updates.send(Update { test, progress }).unwrap();
            self.app.poll_updates().unwrap();
        }

        fn screen(&self, columns: u16, rows: u16) -> String {
            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
            terminal.draw(|frame| self.app.draw(frame)).unwrap();
            terminal.backend().to_string()
        }

        fn shows(&self, text: &str) {
            let screen = self.screen(80, 24);
            assert!(screen.contains(text), "no '{text}' in\n{screen}");
        }
    }

    #[test]
    fn it_starts_with_the_fields_filled_and_the_button_below() {
        let desk = Desk::new();
        for text in [
            "Load tester",
            "URL",
            "http://127.0.0.1:8000/",
            "Number of requests",
            "500",
            "[ Submit ]",
            "0%",
            "Tab: next field",
        ] {
            desk.shows(text);
        }
    }

    #[test]
    fn submitting_starts_a_test_and_its_news_move_the_bar() {
        let mut desk = Desk::new();
        desk.press(&[KeyCode::Enter]);
        let start = Command::Start {
            test: 1,
            url: "http://127.0.0.1:8000/".into(),
            requests: 500,
        };
        assert_eq!(desk.commands.try_recv().unwrap(), start);
        desk.shows("[ Cancel ]");
        desk.shows("0 of 500 requests");
        desk.news(1, 250);
        desk.shows("50%");
        desk.shows("250 of 500 requests");
        desk.shows("requests/s, 0 failed");
        desk.news(1, 500);
        desk.shows("100%");
        desk.shows("Finished 500 requests in ");
        desk.shows("[ Submit ]");
    }

    #[test]
    fn cancelling_tells_the_event_loop_and_ignores_late_news() {
        let mut desk = Desk::new();
        desk.press(&[KeyCode::Tab, KeyCode::Tab, KeyCode::Char(' ')]);
        desk.news(1, 100);
        desk.press(&[KeyCode::Char(' ')]);
        assert!(matches!(
            desk.commands.try_recv(),
            Ok(Command::Start { .. })
        ));
        assert_eq!(desk.commands.try_recv().unwrap(), Command::Cancel);
        desk.news(1, 200);
        desk.shows("Cancelled after 100 of 500 requests");
        // The next one has its own news only.
        desk.press(&[KeyCode::Enter]);
        desk.news(1, 300);
        desk.shows("0 of 500 requests");
        desk.news(2, 5);
        desk.shows("5 of 500 requests");
    }

    #[test]
    fn fields_are_edited_and_checked() {
        let mut desk = Desk::new();
        desk.press(&[KeyCode::Tab]);
        let keys = ["x", "7", "-"].map(|key| KeyCode::Char(key.chars().next().unwrap()));
        desk.press(&keys);
        desk.shows("5007");
        desk.press(&[KeyCode::Backspace; 4]);
        desk.press(&[KeyCode::Enter]);
        desk.shows("the number of requests must be from 1 to 10000000, not ''");
        desk.press(&[KeyCode::Char('9'), KeyCode::BackTab]);
        desk.press(&[KeyCode::Backspace; 40]);
        desk.press(&"ftp://é世/".chars().map(KeyCode::Char).collect::<Vec<_>>());
        desk.shows("ftp://é世");
        desk.press(&[KeyCode::Enter]);
        desk.shows("is neither http nor https");
        desk.press(&[
            KeyCode::Home,
            KeyCode::Delete,
            KeyCode::Delete,
            KeyCode::Delete,
        ]);
        desk.press(&[KeyCode::Enter]);
        desk.shows("is not a URL");
        assert!(desk.commands.try_recv().is_err(), "nothing has started");
    }

    #[test]
    fn failures_are_counted_and_the_last_is_told() {
        let mut desk = Desk::new();
        desk.press(&[KeyCode::Enter]);
        let progress = Progress {
            completed: 10,
            failed: 3,
            total: 500,
            error: Some("connection refused".into()),
        };
        desk.updates.send(Update { test: 1, progress }).unwrap();
        desk.app.poll_updates().unwrap();
        desk.shows("3 failed");
        desk.shows("the last: connection refused");
    }

    #[test]
    fn a_terminal_of_any_size_will_do() {
        let mut desk = Desk::new();
        desk.press(&[KeyCode::Enter]);
        for columns in [1, 2, 3, 10, 300] {
            for rows in [1, 2, 3, 5, 9, 100] {
                let _ = desk.screen(columns, rows);
            }
        }
    }

    #[test]
    fn when_the_event_loop_has_ended_so_does_the_user_interface() {
        let Desk {
            mut app,
            commands,
            updates,
        } = Desk::new();
        drop((commands, updates));
        assert!(app.poll_updates().is_err());
        let enter = Event::Key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
        assert!(app.handle(&enter).is_err());
    }
}
