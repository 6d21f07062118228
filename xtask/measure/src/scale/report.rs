//! Curves, and how they are shown: a table, Markdown, CSV, JSON, or a figure.

use std::fmt::Write;
use std::path::Path;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::{Deserialize, Serialize};

use super::svg;
use crate::bench::stats::median;
use crate::bench::{Cost, Machine, Outputs, WriteTo, markdown_table, read_json};

/// The version of the JSON, which `xtask/README.md` describes.
const SCHEMA: u32 = 1;

/// All curves that were measured.
#[derive(Debug, Deserialize, Serialize)]
pub struct Report {
    schema: u32,
    machine: Machine,
    curves: Vec<Curve>,
    /// What could not be measured, each with the reason.
    skipped: Vec<String>,
}

/// How the cost of some programs grows with their work.
#[derive(Debug, Deserialize, Serialize)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What is counted.
    pub axis: String,
    /// The seconds that it takes at the least, however many there are.
    pub ideal: Option<f64>,
    /// The programs.
    pub series: Vec<Series>,
}

/// One program.
#[derive(Debug, Deserialize, Serialize)]
pub struct Series {
    /// Its name and arguments.
    pub program: String,
    /// What was measured, by count.
    pub points: Vec<Point>,
}

/// The runs of a program at one count.
#[derive(Debug, Deserialize, Serialize)]
pub struct Point {
    /// How many.
    pub count: usize,
    /// Each run.
    pub runs: Vec<Cost>,
}

impl Point {
    fn of(&self, part: impl Fn(&Cost) -> f64) -> f64 {
        median(&self.runs.iter().map(part).collect::<Vec<_>>())
    }

    /// The median wall time in seconds.
    #[must_use]
    pub fn wall(&self) -> f64 {
        self.of(|cost| cost.wall)
    }

    /// The median CPU time in seconds.
    #[must_use]
    pub fn cpu(&self) -> f64 {
        self.of(Cost::cpu)
    }

    /// The median peak memory in MiB.
    #[must_use]
    pub fn memory(&self) -> f64 {
        self.of(|cost| cost.peak_memory as f64) / 1024.0 / 1024.0
    }
}

impl Series {
    /// A program that nothing is known of yet.
    #[must_use]
    pub fn new(program: String) -> Self {
        Self {
            program,
            points: Vec::new(),
        }
    }
}

impl Curve {
    /// A curve that nothing is known of yet.
    #[must_use]
    pub fn new(name: String, lesson: Option<String>, axis: String) -> Self {
        Self {
            name,
            lesson,
            axis,
            ideal: None,
            series: Vec::new(),
        }
    }

    /// A row for each count and program, counts together.
    fn rows(&self) -> Vec<(usize, &str, &Point)> {
        let mut rows: Vec<_> = self
            .series
            .iter()
            .flat_map(|series| {
                let points = series.points.iter();
                points.map(|point| (point.count, series.program.as_str(), point))
            })
            .collect();
        // A stable sort: programs keep their order.
        rows.sort_by_key(|(count, _, _)| *count);
        rows
    }

    fn headings(&self) -> [&str; 5] {
        [&self.axis, "program", "wall s", "CPU s", "peak MiB"]
    }

    fn cells(&self) -> impl Iterator<Item = Vec<String>> {
        self.rows().into_iter().map(|(count, program, point)| {
            vec![
                thousands(count),
                program.to_owned(),
                seconds(point.wall()),
                seconds(point.cpu()),
                format!("{:.1}", point.memory()),
            ]
        })
    }

