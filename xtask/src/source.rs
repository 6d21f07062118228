//! The code in a source file, without comments and boilerplate.

use std::path::{Path, PathBuf};

/// What the book has as a listing and keeps in its `util`.
const IN_UTIL: [((u32, u32), &str); 2] = [
    ((2, 6), "util/delay_functions.py"),
    ((2, 16), "util/async_timer.py"),
];

/// The book's program for a listing, in `book`, a checkout of its public code; `None` if it is not
/// there.
pub fn of_book(book: &Path, (chapter, number): (u32, u32)) -> Option<PathBuf> {
    let path = match IN_UTIL.iter().find(|(it, _)| *it == (chapter, number)) {
        Some((_, file)) => book.join(file),
        None => book.join(format!(
            "chapter_{chapter:02}/listing_{chapter}_{number}.py"
        )),
    };
    path.is_file().then_some(path)
}

/// A Rust source without its comments and tests.
pub fn rust_code(source: &str) -> String {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = code.map(|line| line.split_once(" // ").map_or(line, |(code, _)| code));
    code.collect::<Vec<_>>().join("\n")
}
