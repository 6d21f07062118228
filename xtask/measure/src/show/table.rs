//! A table, for the terminal, Markdown and CSV.

use std::ops::Range;

use xtask::output::markdown_table;

use crate::judge::bound::Verdict;
use crate::judge::speed_up::Ratio;
use crate::stats::{deviation, median};

/// A table. Rows of one group stand together.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it is, for CSV.
    pub name: &'static str,
    /// What the groups and the rows are.
    pub keys: [&'static str; 2],
    /// The headings of the cells.
    pub headings: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How to read it.
    pub legend: &'static str,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it belongs to, such as a comparison.
    pub group: String,
    /// What it is about, such as a program.
    pub name: String,
    /// A cell for each heading.
    pub cells: Vec<Cell>,
}

/// What a cell says, and its values for CSV, each with what it is beside the heading.
#[derive(Clone, Debug)]
pub struct Cell {
    text: String,
    values: Vec<(&'static str, String)>,
}

impl Cell {
    fn new(text: String, numbers: &[(&'static str, f64)]) -> Self {
        let values = numbers
            .iter()
            .map(|(what, number)| (*what, number.to_string()));
        let values = values.collect();
        Self { text, values }
    }

    /// A word.
    pub fn text(text: String) -> Self {
        let values = vec![("", text.clone())];
        Self { text, values }
    }

    /// What is not known, or not there.
    pub fn nothing() -> Self {
        Self::new("–".to_owned(), &[])
    }

    /// Seconds, or another quantity, where it is known, with the digits that say something.
    pub fn known(quantity: Option<f64>) -> Self {
        quantity.map_or_else(Self::nothing, |it| Self::new(digits(it), &[("", it)]))
    }

    /// No more than this, but below what can be seen.
    pub fn at_most(number: f64) -> Self {
        Self::new(format!("≤ {}", digits(number)), &[("at most", number)])
    }

    /// A median and the median absolute deviation from it.
    pub fn spread(values: &[f64]) -> Self {
        let (median, deviation) = (median(values), deviation(values));
        let text = format!("{} ± {deviation:.*}", digits(median), places(median));
        Self::new(text, &[("", median), ("deviation", deviation)])
    }

    /// A ratio and its interval.
    pub fn ratio(ratio: &Ratio) -> Self {
        let Ratio { median, interval } = *ratio;
        let places = places(median);
        let (low, high, count) = (interval.low, interval.high, interval.count);
        let text = match (count, ratio.is_even(), interval.exact) {
            (1, _, _) => format!("{median:.places$} (1 round)"),
            (_, true, _) => format!("even {low:.2}–{high:.2}"),
            (_, _, true) => format!("{median:.places$} [{low:.places$}, {high:.places$}]"),
            _ => format!("{median:.places$} ({low:.places$}–{high:.places$} of {count})"),
        };
        let rounds = ("rounds", count as f64);
        Self::new(text, &[("", median), ("low", low), ("high", high), rounds])
    }

    /// How near to a limit.
    pub fn verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Reached { floor, limit, part } => {
                let name = limit.name();
                let text = format!("{:.0} % of {name}", part * 100.0);
                Self::new(text, &[(name, part), ("floor s", floor)])
            }
            Verdict::OtherWork(factor) => {
                Self::new(format!("{factor:.2} × the CPU"), &[("CPU factor", factor)])
            }
        }
    }
}

/// Three or four digits, as many as a measurement has.
fn places(number: f64) -> usize {
    match number.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        0.1.. => 3,
        0.001.. => 4,
        _ => 6,
    }
}

fn digits(number: f64) -> String {
    format!("{number:.*}", places(number))
}

/// `1,000,000`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    let groups: Vec<_> = groups.into_iter().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// What stands between two columns.
const GAP: &str = "  ";

impl Table {
    /// Adds a row.
    pub fn add(&mut self, group: &str, name: String, cells: Vec<Cell>) {
        let group = group.to_owned();
        self.rows.push(Row { group, name, cells });
    }

    /// For a terminal of this width, or for a pipe. What is too wide goes on below, column by
    /// column; a cell is never broken.
    pub fn text(&self, width: Option<usize>) -> String {
        let length = |text: &str| text.chars().count();
        let names = self.rows.iter().map(|row| GAP.len() + length(&row.name));
        let first = names.fold(length(self.keys[1]), usize::max);
        let columns = self.headings.iter().enumerate();
        let widths = columns.map(|(column, heading)| {
            let cells = self.rows.iter().map(|row| length(&row.cells[column].text));
            cells.fold(length(heading), usize::max)
        });
        let widths: Vec<usize> = widths.collect();
        let mut blocks = Vec::new();
        let (mut start, mut line) = (0, first);
        for (column, wide) in widths.iter().enumerate() {
            line += GAP.len() + wide;
            if column > start && width.is_some_and(|width| line > width) {
                blocks.push(self.block(first, &widths, start..column));
                (start, line) = (column, first + GAP.len() + wide);
            }
        }
        blocks.push(self.block(first, &widths, start..widths.len()));
        blocks.join("\n")
    }