    /// The curve as a table in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown_table(&self.headings(), self.cells())
    }

    /// The figure as SVG.
    #[must_use]
    pub fn figure(&self) -> String {
        svg::draw(self)
    }
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(machine: Machine) -> Self {
        Self {
            schema: SCHEMA,
            machine,
            curves: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Reads what an earlier `scale` has written with `--json`.
    ///
    /// # Errors
    /// If the file cannot be read, or is none of these, or of another version.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        read_json(path, SCHEMA)
    }

    /// Adds a curve, unless nothing was measured of it.
    pub fn add(&mut self, mut curve: Curve) {
        curve.series.retain(|series| !series.points.is_empty());
        if !curve.series.is_empty() {
            self.curves.push(curve);
        }
    }

    /// Notes what could not be measured, and why.
    pub fn skip(&mut self, what: String) {
        self.skipped.push(what);
    }

    /// The curves, in order.
    #[must_use]
    pub fn curves(&self) -> &[Curve] {
        &self.curves
    }

    /// The machine that they were measured on.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// What could not be measured, each with the reason.
    #[must_use]
    pub fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// Writes the report where `outputs` say.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, outputs: &Outputs) -> anyhow::Result<()> {
        outputs.write([
            self.text(),
            serde_json::to_string_pretty(self)? + "\n",
            self.csv(),
            self.markdown(),
            svg::draw_all(&self.curves),
        ])?;
        for skipped in &self.skipped {
            eprintln!("warning: {skipped}");
        }
        Ok(())
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.machine);
        for curve in &self.curves {
            let mut table = Table::new();
            table
                .load_style(presets::UTF8_FULL_CONDENSED)
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_header(curve.headings());
            for column in [0, 2, 3, 4] {
                if let Some(column) = table.column_mut(column) {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
            for cells in curve.cells() {
                table.add_row(cells);
            }
            text += &format!("\n{}\n{table}\n", curve.title());
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!("{}\n", self.machine);
        for curve in &self.curves {
            text += &format!("\n{}\n\n{}", curve.title(), curve.markdown());
        }
        text
    }

    fn csv(&self) -> String {
        let mut text = String::from("curve,program,count,wall_s,cpu_s,peak_mib\n");
        for curve in &self.curves {
            for (count, program, point) in curve.rows() {
                // Writing to a String cannot fail.
                let _ = writeln!(
                    text,
                    "\"{}\",\"{program}\",{count},{},{},{}",
                    curve.name,
                    point.wall(),
                    point.cpu(),
                    point.memory()
                );
            }
        }
        text
    }
}

impl Curve {
    fn title(&self) -> String {
        let ideal = self.ideal.map_or_else(String::new, |seconds| {
            format!(" ({seconds} s at the least)")
        });
        format!("{}{ideal}", self.name)
    }
}

/// Seconds with the digits that say something.
fn seconds(seconds: f64) -> String {
    match seconds {
        0.1.. => format!("{seconds:.3}"),
        0.001..0.1 => format!("{seconds:.4}"),
        0.0..0.001 => format!("{seconds:.6}"),
        _ => "–".to_owned(),
    }
}

/// `1,000,000`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    let groups: Vec<_> = groups.into_iter().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_read_them() {
        assert_eq!(thousands(1), "1");
        assert_eq!(thousands(1000), "1,000");
        assert_eq!(thousands(1_000_000), "1,000,000");
        assert_eq!(seconds(2.0004), "2.000");
        assert_eq!(seconds(0.01), "0.0100");
        assert_eq!(seconds(0.00002), "0.000020");
        assert_eq!(seconds(f64::NAN), "–");
    }

    #[test]
    fn rows_go_by_count_and_keep_the_programs_order() {
        let cost = Cost {
            wall: 2.0,
            user: 0.5,
            system: 0.5,
            peak_memory: 3 * 1024 * 1024,
        };
        let mut curve = Curve::new("sleeping".into(), None, "tasks".into());
        for program in ["b", "a"] {
            let mut series = Series::new(program.into());
            for count in [1, 1000] {
                let runs = vec![cost];
                series.points.push(Point { count, runs });
            }
            curve.series.push(series);
        }
        assert_eq!(
            curve.markdown(),
            "| tasks | program | wall s | CPU s | peak MiB |\n\
             |---|---|---|---|---|\n\
             | 1 | b | 2.000 | 1.000 | 3.0 |\n\
             | 1 | a | 2.000 | 1.000 | 3.0 |\n\
             | 1,000 | b | 2.000 | 1.000 | 3.0 |\n\
             | 1,000 | a | 2.000 | 1.000 | 3.0 |\n"
        );
    }

    #[test]
    fn each_field_of_the_json_is_documented() {
        let readme = include_str!("../../../README.md");
        for name in [
            "schema", "machine", "curves", "skipped", "name", "lesson", "axis", "ideal", "series",
            "program", "points", "count", "runs",
        ] {
            assert!(readme.contains(&format!("`{name}`")), "{name}");
        }
    }
}
