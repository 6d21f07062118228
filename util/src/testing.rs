//! What the tests of the chapters share: running a listing as a reader would.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use snapbox::Data;
use snapbox::cmd::Command;

/// How long a listing may take before a test gives it up: far beyond any of them.
pub const TIMEOUT: Duration = Duration::from_secs(120);

/// The command that runs the built `binary`, free of what the tester's environment sets.
#[must_use]
pub fn listing(binary: impl AsRef<OsStr>) -> Command {
    Command::new(binary)
        .env_remove("EXAMPLE_URL")
        .env_remove("EXAMPLE_LATENCY_MS")
        .env_remove("TIMELINE")
        .timeout(TIMEOUT)
}

/// The expected output in the chapter's `tests/expected/NAME.txt`, where `[..]` stands for what
/// varies.
#[must_use]
pub fn expected(manifest_dir: &str, name: &str) -> Data {
    let folder = Path::new(manifest_dir).join("tests/expected");
    Data::read_from(&folder.join(format!("{name}.txt")), None)
}

/// The lines of a program's output.
#[must_use]
pub fn lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    text.lines().map(String::from).collect()
}

/// A test for each listing named: it takes no argument, succeeds, and prints what is in
/// `tests/expected/<listing>.txt`, and nothing on stderr.
#[macro_export]
macro_rules! prints {
    ($($listing:ident)*) => {$(
        #[test]
        fn $listing() {
            let name = stringify!($listing);
            $crate::testing::listing(env!(concat!("CARGO_BIN_EXE_", stringify!($listing))))
                .assert()
                .success()
                .stdout_eq($crate::testing::expected(env!("CARGO_MANIFEST_DIR"), name))
                .stderr_eq("");
        }
    )*};
}
