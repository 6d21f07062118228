//! Listing 7.14: The load tester's user interface.
//!
//! The main thread owns the window, and the event loop's thread the requests. The window never
//! waits for them. The stress test puts its news into a queue, and the window checks the queue
//! every 25 ms. This file and `form` write out Tkinter's fields, button and loop.
//!
//! In Python: `tkinter`, `queue.Queue`. Here: `ratatui`, `mpsc`.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use crossterm::event;
use ratatui::layout::{Constraint, Layout};
use ratatui::widgets::{Block, Gauge, Paragraph, Wrap};
use ratatui::{DefaultTerminal, Frame};
use tokio::runtime::Handle;

use crate::form::{Action, Form};
use crate::stress_test::{Progress, StressTest};

/// How long the window waits for a key before it checks for news.
const REFRESH: Duration = Duration::from_millis(25);

/// The user interface.
#[derive(Debug)]
pub struct LoadTester {
    event_loop: Handle,
    form: Form,
    /// The test that runs, and the queue of its news.
    load_test: Option<(StressTest, Receiver<Progress>)>,
    progress: Progress,
}

impl LoadTester {
    /// A window with `url` and `requests` in its fields, whose tests run in `event_loop`.
    #[must_use]
    pub fn new(event_loop: Handle, url: &str, requests: usize) -> Self {
        Self {
            event_loop,
            form: Form::new(url, requests),
            load_test: None,
            progress: Progress::default(),
        }
    }

