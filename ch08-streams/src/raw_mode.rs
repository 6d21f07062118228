//! Example: A terminal in raw mode, until the end of `main`.
//!
//! After Python's `tty.setcbreak` the terminal stays without echo when the program ends. Here a
//! value's `Drop` restores the terminal at the end of `main`, on an error and on a panic. A signal
//! drops nothing, so a task waits for it.
//!
//! In Python: `tty.setcbreak`. Here: `enable_raw_mode`, `Drop`.

use std::io::{self, IsTerminal, stdin, stdout};
use std::process;

use anyhow::ensure;
use crossterm::cursor::MoveToColumn;
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, disable_raw_mode, enable_raw_mode,
};
use tokio::signal::unix::{SignalKind, signal};

/// While this value lives, keys arrive as they are pressed, nothing is echoed, and a line longer
/// than a row is cut off.
#[derive(Debug)]
pub struct RawMode(());

impl RawMode {
    /// Takes the terminal, and clears it.
    ///
    /// # Errors
    /// If there is no terminal.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn enter() -> anyhow::Result<Self> {
        ensure!(
            stdin().is_terminal() && stdout().is_terminal(),
            "this program needs a terminal, with neither input nor output redirected"
        );
        for kind in [
            SignalKind::hangup(),
            SignalKind::interrupt(),
            SignalKind::terminate(),
        ] {
            leave_on(kind)?;
        }
        enable_raw_mode()?;
        // From here on, dropping the value restores the terminal.
        let raw_mode = Self(());
        execute!(stdout(), Clear(ClearType::All), DisableLineWrap)?;
        Ok(raw_mode)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        leave();
    }
}

fn leave() {
    // If the terminal was closed, there is nothing to restore.
    let _ = disable_raw_mode();
    let _ = execute!(
        stdout(),
        EnableLineWrap,
        Clear(ClearType::CurrentLine),
        MoveToColumn(0)
    );
}

fn leave_on(kind: SignalKind) -> io::Result<()> {
    let mut signals = signal(kind)?;
    tokio::spawn(async move {
        signals.recv().await;
        leave();
        // The exit code that a shell reports for a signal.
        process::exit(128 + kind.as_raw_value());
    });
    Ok(())
}
