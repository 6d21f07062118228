//! The arguments of a listing. They are positional, and each defaults to the book's constant.
//!
//! A wrong argument prints one line on stderr with the usage, and exits with code 2.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process;
use std::str::FromStr;
use std::vec;

/// Takes the arguments of this process, at most one for each word of `names`.
///
/// `util::args("[FIRST] [SECOND]")` allows none, one or two. The methods of [`Args`] then take
/// them in that order.
///
/// Exits with code 2 if there are too many, and with code 0 after `--help`.
#[must_use]
pub fn args(names: &'static str) -> Args {
    let mut all = std::env::args_os();
    let program = all.next().map(PathBuf::from);
    let stem = program.as_deref().and_then(Path::file_stem);
    let program = stem.map_or("listing".into(), OsStr::to_string_lossy);
    let program = program.into_owned();
    let given: Vec<OsString> = all.collect();
    if matches!(given.as_slice(), [only] if only == "--help" || only == "-h") {
        println!("usage: {program} {names}");
        process::exit(0);
    }
    Args::new(program, names, given).unwrap_or_else(|error| error.exit())
}

/// The arguments that are left to take.
#[derive(Debug)]
pub struct Args {
    program: String,
    usage: &'static str,
    names: vec::IntoIter<&'static str>,
    given: vec::IntoIter<OsString>,
}

/// What is wrong with an argument, and the usage.
#[derive(Debug, PartialEq, Eq)]
struct UsageError(String);

impl UsageError {
    fn exit(&self) -> ! {
        eprintln!("{}", self.0);
        process::exit(2);
    }
}

impl Args {
    fn new(program: String, usage: &'static str, given: Vec<OsString>) -> Result<Self, UsageError> {
        let names: Vec<_> = usage
            .split_whitespace()
            .map(|name| name.trim_matches(['[', ']']))
            .collect();
        let surplus = given.get(names.len()).cloned();
        let args = Self {
            program,
            usage,
            names: names.into_iter(),
            given: given.into_iter(),
        };
        match surplus {
            Some(surplus) => {
                Err(args.error(&format!("one argument too many: '{}'", surplus.display())))
            }
            None => Ok(args),
        }
    }

    /// The next argument as a number within `range`, or `default`. Exits with code 2 if it is not a
    /// number or out of range.
    pub fn number<T>(&mut self, default: T, range: RangeInclusive<T>) -> T
    where
        T: FromStr + PartialOrd + Display,
    {
        self.try_number(default, &range)
            .unwrap_or_else(|error| error.exit())
    }

    /// The next argument as a path, or `default`.
    pub fn path(&mut self, default: &str) -> PathBuf {
        self.next_os()
            .1
            .map_or_else(|| default.into(), PathBuf::from)
    }

    /// Whether the next argument is `word`, which is written in the usage as it is given. Exits
    /// with code 2 when it is anything else.
    pub fn flag(&mut self, word: &str) -> bool {
        self.try_flag(word).unwrap_or_else(|error| error.exit())
    }

    /// The next argument as a loopback address, or `127.0.0.1` with `default_port`. Exits with code
    /// 2 if it is not a loopback address.
    pub fn address(&mut self, default_port: u16) -> SocketAddr {
        self.try_address(default_port)
            .unwrap_or_else(|error| error.exit())
    }

    fn next_os(&mut self) -> (&'static str, Option<OsString>) {
        (self.names.next().unwrap_or("argument"), self.given.next())
    }

    fn next(&mut self) -> (&'static str, Option<String>) {
        let (name, given) = self.next_os();
        (
            name,
            given.map(|given| given.to_string_lossy().into_owned()),
        )
    }

