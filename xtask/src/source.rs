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

/// A Rust source without its comments and tests; strings stay as they are.
pub fn rust_code(source: &str) -> String {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut code = String::new();
    let mut rest = source;
    while let Some(next) = rest.find(['/', '"', '\'', 'r']) {
        let (before, from) = rest.split_at(next);
        code += before;
        let after_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = if from.starts_with("//") {
            rest = from.find('\n').map_or("", |end| &from[end..]);
            continue;
        } else if from.starts_with("/*") {
            rest = from.find("*/").map_or("", |end| &from[end + 2..]);
            continue;
        } else if from.starts_with('"') {
            string_length(from)
        } else if from.starts_with('r') && !after_word {
            raw_string_length(from)
        } else if from.starts_with('\'') {
            character_length(from)
        } else {
            1
        };
        code += &from[..length];
        rest = &from[length..];
    }
    code + rest
}

/// The bytes of a string with its quotes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The bytes of `r#"…"#`, or 1 for any other `r`.
fn raw_string_length(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    if text.as_bytes().get(1 + hashes) != Some(&b'"') {
        return 1;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let start = 2 + hashes;
    let length = text[start..].find(&end);
    length.map_or(text.len(), |length| start + length + end.len())
}

/// The bytes of `'"'` or `'\''`, or 1 for a lifetime.
fn character_length(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => text[3..].find('\'').map_or(1, |end| end + 4),
        Some((_, _)) => match characters.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_strings_stay() {
        let source = "//! spawn\nlet url = \"http://a\"; // why\nlet c = '\"'; /* x */ f::<'a>(r#\"//\"#);\n\
                      let q = '\\''; // last\n#[cfg(test)]\nmod tests {}\n";
        assert_eq!(
            rust_code(source),
            "\nlet url = \"http://a\"; \nlet c = '\"';  f::<'a>(r#\"//\"#);\nlet q = '\\''; \n"
        );
    }
}