    /// Runs until the user leaves with Esc or Ctrl-C.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn mainloop(&mut self, terminal: &mut DefaultTerminal) -> anyhow::Result<()> {
        loop {
            self.poll_queue();
            terminal.draw(|frame| self.draw(frame))?;
            if event::poll(REFRESH)? {
                match self.form.handle(&event::read()?) {
                    Some(Action::Press) => self.start(),
                    Some(Action::Leave) => return Ok(()),
                    None => {}
                }
            }
        }
    }

    fn update_bar(&mut self, progress: Progress) {
        if progress.completed == progress.total {
            self.load_test = None;
        }
        self.progress = progress;
    }

    fn poll_queue(&mut self) {
        while let Some((_, queue)) = &self.load_test
            && let Ok(progress) = queue.try_recv()
        {
            self.update_bar(progress);
        }
    }

    /// Starts a test, or cancels the one that runs.
    fn start(&mut self) {
        if let Some((load_test, _)) = self.load_test.take() {
            load_test.cancel();
        } else if let Err(error) = self.start_test() {
            self.progress.error = Some(format!("{error:#}"));
        }
    }

    fn start_test(&mut self) -> anyhow::Result<()> {
        // Each test has its own queue, so late news of an earlier test goes with that.
        let (queue, updates) = mpsc::channel();
        let queue_update = move |progress| drop(queue.send(progress));
        let (url, requests) = (self.form.url(), self.form.requests()?);
        let test = StressTest::start(&self.event_loop, url, requests, queue_update)?;
        self.load_test = Some((test, updates));
        self.progress = Progress::default();
        Ok(())
    }

    fn draw(&self, frame: &mut Frame) {
        let window = Block::bordered()
            .title("URL Requester")
            .title_bottom("Tab: next field, Enter: submit or cancel, Esc: leave");
        let inside = window.inner(frame.area());
        frame.render_widget(window, frame.area());
        let rows = [3, 3, 1, 3, 3].map(Constraint::Length);
        let [url, requests, submit, bar, error] = Layout::vertical(rows).areas(inside);

        let label = self.load_test.as_ref().map_or("Submit", |_| "Cancel");
        self.form.draw(frame, [url, requests, submit], label);
        let Progress {
            completed, total, ..
        } = self.progress;
        let gauge = Gauge::default()
            .block(Block::bordered().title("Progress:"))
            .ratio(completed as f64 / total.max(1) as f64);
        frame.render_widget(gauge, bar);
        let message = self.progress.error.as_deref().unwrap_or_default();
        let message = Paragraph::new(message).wrap(Wrap { trim: true });
        frame.render_widget(message, error);
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use tokio::runtime::{Builder, Runtime};

    use super::*;

    /// The user interface, and an event loop that never runs: the news is the test's own.
    struct Desk {
        app: LoadTester,
        queue: mpsc::Sender<Progress>,
        _event_loop: Runtime,
    }

    impl Desk {
        fn new() -> Self {
            let event_loop = Builder::new_current_thread().enable_all().build().unwrap();
            let handle = event_loop.handle().clone();
            Self {
                app: LoadTester::new(handle, "http://127.0.0.1:8000/", 500),
                queue: mpsc::channel().0,
                _event_loop: event_loop,
            }
        }

        fn press(&mut self, keys: &[KeyCode]) {
            for key in keys {
                let event = Event::Key(KeyEvent::new(*key, KeyModifiers::NONE));
                if self.app.form.handle(&event) == Some(Action::Press) {
                    self.app.start();
                }
            }
        }

        fn start(&mut self) {
            self.press(&[KeyCode::Enter]);
            (self.queue, self.app.load_test.as_mut().unwrap().1) = mpsc::channel();
        }

        /// All this news comes between two looks at the queue.
        fn news(&mut self, news: &[usize]) {
            for &completed in news {
                let progress = Progress {
                    completed,
                    total: 500,
                    error: None,
                };
                // A test that was cancelled takes no more news.
                let _ = self.queue.send(progress);
            }
            self.app.poll_queue();
        }

        fn screen(&self, columns: u16, rows: u16) -> String {
            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
            terminal.draw(|frame| self.app.draw(frame)).unwrap();
            terminal.backend().to_string()
        }

        #[track_caller]
        fn shows(&self, text: &str) {
            let screen = self.screen(80, 24);
            assert!(screen.contains(text), "no '{text}' in\n{screen}");
        }
    }

    #[test]
    fn it_opens_with_the_fields_filled_and_the_button_below() {
        let desk = Desk::new();
        for text in [
            "URL Requester",
            "URL:",
            "http://127.0.0.1:8000/",
            "Number of requests:",
            "500",
            "[ Submit ]",
            "Progress:",
            "0%",
            "Esc: leave",
        ] {
            desk.shows(text);
        }
    }

    #[test]
    fn news_moves_the_bar_until_the_test_is_complete() {
        let mut desk = Desk::new();
        desk.start();
        desk.shows("[ Cancel ]");
        desk.news(&[100, 250]);
        desk.shows("50%");
        desk.shows("[ Cancel ]");
        desk.news(&[400, 500]);
        desk.shows("100%");
        desk.shows("[ Submit ]");
    }

    #[test]
    fn late_news_of_a_cancelled_test_is_ignored_also_by_the_next_one() {
        let mut desk = Desk::new();
        desk.start();
        desk.news(&[100]);
        desk.press(&[KeyCode::Tab, KeyCode::Tab, KeyCode::Char(' ')]);
        assert!(desk.app.load_test.is_none());
        desk.news(&[200]);
        desk.shows(" 20%");
        desk.shows("[ Submit ]");
        desk.press(&[KeyCode::Enter]);
        desk.app.poll_queue();
        desk.shows(" 0%");
        assert!(desk.queue.send(Progress::default()).is_err(), "it is gone");
    }

    #[test]
    fn fields_are_edited_and_checked() {
        let mut desk = Desk::new();
        desk.press(&[KeyCode::Tab, KeyCode::Char('7')]);
        desk.shows("5007");
        desk.press(&[KeyCode::Char('x'), KeyCode::Enter]);
        desk.shows("'5007x' is not a number of requests: invalid digit");
        desk.press(&[KeyCode::Backspace; 5]);
        desk.press(&[KeyCode::Char('0'), KeyCode::Enter]);
        desk.shows("'0' is not a number of requests: number would be zero");
        desk.press(&[KeyCode::Char('9'), KeyCode::Home, KeyCode::Delete]);
        desk.press(&[KeyCode::BackTab]);
        desk.press(&[KeyCode::Backspace; 40]);
        desk.press(&"é世/".chars().map(KeyCode::Char).collect::<Vec<_>>());
        desk.press(&[KeyCode::Enter]);
        desk.shows("'é世/' is not a URL");
        assert!(desk.app.load_test.is_none(), "nothing has started");
    }

    #[test]
    fn the_last_error_is_shown() {
        let mut desk = Desk::new();
        desk.start();
        let progress = Progress {
            completed: 10,
            total: 500,
            error: Some("connection refused".into()),
        };
        desk.queue.send(progress).unwrap();
        desk.app.poll_queue();
        desk.shows("connection refused");
    }

    #[test]
    fn a_terminal_of_any_size_will_do() {
        let mut desk = Desk::new();
        desk.start();
        for columns in [1, 2, 3, 10, 300] {
            for rows in [1, 2, 3, 5, 9, 100] {
                let _ = desk.screen(columns, rows);
            }
        }
    }
}