    fn try_number<T>(&mut self, default: T, range: &RangeInclusive<T>) -> Result<T, UsageError>
    where
        T: FromStr + PartialOrd + Display,
    {
        let (name, Some(text)) = self.next() else {
            return Ok(default);
        };
        match text.parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(self.error(&format!(
                "{name} must be a number from {} to {}, not '{text}'",
                range.start(),
                range.end()
            ))),
        }
    }

    fn try_flag(&mut self, word: &str) -> Result<bool, UsageError> {
        match self.next().1 {
            None => Ok(false),
            Some(text) if text == word => Ok(true),
            Some(text) => Err(self.error(&format!("'{text}' is not '{word}'"))),
        }
    }

    fn try_address(&mut self, default_port: u16) -> Result<SocketAddr, UsageError> {
        let (name, Some(text)) = self.next() else {
            return Ok(SocketAddr::from(([127, 0, 0, 1], default_port)));
        };
        match text.parse::<SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => Ok(address),
            Ok(_) => Err(self.error(&format!("{name} must be a loopback address, not '{text}'"))),
            Err(_) => Err(self.error(&format!(
                "{name} must be an address like 127.0.0.1:{default_port}, not '{text}'"
            ))),
        }
    }

    fn error(&self, what: &str) -> UsageError {
        let Self { program, usage, .. } = self;
        UsageError(format!("{what}; usage: {program} {usage}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(given: &[&str]) -> Result<Args, UsageError> {
        let given = given.iter().map(OsString::from).collect();
        Args::new("listing".into(), "[FIRST] [SECOND]", given)
    }

    #[test]
    fn defaults_stand_where_nothing_is_given() {
        let mut args = args(&["7"]).unwrap();
        assert_eq!(args.try_number(40, &(1..=50)), Ok(7));
        assert_eq!(args.try_number(41, &(1..=50)), Ok(41));
    }

    #[test]
    fn a_wrong_number_names_the_argument_the_range_and_the_usage() {
        for wrong in ["x", "", "-1", "0", "51", "99999999999999999999", "1.5"] {
            let mut args = args(&["1", wrong]).unwrap();
            assert_eq!(args.try_number(40, &(1..=50)), Ok(1));
            let UsageError(message) = args.try_number(41, &(1..=50)).unwrap_err();
            assert_eq!(
                message,
                format!(
                    "SECOND must be a number from 1 to 50, not '{wrong}'; \
                     usage: listing [FIRST] [SECOND]"
                )
            );
        }
    }

    #[test]
    fn one_argument_too_many_is_refused() {
        let UsageError(message) = args(&["1", "2", "3"]).unwrap_err();
        assert_eq!(
            message,
            "one argument too many: '3'; usage: listing [FIRST] [SECOND]"
        );
    }

    #[test]
    fn addresses_must_be_loopback() {
        let address = |text: &str| args(&[text]).unwrap().try_address(8000);
        assert_eq!(
            args(&[]).unwrap().try_address(9000).unwrap().to_string(),
            "127.0.0.1:9000"
        );
        assert_eq!(address("127.0.0.1:0").unwrap().port(), 0);
        assert!(address("[::1]:8000").is_ok());
        assert!(address("0.0.0.0:8000").unwrap_err().0.contains("loopback"));
        assert!(address("8000").unwrap_err().0.contains("127.0.0.1:8000"));
    }

    #[test]
    fn a_flag_is_its_word_or_nothing() {
        assert_eq!(args(&[]).unwrap().try_flag("quiet"), Ok(false));
        assert_eq!(args(&["quiet"]).unwrap().try_flag("quiet"), Ok(true));
        let UsageError(message) = args(&["quite"]).unwrap().try_flag("quiet").unwrap_err();
        assert!(
            message.starts_with("'quite' is not 'quiet'; usage: "),
            "{message}"
        );
    }

    #[test]
    fn a_path_is_taken_as_it_is() {
        let mut args = args(&["a b"]).unwrap();
        assert_eq!(args.path("c"), PathBuf::from("a b"));
        assert_eq!(args.path("d/e"), PathBuf::from("d/e"));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_need_not_be_text() {
        use std::os::unix::ffi::OsStringExt;

        let path = OsString::from_vec(b"caf\xe9".to_vec());
        let args = Args::new("listing".into(), "[PATH]", vec![path.clone()]);
        assert_eq!(args.unwrap().path(""), PathBuf::from(path));
    }
}
