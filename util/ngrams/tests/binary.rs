//! Runs the program that writes a word file.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::fs;
use std::process::Command;

#[test]
fn it_writes_as_many_rows_as_it_is_told_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_util-ngrams"));
    let command = command.current_dir(&directory).args(["a.tsv", "3000"]);
    let output = command.output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("a.tsv: 3000 rows, "), "{said}");
    assert!(said.ends_with("; Aardvark appears 15209 times\n"), "{said}");
    let rows = fs::read_to_string(directory.path().join("a.tsv")).unwrap();
    assert_eq!(rows.lines().count(), 3000);
}
