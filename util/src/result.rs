//! The result of `main`: an error ends the program with one line on stderr and exit code 1.

use std::fmt;

/// What a listing's `main` returns.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// Any error, shown with its causes on one line.
///
/// A `main` that returns `anyhow::Result` prints each cause on a line of its own, and a backtrace
/// where `RUST_BACKTRACE` is set; what a reader of the book did wrong fits on one.
pub struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn an_error_is_one_line_with_its_causes() {
        fn main() -> Result {
            std::fs::read("/no/such/file").context("cannot read it")?;
            Ok(())
        }
        let shown = format!("{:?}", main().unwrap_err());
        assert!(shown.starts_with("cannot read it: "), "{shown}");
        assert_eq!(shown.lines().count(), 1);
    }
}