    /// Some of the columns.
    fn block(&self, first: usize, widths: &[usize], columns: Range<usize>) -> String {
        let line = |name: &str, cells: &[&str]| {
            let cells = columns
                .clone()
                .map(|it| format!("{GAP}{:>1$}", cells[it], widths[it]));
            let line = format!("{name:first$}{}", cells.collect::<String>());
            line.trim_end().to_owned() + "\n"
        };
        let mut text = line(self.keys[1], &self.headings);
        let mut group = "";
        for row in &self.rows {
            if row.group != group {
                text += &format!("{}\n", row.group);
                group = &row.group;
            }
            let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
            text += &line(&format!("{GAP}{}", row.name), &cells);
        }
        text
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let headings = self.keys.iter().chain(&self.headings);
        let headings: Vec<String> = headings.map(ToString::to_string).collect();
        let row = |row: &Row| {
            let cells = row.cells.iter().map(|cell| cell.text.clone());
            let names = [row.group.clone(), row.name.clone()];
            names.into_iter().chain(cells).collect()
        };
        markdown_table(&headings, &self.rows.iter().map(row).collect::<Vec<_>>())
    }

    /// As lines of CSV, one for each number: table, group, name, what, value.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            for (heading, cell) in self.headings.iter().zip(&row.cells) {
                for (more, value) in &cell.values {
                    let what = format!("{heading} {more}");
                    let fields = [self.name, &row.group, &row.name, what.trim(), value];
                    text += &(fields.map(quoted).join(",") + "\n");
                }
            }
        }
        text
    }
}

/// The first line of the CSV.
pub const CSV_HEADINGS: &str = "table,group,program,quantity,value\n";

/// A CSV field: in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::bound::Limit;

    fn ratio(slow: &[f64], fast: &[f64]) -> Cell {
        Cell::ratio(&Ratio::of(slow, fast))
    }

    fn table() -> Table {
        let row = |name: &str| Row {
            group: "1,000 requests".into(),
            name: name.into(),
            cells: vec![
                Cell::spread(&[0.25, 0.26, 0.27]),
                ratio(&[2.0; 6], &[1.0; 6]),
                Cell::nothing(),
            ],
        };
        Table {
            name: "speed-ups",
            keys: ["comparison", "program"],
            headings: vec!["seconds", "times faster", "book"],
            rows: vec![row("4.6"), row("4.6 (sequential)")],
            legend: "",
        }
    }

    #[test]
    fn cells_say_how_sure_they_are() {
        assert_eq!(ratio(&[2.0], &[1.0]).text, "2.00 (1 round)");
        assert_eq!(
            ratio(&[2.0, 2.1, 1.9], &[1.0; 3]).text,
            "2.00 (1.90–2.10 of 3)"
        );
        let ten: Vec<f64> = (1..=10).map(|n| 100.0 + f64::from(n)).collect();
        assert_eq!(ratio(&ten, &[1.0; 10]).text, "106 [102, 109]");
        assert_eq!(ratio(&[0.9, 1.0, 1.1], &[1.0; 3]).text, "even 0.90–1.10");
        let verdict = |verdict| Cell::verdict(verdict).text;
        let reached = Verdict::Reached {
            floor: 0.1,
            limit: Limit::Processor,
            part: 0.92,
        };
        assert_eq!(verdict(reached), "92 % of processor");
        assert_eq!(verdict(Verdict::OtherWork(1.36)), "1.36 × the CPU");
        assert_eq!(Cell::at_most(2.9).text, "≤ 2.90");
        assert_eq!(Cell::known(None).text, "–");
        let quantities = [2.0004, 0.01, 0.00002, 22.13].map(|it| Cell::known(Some(it)).text);
        assert_eq!(quantities, ["2.00", "0.0100", "0.000020", "22.1"]);
    }

    #[test]
    fn a_wide_table_goes_on_below_and_no_cell_is_broken() {
        let wide = table().text(None);
        assert_eq!(
            wide,
            "program                   seconds       times faster  book\n\
             1,000 requests\n  4.6               0.260 ± 0.010  2.00 [2.00, 2.00]     –\n  \
             4.6 (sequential)  0.260 ± 0.010  2.00 [2.00, 2.00]     –\n"
        );
        let narrow = table().text(Some(40));
        assert!(
            narrow.lines().all(|line| line.chars().count() <= 40),
            "{narrow}"
        );
        assert_eq!(narrow.matches("1,000 requests").count(), 3);
        assert_eq!(narrow.matches("2.00 [2.00, 2.00]").count(), 2);
        // Too narrow for anything: every column is there all the same.
        assert_eq!(table().text(Some(1)).matches("4.6 (sequential)").count(), 3);
    }

    #[test]
    fn csv_has_a_line_for_each_number() {
        let csv = table().csv();
        assert!(csv.starts_with(
            "speed-ups,\"1,000 requests\",4.6,seconds,0.26\n\
             speed-ups,\"1,000 requests\",4.6,seconds deviation,"
        ));
        assert!(csv.contains("4.6,times faster low,2\n"));
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
    }

    #[test]
    fn markdown_names_the_group_in_each_row() {
        let markdown = table().markdown();
        let lines: Vec<_> = markdown.lines().collect();
        assert_eq!(
            lines[0],
            "| comparison | program | seconds | times faster | book |"
        );
        assert!(lines[3].starts_with("| 1,000 requests | 4.6 (sequential) | 0.260 ± 0.010 |"));
    }

    #[test]
    fn numbers_are_said_as_people_read_them() {
        assert_eq!(thousands(1), "1");
        assert_eq!(thousands(1000), "1,000");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
