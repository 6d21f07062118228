//! Runs a program in its own terminal, as a reader sees it, with a screen and keys.

use std::io::Write;
use std::num::NonZero;
use std::sync::{Arc, Mutex};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::{ENVIRONMENT, lock, read, wait_for, wait_until};

/// A terminal and the program that runs in it. Dropping it kills the program.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Terminal {
    /// Starts `binary` in a terminal of 24 rows with 80 columns.
    #[must_use]
    pub fn start(binary: &str, args: &[&str]) -> Self {
        Self::start_with(binary, args, &[]).unwrap()
    }

    /// Starts `binary` in the same way, with more variables in its environment.
    ///
    /// # Errors
    /// If the system gives no terminal, or the program cannot be started.
    pub fn start_with(
        binary: &str,
        args: &[&str],
        environment: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let size = size(24, 80);
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(binary);
        command.args(args);
        command.env("TERM", "xterm-256color");
        for variable in ENVIRONMENT {
            command.env_remove(variable);
        }
        for (variable, value) in environment {
            command.env(variable, value);
        }
        let child = pair.slave.spawn_command(command)?;
        let parser = vt100::Parser::new(cells(size.rows), cells(size.cols), 0);
        let screen = Arc::new(Mutex::new(parser));
        let parser = Arc::clone(&screen);
        read(pair.master.try_clone_reader()?, move |bytes| {
            lock(&parser).process(bytes);
        });
        Ok(Self {
            keyboard: pair.master.take_writer()?,
            master: pair.master,
            child,
            screen,
        })
    }

    /// Types `keys`: text, or control characters and escape sequences as a keyboard sends them. If
    /// the program has ended, nobody reads them.
    pub fn keys(&mut self, keys: &str) {
        let _ = self.keyboard.write_all(keys.as_bytes());
    }

    /// Gives the terminal another size, and tells its program.
    pub fn resize(&self, rows: u16, columns: u16) {
        // Resize the screen first, because the program draws as soon as it is told.
        let mut screen = lock(&self.screen);
        screen.screen_mut().set_size(cells(rows), cells(columns));
        drop(screen);
        self.master.resize(size(rows, columns)).unwrap();
    }

    /// The current text on the screen.
    #[must_use]
    pub fn contents(&self) -> String {
        contents(&self.screen)
    }

    /// Whether the program uses the alternate screen, which disappears when it ends.
    #[must_use]
    pub fn is_alternate(&self) -> bool {
        lock(&self.screen).screen().alternate_screen()
    }

    /// Waits until `done` accepts the screen, and returns its text.
    #[track_caller]
    pub fn wait_for(&self, awaited: &str, done: impl Fn(&str) -> bool) -> String {
        self.try_wait_for(awaited, done).unwrap()
    }

    /// Waits until `done` accepts the screen, and returns its text.
    ///
    /// # Errors
    /// If that takes too long, with what is on the screen instead.
    pub fn try_wait_for(
        &self,
        awaited: &str,
        done: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        wait_for(
            || Some(self.contents()).filter(|contents| done(contents)),
            || format!("{awaited}; the screen is:\n{}", self.contents()),
        )
    }

    /// Waits until `text` is on the screen.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) -> String {
        self.wait_for(&format!("'{text}'"), |contents| contents.contains(text))
    }

    /// Waits until the cursor is in this row, counted from 0.
    #[track_caller]
    pub fn wait_for_cursor(&self, row: u16) {
        let is_there = |_: &str| lock(&self.screen).screen().cursor_position().0 == row;
        self.wait_for(&format!("the cursor in row {row}"), is_there);
    }

    /// Waits for the program's end and returns its exit code.
    #[track_caller]
    pub fn wait(&mut self) -> u32 {
        self.try_wait().unwrap()
    }

    /// Waits for the program's end and returns its exit code.
    ///
    /// # Errors
    /// If it does not end in time, with what is on the screen.
    pub fn try_wait(&mut self) -> anyhow::Result<u32> {
        let screen = &self.screen;
        let ended = wait_for(
            || self.child.try_wait().transpose(),
            || format!("the end; the screen is:\n{}", contents(screen)),
        );
        Ok(ended??.exit_code())
    }
    /// Whether the terminal itself echoes keys and edits lines, as a shell wants it; `None` if the
    /// system does not say (Windows).
    #[must_use]
    pub fn is_cooked(&self) -> Option<bool> {
        #[cfg(unix)]
        return self.master.get_termios().map(|termios| {
            use rustix::termios::LocalModes;
            // The numbers of the flags are the operating system's, so they fit rustix's type.
            let modes = LocalModes::from_bits_retain(termios.local_flags.bits());
            modes.contains(LocalModes::ICANON | LocalModes::ECHO)
        });
        #[cfg(not(unix))]
        None
    }

    /// Waits until keys arrive as they are pressed.
    #[track_caller]
    pub fn wait_until_raw(&self) {
        wait_until(
            || self.is_cooked() != Some(true),
            || format!("raw mode: {}", self.contents()),
        );
    }

    /// Waits until the terminal is ready for a shell again.
    #[track_caller]
    pub fn wait_until_restored(&self) {
        let is_cooked = || self.is_cooked() != Some(false);
        let shows_cursor = || !lock(&self.screen).screen().hide_cursor();
        wait_until(
            || is_cooked() && !self.is_alternate() && shows_cursor(),
            || format!("the terminal's return: {}", self.contents()),
        );
    }

    /// The program's process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends the program a signal.
    #[cfg(unix)]
    #[track_caller]
    pub fn signal(&self, signal: rustix::process::Signal) {
        crate::signals::send(self.id(), signal);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn contents(screen: &Mutex<vt100::Parser>) -> String {
    lock(screen).screen().contents()
}

fn cells(number: u16) -> NonZero<u16> {
    NonZero::new(number).unwrap()
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}
