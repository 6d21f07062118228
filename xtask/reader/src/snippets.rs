//! The code on a page: its fenced blocks, and its tables with one language beside the other.

/// A piece of code.
#[derive(Debug)]
pub struct Snippet {
    /// What stands behind the language, such as `,compile_fail`.
    pub flags: String,
    /// The lines.
    pub code: String,
}

/// What a page has in `language`, each block and each table on its own.
pub fn snippets(page: &str, language: &str) -> Vec<Snippet> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if let Some(flags) = info.strip_prefix(language) {
                found.push(Snippet {
                    flags: flags.to_owned(),
                    code: code.join("\n"),
                });
            }
        } else if line == "| Python | Rust |" {
            let column = if language == "rust" { 2 } else { 1 };
            let rows = lines.by_ref().skip(1).take_while(|line| !line.is_empty());
            let cells = rows.filter_map(|row| {
                let cell = row.split(" | ").nth(column - 1)?;
                Some(cell.trim_matches(['|', ' ', '`']).replace("\\|", "|"))
            });
            found.push(Snippet {
                flags: String::new(),
                code: cells.collect::<Vec<_>>().join("\n"),
            });
        }
    }
    found
}
