//! What RESULTS.md says of a listing.

use std::collections::BTreeMap;

use crate::html::{inline, table};

/// A table of the page.
#[derive(Debug)]
struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The measurements of RESULTS.md.
#[derive(Debug)]
pub struct Results {
    tables: Vec<Table>,
    /// What each comparison teaches.
    lessons: BTreeMap<String, String>,
}

/// At most this many rows of a table are shown beside a listing.
const ROWS: usize = 16;

impl Results {
    /// Reads the tables and lessons of the page.
    pub fn read(page: &str) -> Self {
        let mut tables: Vec<Table> = Vec::new();
        let mut lessons = BTreeMap::new();
        let mut in_table = false;
        for line in page.lines() {
            if let Some(row) = line.strip_prefix('|') {
                let cells: Vec<String> = row
                    .trim_end_matches('|')
                    .split('|')
                    .map(|cell| cell.trim().to_owned())
                    .collect();
                match tables.last_mut().filter(|_| in_table) {
                    Some(table) if !row.starts_with("---") => table.rows.push(cells),
                    Some(_) => {}
                    None => tables.push(Table {
                        headings: cells,
                        rows: Vec::new(),
                    }),
                }
                in_table = true;
                continue;
            }
            in_table = false;
            if let Some((name, lesson)) = line
                .strip_prefix("- **")
                .and_then(|it| it.split_once("**: "))
            {
                lessons.insert(name.to_owned(), lesson.to_owned());
            }
        }
        Self { tables, lessons }
    }

    /// The rows about a listing, found by its `number` or its `binaries`, with
    /// the other rows of its comparisons; empty where there are none.
    pub fn of(&self, number: Option<&str>, binaries: &[&str]) -> String {
        let is_ours = |cell: &String| {
            let word = cell.split([' ', '*', '†']).next().unwrap_or_default();
            Some(word) == number || binaries.contains(&word)
        };
        let mut html = String::new();
        for it in &self.tables {
            let about: Vec<&str> = it
                .rows
                .iter()
                .filter(|row| row.iter().any(is_ours))
                .filter_map(|row| row.first().map(String::as_str))
                .collect();
            // A comparison is shown whole; of servers and curves only the listing's own rows.
            let whole = it
                .headings
                .first()
                .is_some_and(|name| name.contains("comparison") || name.contains("against"));
            let rows = it.rows.iter().filter(|row| match whole {
                true => row
                    .first()
                    .is_some_and(|name| about.contains(&name.as_str())),
                false => row.iter().any(is_ours),
            });
            let rows: Vec<Vec<String>> = rows
                .take(ROWS)
                .map(|row| row.iter().map(|cell| inline(cell)).collect())
                .collect();
            if rows.is_empty() {
                continue;
            }
            let headings: Vec<&str> = it.headings.iter().map(String::as_str).collect();
            let mut names: Vec<&str> = about.clone();
            names.dedup();
            for lesson in names.iter().filter_map(|name| self.lessons.get(*name)) {
                // The book's programs are a second table of the same comparison.
                let lesson = format!("<p>{}</p>\n", inline(lesson));
                if !html.contains(&lesson) {
                    html += &lesson;
                }
            }
            html += &table("Measurements", &headings, &rows);
            html += "\n";
        }
        html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_gets_its_comparison_whole() {
        let results = Results::read(
            "| comparison | program | s |\n|---|---|---|\n| delays | 2.9 (sequential) | 9 |\n\
             | delays | 2.9* | 3 |\n| other | 2.18 | 1 |\n\ntext\n\n\
             | count | program | s |\n|---|---|---|\n| 1 | sleep_tasks | 2 |\n| 1 | sleep_threads | 3 |\n\n\
             - **delays**: They sleep *together*.\n",
        );
        let delays = results.of(Some("2.9"), &[]);
        assert!(delays.contains("They sleep <em>together</em>."), "{delays}");
        assert_eq!(delays.matches("<tr>").count(), 3);
        let tasks = results.of(None, &["sleep_tasks"]);
        assert!(
            tasks.contains("sleep_tasks") && !tasks.contains("sleep_threads"),
            "{tasks}"
        );
        assert_eq!(results.of(Some("9.9"), &[]), "");
    }
}
