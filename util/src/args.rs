//! The arguments of a listing. They are positional, and each defaults to the book's constant.
//!
//! A wrong argument prints one line on stderr with the usage, and exits with code 2.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process;
use std::str::{FromStr, SplitWhitespace};
use std::vec;

/// Takes the arguments of this process, at most one for each word of `usage`.
///
/// `util::args("[FIRST] [SECOND]")` allows none, one or two. The methods of [`Args`] then take
/// them in that order.
///
/// Exits with code 2 if there are too many, and with code 0 after `--help`.
#[must_use]
pub fn args(usage: &'static str) -> Args {
    let mut all = std::env::args_os();
    let program = all.next().map(PathBuf::from);
    let stem = program.as_deref().and_then(Path::file_stem);
    let program = stem.map_or("listing".into(), OsStr::to_string_lossy);
    let given: Vec<OsString> = all.collect();
    let args = Args {
        program: program.into_owned(),
        usage,
        names: usage.split_whitespace(),
        given: given.clone().into_iter(),
    };
    if matches!(given.as_slice(), [only] if only == "--help" || only == "-h") {
        println!("usage: {} {usage}", args.program);
        process::exit(0);
    }
    if let Some(surplus) = given.get(usage.split_whitespace().count()) {
        args.refuse(&format!("one argument too many: '{}'", surplus.display()));
    }
    args
}

/// The arguments that are left to take.
#[derive(Debug)]
pub struct Args {
    program: String,
    usage: &'static str,
    names: SplitWhitespace<'static>,
    given: vec::IntoIter<OsString>,
}

impl Args {
    /// The next argument as a number within `range`, or `default`. Exits with code 2 if it is not a
    /// number or out of range.
    pub fn number<T>(&mut self, default: T, range: RangeInclusive<T>) -> T
    where
        T: FromStr + PartialOrd + Display,
    {
        let Some((name, text)) = self.next() else {
            return default;
        };
        let (first, last) = (range.start(), range.end());
        match text.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => self.refuse(&format!(
                "{name} must be a number from {first} to {last}, not '{text}'"
            )),
        }
    }

    /// The next argument as a path, or `default`.
    pub fn path(&mut self, default: &str) -> PathBuf {
        self.names.next();
        self.given
            .next()
            .map_or_else(|| default.into(), PathBuf::from)
    }

    /// Whether the next argument is `word`, which is written in the usage as it is given. Exits
    /// with code 2 when it is anything else.
    pub fn flag(&mut self, word: &str) -> bool {
        match self.next() {
            None => false,
            Some((_, text)) if text == word => true,
            Some((_, text)) => self.refuse(&format!("'{text}' is not '{word}'")),
        }
    }

    /// The next argument as a loopback address, or `127.0.0.1` with `default_port`. Exits with code
    /// 2 if it is not a loopback address.
    pub fn address(&mut self, default_port: u16) -> SocketAddr {
        let default = SocketAddr::from((Ipv4Addr::LOCALHOST, default_port));
        let Some((name, text)) = self.next() else {
            return default;
        };
        match text.parse::<SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => address,
            Ok(_) => self.refuse(&format!("{name} must be a loopback address, not '{text}'")),
            Err(_) => self.refuse(&format!(
                "{name} must be an address like {default}, not '{text}'"
            )),
        }
    }

    /// The name and the text of the next argument, if it was given.
    fn next(&mut self) -> Option<(&'static str, String)> {
        let name = self.names.next().unwrap_or("argument");
        let text = self.given.next()?.to_string_lossy().into_owned();
        Some((name.trim_matches(['[', ']']), text))
    }

    fn refuse(&self, what: &str) -> ! {
        eprintln!("{what}; usage: {} {}", self.program, self.usage);
        process::exit(2);
    }
}
