//! Listing 13.9: A child that asks for a name.
//!
//! In Python: `input`. Here: `ch13_subprocess::prompt::input`. Needs a terminal.

use std::io::stdout;

use ch13_subprocess::prompt::input;

fn main() -> anyhow::Result<()> {
    let username = input(stdout(), "Please enter a username: ")?;
    println!("Your username is {username}");
    Ok(())
}
