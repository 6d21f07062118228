//! How far a measurement is.

use std::cell::RefCell;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on the terminal; nothing where stderr is none.
pub struct Progress {
    bar: ProgressBar,
    part: RefCell<String>,
}

impl Progress {
    /// A bar for this many parts.
    pub fn new(parts: usize) -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new(parts as u64)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos}/{len} {eta} {wide_msg}") {
            bar.set_style(style);
        }
        Self {
            bar,
            part: RefCell::default(),
        }
    }

    /// The next part begins.
    pub fn begin(&self, part: &str) {
        self.part.replace(part.to_owned());
        self.step("");
    }

    /// Says what runs next.
    pub fn step(&self, what: &str) {
        self.bar
            .set_message(format!("{}: {what}", self.part.borrow()));
    }

    /// The part is done.
    pub fn done(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
