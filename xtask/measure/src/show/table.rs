//! A table of typed cells, for the terminal, Markdown and CSV.

use xtask::output::markdown_table;

use crate::data::cost::Spread;
use crate::judge::bound::Verdict;
use crate::judge::speed_up::Ratio;

/// What is not known, or not there.
const NOTHING: &str = "–";

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

/// What a cell holds.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing.
    Nothing,
    /// A word.
    Text(String),
    /// A number with this many digits after the point.
    Number(f64, usize),
    /// Seconds, or another quantity, with the digits that say something.
    Quantity(f64),
    /// No more than this, but below what can be seen.
    AtMost(f64),
    /// Seconds and how they scatter.
    Spread(Spread),
    /// A ratio and its interval.
    Ratio(Ratio),
    /// How near to a limit.
    Verdict(Verdict),
}

impl Cell {
    /// A quantity where it is known.
    pub fn known(quantity: Option<f64>) -> Self {
        quantity.map_or(Self::Nothing, Self::Quantity)
    }

    fn text(&self) -> String {
        match self {
            Self::Nothing => NOTHING.to_owned(),
            Self::Text(text) => text.clone(),
            Self::Number(number, digits) => format!("{number:.digits$}"),
            Self::Quantity(number) => digits(*number),
            Self::AtMost(number) => format!("≤ {}", digits(*number)),
            Self::Spread(Spread { median, deviation }) => {
                let places = places(*median);
                format!("{median:.places$} ± {deviation:.places$}")
            }
            Self::Ratio(ratio) => {
                let Ratio { median, interval } = ratio;
                let places = places(*median);
                let (low, high, count) = (interval.low, interval.high, interval.count);
                match (count, ratio.is_even(), interval.exact) {
                    (1, _, _) => format!("{median:.places$} (1 round)"),
                    (_, true, _) => format!("even {low:.2}–{high:.2}"),
                    (_, _, true) => {
                        format!("{median:.places$} [{low:.places$}, {high:.places$}]")
                    }
                    _ => format!("{median:.places$} ({low:.places$}–{high:.places$} of {count})"),
                }
            }
            Self::Verdict(Verdict::Reached { limit, part, .. }) => {
                format!("{:.0} % of {limit}", part * 100.0)
            }
            Self::Verdict(Verdict::OtherWork(factor)) => format!("{factor:.2} × the CPU"),
        }
    }

    /// The numbers for CSV, each with what it is beside the heading.
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Text(text) => vec![("", text.clone())],
            Self::Number(number, _) | Self::Quantity(number) => vec![("", number.to_string())],
            Self::AtMost(number) => vec![("at most", number.to_string())],
            Self::Spread(spread) => vec![
                ("", spread.median.to_string()),
                ("deviation", spread.deviation.to_string()),
            ],
            Self::Ratio(Ratio { median, interval }) => vec![
                ("", median.to_string()),
                ("low", interval.low.to_string()),
                ("high", interval.high.to_string()),
                ("rounds", interval.count.to_string()),
            ],
            Self::Verdict(Verdict::Reached { floor, limit, part }) => vec![
                ("", part.to_string()),
                ("limit", limit.to_string()),
                ("floor s", floor.to_string()),
            ],
            Self::Verdict(Verdict::OtherWork(factor)) => {
                vec![("CPU factor", factor.to_string())]
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
    let places = places(number);
    format!("{number:.places$}")
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
    /// For a terminal of this width, or for a pipe. What is too wide goes on below, column by
    /// column; a cell is never broken.
    pub fn text(&self, width: Option<usize>) -> String {
        let cells: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.cells.iter().map(Cell::text).collect())
            .collect();
        let names = self
            .rows
            .iter()
            .map(|row| row.name.chars().count() + GAP.len());
        let first = names.max().unwrap_or(0).max(self.keys[1].chars().count());
        let widths: Vec<usize> = (0..self.headings.len())
            .map(|column| {
                let cells = cells.iter().map(|row| row[column].chars().count());
                let heading = self.headings[column].chars().count();
                cells.max().unwrap_or(0).max(heading)
            })
            .collect();
        let mut text = String::new();
        let mut start = 0;
        while start < widths.len() {
            let mut end = start;
            let mut line = first;
            while end < widths.len() {
                line += GAP.len() + widths[end];
                if end > start && width.is_some_and(|width| line > width) {
                    break;
                }
                end += 1;
            }
            self.block(&mut text, &cells, first, &widths, start..end);
            start = end;
        }
        text
    }

    /// Some of the columns.
    fn block(
        &self,
        text: &mut String,
        cells: &[Vec<String>],
        first: usize,
        widths: &[usize],
        columns: std::ops::Range<usize>,
    ) {
        if !text.is_empty() {
            text.push('\n');
        }
        let line = |name: &str, cells: &dyn Fn(usize) -> String| {
            let mut line = format!("{name:first$}");
            for column in columns.clone() {
                line += &format!("{GAP}{:>1$}", cells(column), widths[column]);
            }
            line.trim_end().to_owned() + "\n"
        };
        *text += &line(self.keys[1], &|column| self.headings[column].to_owned());
        let mut group = None;
        for (row, cells) in self.rows.iter().zip(cells) {
            if group != Some(&row.group) && !row.group.is_empty() {
                *text += &format!("{}\n", row.group);
            }
            group = Some(&row.group);
            *text += &line(&format!("{GAP}{}", row.name), &|column| {
                cells[column].clone()
            });
        }
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let headings = self.keys.iter().chain(&self.headings);
        let headings: Vec<String> = headings.map(ToString::to_string).collect();
        let row = |row: &Row| {
            let cells = row.cells.iter().map(Cell::text);
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
                for (more, value) in cell.values() {
                    let what = format!("{heading} {more}");
                    let fields = [self.name, &row.group, &row.name, what.trim(), &value];
                    text += &fields.map(quoted).join(",");
                    text.push('\n');
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
        Cell::Ratio(Ratio::of(slow, fast))
    }

    fn table() -> Table {
        let row = |name: &str| Row {
            group: "1,000 requests".into(),
            name: name.into(),
            cells: vec![
                Cell::Spread(Spread::of(&[0.25, 0.26, 0.27])),
                ratio(&[2.0; 6], &[1.0; 6]),
                Cell::Nothing,
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
        assert_eq!(ratio(&[2.0], &[1.0]).text(), "2.00 (1 round)");
        assert_eq!(
            ratio(&[2.0, 2.1, 1.9], &[1.0; 3]).text(),
            "2.00 (1.90–2.10 of 3)"
        );
        let ten: Vec<f64> = (1..=10).map(|n| 100.0 + f64::from(n)).collect();
        assert_eq!(ratio(&ten, &[1.0; 10]).text(), "106 [102, 109]");
        assert_eq!(ratio(&[0.9, 1.0, 1.1], &[1.0; 3]).text(), "even 0.90–1.10");
        let verdict = |verdict| Cell::Verdict(verdict).text();
        let reached = Verdict::Reached {
            floor: 0.1,
            limit: Limit::Processor,
            part: 0.92,
        };
        assert_eq!(verdict(reached), "92 % of processor");
        assert_eq!(verdict(Verdict::OtherWork(1.36)), "1.36 × the CPU");
        assert_eq!(Cell::AtMost(2.9).text(), "≤ 2.90");
        assert_eq!(Cell::known(None).text(), "–");
        let quantities = [2.0004, 0.01, 0.00002, 22.13].map(|it| Cell::Quantity(it).text());
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
