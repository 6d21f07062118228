//! Ctrl-C: what is complete is reported, the program that runs is ended.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use anyhow::Context;
use signal_hook::consts::SIGINT;

static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// The exit code of what Ctrl-C ended.
pub const EXIT_CODE: u8 = 130;

/// It was interrupted, which is nobody's fault.
#[derive(Debug)]
pub struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// From now on Ctrl-C no longer ends this process.
///
/// # Errors
/// If the system refuses the handler.
pub fn catch() -> anyhow::Result<()> {
    let register = || signal_hook::flag::register(SIGINT, Arc::clone(&INTERRUPTED));
    register().context("cannot listen for Ctrl-C")?;
    Ok(())
}

/// Whether Ctrl-C has come.
pub fn has_come() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// An error where Ctrl-C has come.
///
/// # Errors
/// [`Interrupted`].
pub fn check() -> Result<(), Interrupted> {
    if has_come() { Err(Interrupted) } else { Ok(()) }
}
