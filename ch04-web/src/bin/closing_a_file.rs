//! Example: A file closed by hand, and by its guard.
//!
//! Without `finally` or `with`, an error in Python leaves the file open. In Rust a file closes when
//! its owner goes out of scope, on every way out, so `with` is the default.
//!
//! In Python: `finally`, `with`. Here: `drop`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;

fn read_by_hand(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    drop(file); // like `finally`, before the result is checked
    read?;
    Ok(text)
}

fn read_with_guard(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?; // closed here, if this fails
    Ok(text) // and here, if it does not
}

fn main() -> anyhow::Result<()> {
    let path = util::args("[PATH]").path("Cargo.toml");
    let context = || format!("cannot read {}", path.display());
    let text = read_by_hand(&path).with_context(context)?;
    println!("Closed by hand: {} lines", text.lines().count());
    let text = read_with_guard(&path).with_context(context)?;
    println!("Closed by its guard: {} lines", text.lines().count());
    Ok(())
}
