//! Ctrl-C: what is complete is reported, the program that runs is ended.

use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The exit code of what Ctrl-C ended.
pub const EXIT_CODE: i32 = 130;

/// It was interrupted, which is nobody's fault.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl Error for Interrupted {}

/// From now on Ctrl-C no longer ends this process.
pub fn catch() -> anyhow::Result<()> {
    let handler = || INTERRUPTED.store(true, Ordering::Relaxed);
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")
}

/// Whether Ctrl-C has come.
pub fn has_come() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// An error if Ctrl-C has come.
pub fn check() -> Result<(), Interrupted> {
    if has_come() { Err(Interrupted) } else { Ok(()) }
}
