//! Listing 13.13: A child that echoes each text any number of times, slowly.
//!
//! In Python: `time.sleep`. Here: `thread::sleep`. Needs a terminal.

use std::io::{Write, stdout};
use std::thread;
use std::time::Duration;

use ch13_subprocess::prompt::{ENTER_TEXT, input};

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[PAUSE_MS] [SEED]");
    let pause = Duration::from_millis(args.number(500, 0..=60_000));
    // The same seed makes the same numbers.
    let mut random = fastrand::Rng::with_seed(args.number(fastrand::u64(..), 0..=u64::MAX));

    let mut user_input = String::new();
    while user_input != "quit" {
        user_input = input(stdout(), ENTER_TEXT)?;
        for _ in 0..random.u32(0..10) {
            thread::sleep(pause);
            writeln!(stdout(), "{user_input}")?;
        }
    }
    Ok(())
}
