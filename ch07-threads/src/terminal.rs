//! Example: Taking the whole terminal, and restoring it.
//!
//! In Python: `tkinter.Tk`. Here: `ratatui::try_init`.

use std::io::{self, IsTerminal, stdin, stdout};
use std::thread;

use anyhow::{Context, ensure};
use crossterm::cursor::Show;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use crossterm::execute;
use ratatui::DefaultTerminal;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Runs `ui` with the whole terminal to itself: another screen, and each key as it is pressed.
/// Afterwards the terminal is as it was, even if `ui` fails, anything panics, or a signal ends the
/// program.
///
/// # Errors
/// If there is no terminal, or `ui` fails.
pub fn in_terminal<T>(
    ui: impl FnOnce(&mut DefaultTerminal) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    ensure!(
        stdin().is_terminal() && stdout().is_terminal(),
        "this program needs a terminal, with neither input nor output redirected"
    );
    restore_on_signals()?;
    // From here on a panic restores the terminal before it prints its message.
    let mut terminal = ratatui::try_init().context("cannot take the terminal")?;
    let outcome = ui(&mut terminal);
    ratatui::try_restore().context("cannot give the terminal back")?;
    outcome
}

/// Whether this key leaves a program. That is Esc or Ctrl-C, which is a key like any other here.
#[must_use]
pub fn leaves(key: KeyEvent) -> bool {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    key.code == KeyCode::Esc || (control && key.code == KeyCode::Char('c'))
}

/// A signal that ends the program restores the terminal first.
fn restore_on_signals() -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::Builder::new().spawn(move || {
        if let Some(signal) = signals.forever().next() {
            // While the lock is held, nothing else draws.
            let mut stdout = stdout().lock();
            ratatui::restore();
            let _ = execute!(stdout, Show);
            // The signal ends the program; if this fails, nothing else can be done.
            let _ = emulate_default_handler(signal);
        }
    })?;
    Ok(())
}
