//! Taking the terminal, and restoring it.
//!
//! After Python's `tty.setcbreak` the terminal stays without echo when the program ends. Here a
//! value's `Drop` restores it at the end of `main` and on an error. A panic prints its message
//! before it drops anything, so a hook restores the terminal first. A signal drops nothing, so a
//! thread waits for it.

use std::io::{self, IsTerminal, Stdout, stdin, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::{panic, process};

use anyhow::{Context, ensure};
use crossterm::cursor::{MoveToColumn, Show};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};

/// While this value lives, keys arrive as they are pressed, nothing is echoed, and a line longer
/// than a row is cut off.
#[derive(Debug)]
pub struct RawMode(());

/// Whether the terminal is in raw mode, so that it is restored once only.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Whether the program draws on the alternate screen.
static ALTERNATE: AtomicBool = AtomicBool::new(false);

impl RawMode {
    /// Takes the terminal, and clears it. What the program prints stays when it ends.
    ///
    /// # Errors
    /// If there is no terminal.
    pub fn enter() -> anyhow::Result<Self> {
        Self::take(|stdout| queue!(stdout, Clear(ClearType::All)))
    }

    /// Takes the terminal, with a screen of its own that disappears when the program ends.
    ///
    /// # Errors
    /// If there is no terminal.
    pub fn alternate_screen() -> anyhow::Result<Self> {
        ALTERNATE.store(true, Ordering::Relaxed);
        Self::take(|stdout| queue!(stdout, EnterAlternateScreen))
    }

    fn take(screen: fn(&mut Stdout) -> io::Result<()>) -> anyhow::Result<Self> {
        ensure!(
            stdin().is_terminal() && stdout().is_terminal(),
            "this program needs a terminal, with neither input nor output redirected"
        );
        let print_panic = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            leave();
            print_panic(panic);
        }));
        ctrlc::set_handler(|| {
            // While the lock is held, nothing else draws.
            let _stdout = stdout().lock();
            leave();
            // The exit code that a shell gives a program that Ctrl-C has ended.
            process::exit(130);
        })?;
        enable_raw_mode().context("cannot take the terminal")?;
        TAKEN.store(true, Ordering::Relaxed);
        // From here on, dropping the value restores the terminal.
        let raw_mode = Self(());
        screen(&mut stdout())?;
        execute!(stdout(), DisableLineWrap)?;
        Ok(raw_mode)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        leave();
    }
}

fn leave() {
    if !TAKEN.swap(false, Ordering::Relaxed) {
        return;
    }
    // If the terminal was closed, there is nothing to restore.
    let _ = execute!(
        stdout(),
        EnableLineWrap,
        Show,
        Clear(ClearType::CurrentLine),
        MoveToColumn(0)
    );
    if ALTERNATE.load(Ordering::Relaxed) {
        let _ = execute!(stdout(), LeaveAlternateScreen);
    }
    let _ = disable_raw_mode();
}

/// Whether this key is Ctrl-C, which in raw mode is a key like any other.
#[must_use]
pub fn is_ctrl_c(key: KeyEvent) -> bool {
    key.modifiers == KeyModifiers::CONTROL && key.code == KeyCode::Char('c')
}
