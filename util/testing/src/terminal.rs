//! Runs a program in its own terminal, as a reader sees it, with a screen and keys.

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal};

use crate::{ENVIRONMENT, POLL_INTERVAL, TIMEOUT, wait_until};

/// A terminal and the program that runs in it. Dropping it kills the program.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Terminal {
    /// Starts `binary` in a terminal of 24 rows with 80 columns.
    ///
    /// # Panics
    /// If the system gives no terminal, or the program cannot be started.
    #[must_use]
    pub fn start(binary: &str, args: &[&str]) -> Self {
        Self::start_with(binary, args, &[])
    }

    /// Starts `binary` in the same way, with more variables in its environment.
    ///
    /// # Panics
    /// If the system gives no terminal, or the program cannot be started.
    #[must_use]
    pub fn start_with(binary: &str, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = size(24, 80);
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(binary);
        command.args(args);
        command.env("TERM", "xterm-256color");
        for variable in ENVIRONMENT {
            command.env_remove(variable);
        }
        for (variable, value) in environment {
            command.env(variable, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let parser = vt100::Parser::new(cells(size.rows), cells(size.cols), 0);
        let screen = Arc::new(Mutex::new(parser));
        let mut output = pair.master.try_clone_reader().unwrap();
        let parser = Arc::clone(&screen);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = output.read(&mut buffer) {
                parser.lock().unwrap().process(&buffer[..n]);
            }
        });
        Self {
            keyboard: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            screen,
        }
    }

    /// Types `keys`: text, or control characters and escape sequences as a keyboard sends them.
    ///
    /// # Panics
    /// If the terminal is gone.
    pub fn keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Gives the terminal another size, and tells its program.
    ///
    /// # Panics
    /// If the terminal is gone.
    pub fn resize(&self, rows: u16, columns: u16) {
        // Resize the screen first, because the program draws as soon as it is told.
        let mut screen = self.screen.lock().unwrap();
        screen.screen_mut().set_size(cells(rows), cells(columns));
        drop(screen);
        self.master.resize(size(rows, columns)).unwrap();
    }

    /// The current text on the screen.
    ///
    /// # Panics
    /// If the thread that reads the terminal has panicked.
    #[must_use]
    pub fn contents(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Whether the program uses the alternate screen, which disappears when it ends.
    ///
    /// # Panics
    /// If the thread that reads the terminal has panicked.
    #[must_use]
    pub fn is_alternate(&self) -> bool {
        self.screen.lock().unwrap().screen().alternate_screen()
    }

    /// Whether the cursor is hidden.
    ///
    /// # Panics
    /// If the thread that reads the terminal has panicked.
    #[must_use]
    pub fn hides_cursor(&self) -> bool {
        self.screen.lock().unwrap().screen().hide_cursor()
    }

    /// Whether the terminal itself echoes keys and edits lines, as a shell wants it.
    #[must_use]
    pub fn is_cooked(&self) -> bool {
        self.master.get_termios().is_some_and(|termios| {
            use rustix::termios::LocalModes;
            // The numbers of the flags are the operating system's, so they fit rustix's type.
            let modes = LocalModes::from_bits_retain(termios.local_flags.bits());
            modes.contains(LocalModes::ICANON | LocalModes::ECHO)
        })
    }

    /// Waits until `done` accepts the screen, and returns its text.
    ///
    /// # Panics
    /// If that does not come, with what is on the screen instead.
    pub fn wait_for(&self, awaited: &str, done: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let contents = self.contents();
            if done(&contents) {
                return contents;
            }
            assert!(
                Instant::now() < deadline,
                "waited in vain for {awaited}; the screen is:\n{contents}"
            );
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Waits until `text` is on the screen.
    ///
    /// # Panics
    /// If that does not come, with what is on the screen instead.
    pub fn wait_for_text(&self, text: &str) -> String {
        self.wait_for(&format!("'{text}'"), |contents| contents.contains(text))
    }

    /// Waits until the terminal is ready for a shell again.
    ///
    /// # Panics
    /// If that takes too long.
    #[track_caller]
    pub fn wait_until_restored(&self) {
        wait_until(
            || self.is_cooked() && !self.is_alternate() && !self.hides_cursor(),
            || format!("the terminal's return: {}", self.contents()),
        );
    }

    /// Sends the program a signal.
    ///
    /// # Panics
    /// If it has ended.
    pub fn signal(&self, signal: Signal) {
        let id = self.child.process_id().unwrap();
        let pid = Pid::from_raw(id.try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for the program's end and returns its exit code.
    ///
    /// # Panics
    /// If it does not end in time.
    pub fn wait(&mut self) -> u32 {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(
                Instant::now() < deadline,
                "the program has not ended; the screen is:\n{}",
                self.contents()
            );
            thread::sleep(POLL_INTERVAL);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
