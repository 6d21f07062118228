//! What was measured, and how it is shown: a table, Markdown, CSV, JSON, or a figure.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context, ensure};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Outputs;
use super::comparison::{Bound, Comparison, split};
use super::machine::{Disturbance, Machine};
use super::process::Cost;
use super::stats::{deviation, interval, median, outliers};
use super::svg;
use crate::load;
use xtask::workspace::Chapter;

/// The version of the JSON, which `xtask/README.md` describes: it grows when a field changes its
/// meaning or goes away.
const SCHEMA: u32 = 2;

/// Runs that deviate from their median by more than this part of it get a warning.
const SCATTER: f64 = 0.05;

/// More cores than this, kept busy by others, disturb. The example site and what the system does
/// for the programs stay below.
const BUSY: f64 = 0.5;

/// More cores than this, taken by a virtual machine's host, disturb.
const STOLEN: f64 = 0.1;

/// The load of a machine that does nothing else, for each core, is below this.
const IDLE: f64 = 0.3;

/// The costs of one program, one for each round.
pub type Side = Vec<Cost>;

/// The costs of a comparison's programs.
#[derive(Debug)]
pub struct Measurements {
    /// Of the sequential program.
    pub sequential: Side,
    /// Of each concurrent one.
    pub concurrent: Vec<Side>,
    /// Of each peer, with its name.
    pub peers: Vec<(String, Side)>,
    /// Of each of the book's programs, by its file.
    pub python: HashMap<String, Side>,
    /// What others did meanwhile, where the system tells.
    pub disturbance: Option<Disturbance>,
    /// What was left out, with the reasons.
    pub skipped: Vec<String>,
    /// Whether Ctrl-C ended it before its last round.
    pub interrupted: bool,
}

/// A comparison and what was measured of it.
#[derive(Debug, Deserialize, Serialize)]
pub struct Measured {
    /// The chapter's package.
    pub chapter: String,
    /// The comparison's name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// The most that concurrency can gain, where that can be told in advance.
    pub bound: Option<Bound>,
    /// Whether the programs told the times themselves, of a part of their run.
    pub own_clock: bool,
    /// The sequential program.
    pub sequential: Runs,
    /// The concurrent ones.
    pub concurrent: Vec<Runs>,
    /// What others did on the machine meanwhile, where the system tells.
    pub disturbance: Option<Disturbance>,
}

/// A program and its runs.
#[derive(Debug, Deserialize, Serialize)]
pub struct Runs {
    /// The binary and its arguments.
    pub program: String,
    /// The listing's number and variant, or the program where it has none.
    pub listing: String,
    /// Whether it is no listing but a program in another language.
    pub peer: bool,
    /// The seconds that the book prints for it.
    pub book: Option<f64>,
    /// Each run, in order.
    pub runs: Side,
    /// The book's own program, run beside it.
    pub python: Option<Python>,
}

/// A program of the book's and its runs on this machine.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Python {
    /// Its file in the book's code.
    pub file: String,
    /// Each run, in order.
    pub runs: Side,
}

impl Runs {
    /// The wall times in seconds, in order.
    #[must_use]
    pub fn walls(&self) -> Vec<f64> {
        self.of(|cost| cost.wall)
    }

    /// How many times faster it is than the book's program: the median of the rounds' ratios.
    fn faster_than_python(&self) -> Option<f64> {
        let rounds = self.python.as_ref()?.runs.iter().zip(&self.runs);
        let ratios: Vec<f64> = rounds
            .map(|(python, rust)| python.wall / rust.wall)
            .collect();
        (!ratios.is_empty()).then(|| median(&ratios))
    }

    /// The median seconds of the book's program.
    fn python_wall(&self) -> Option<f64> {
        let walls: Vec<f64> = self.python.as_ref()?.runs.iter().map(|c| c.wall).collect();
        (!walls.is_empty()).then(|| median(&walls))
    }

    fn of(&self, part: impl Fn(&Cost) -> f64) -> Vec<f64> {
        self.runs.iter().map(part).collect()
    }

    /// The median wall time in seconds.
    #[must_use]
    pub fn wall(&self) -> f64 {
        median(&self.of(|cost| cost.wall))
    }

    /// The deviation from that, in seconds.
    fn wall_deviation(&self) -> f64 {
        deviation(&self.of(|cost| cost.wall))
    }

    /// The median CPU time in seconds.
    fn cpu(&self) -> f64 {
        median(&self.of(|cost| cost.user + cost.system))
    }

    /// The median peak memory in MiB.
    fn memory(&self) -> f64 {
        median(&self.of(|cost| cost.peak_memory as f64)) / 1024.0 / 1024.0
    }
}

impl Measured {
    /// Joins a comparison and its measurements.
    fn new(chapter: &Chapter, comparison: &Comparison, measured: Measurements) -> Self {
        let python = |program: &str| {
            let file = comparison.python.get(program)?;
            let runs = measured.python.get(file)?.clone();
            let file = file.clone();
            Some(Python { file, runs })
        };
        let book = comparison.book.as_ref();
        let concurrent = comparison.concurrent.iter().zip(measured.concurrent);
        let listing = |program: &str| {
            let (binary, args) = split(program);
            let header = chapter.binary(binary).map(|listing| &listing.header);
            let header = header.filter(|header| header.number.is_some());
            header.map_or_else(
                || program.to_owned(),
                |header| format!("{header} {}", args.join(" ")).trim().to_owned(),
            )
        };
        Self {
            chapter: chapter.name.clone(),
            name: comparison.name.clone(),
            lesson: comparison.lesson.clone(),
            bound: comparison.bound,
            own_clock: comparison.clock.is_some(),
            sequential: Runs {
                program: comparison.sequential.clone(),
                listing: listing(&comparison.sequential),
                peer: false,
                book: book.map(|book| book.sequential),
                runs: measured.sequential,
                python: python(&comparison.sequential),
            },
            concurrent: concurrent
                .enumerate()
                .map(|(index, (program, runs))| Runs {
                    program: program.clone(),
                    listing: listing(program),
                    peer: false,
                    book: book.and_then(|book| book.concurrent.get(index).copied()),
                    runs,
                    python: python(program),
                })
                .chain(measured.peers.into_iter().map(|(peer, runs)| Runs {
                    listing: peer.clone(),
                    program: peer,
                    peer: true,
                    book: None,
                    runs,
                    python: None,
                }))
                .collect(),
            disturbance: measured.disturbance,
        }
    }

    /// How many times faster `concurrent` is: the median of the rounds' ratios, and its interval.
    #[must_use]
    pub fn speed_up(&self, concurrent: &Runs) -> (f64, (f64, f64)) {
        let rounds = self.sequential.runs.iter().zip(&concurrent.runs);
        let ratios: Vec<f64> = rounds.map(|(a, b)| a.wall / b.wall).collect();
        (median(&ratios), interval(&ratios))
    }
}

/// A row of the table: one comparison and one concurrent program.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The comparison's name.
    pub comparison: String,
    /// The sequential listing.
    pub from: String,
    /// The concurrent listing.
    pub to: String,
    /// Median wall times in seconds, each with its deviation.
    pub sequential: (f64, f64),
    /// Likewise.
    pub concurrent: (f64, f64),
    /// How many times faster.
    pub speed_up: f64,
    /// The interval of that.
    pub interval: (f64, f64),
    /// Whether the concurrent one is no listing but a program in another language.
    pub peer: bool,
    /// The most that this machine can reach, where that can be told in advance.
    pub bound: Option<f64>,
    /// CPU seconds: sequential, concurrent.
    pub cpu: (f64, f64),
    /// Peak memory in MiB: sequential, concurrent.
    pub memory: (f64, f64),
    /// The book's speed-up.
    pub book: Option<f64>,
    /// How many rounds there were.
    pub rounds: usize,
    /// Seconds of the book's programs on this machine: sequential, concurrent.
    pub python: (Option<f64>, Option<f64>),
    /// How many times faster ours are than those.
    pub python_times: (Option<f64>, Option<f64>),
}

impl Row {
    /// The part of the bound that was reached, in percent.
    #[must_use]
    pub fn reached(&self) -> Option<f64> {
        Some(100.0 * self.speed_up / self.bound?)
    }

    /// Whether the rounds do not tell the two apart.
    fn same(&self) -> bool {
        self.interval.0 <= 1.0 && 1.0 <= self.interval.1
    }

    /// Its cells; `python` adds those of the book's programs.
    fn cells(&self, python: bool) -> Vec<String> {
        let time = |(middle, spread): (f64, f64)| format!("{middle:.3} ± {spread:.3}");
        let number = |number: Option<f64>| {
            number.map_or_else(|| "–".into(), |number| format!("{number:.2}"))
        };
        let both = |(a, b): (Option<f64>, Option<f64>)| match (a, b) {
            (None, None) => number(None),
            (a, b) => format!("{} / {}", number(a), number(b)),
        };
        let (low, high) = self.interval;
        let (cpu_sequential, cpu_concurrent) = self.cpu;
        let (memory_sequential, memory_concurrent) = self.memory;
        let mut cells = vec![
            self.comparison.clone(),
            format!("{} → {}", self.from, self.to),
            time(self.sequential),
            time(self.concurrent),
            match self.rounds {
                1 => format!("{:.2} [one round]", self.speed_up),
                _ if self.same() => format!("no difference seen [{low:.2}, {high:.2}]"),
                _ => format!("{:.2} [{low:.2}, {high:.2}]", self.speed_up),
            },
            number(self.bound),
            self.reached()
                .map_or_else(|| "–".into(), |percent| format!("{percent:.1} %")),
            format!("{cpu_sequential:.3} / {cpu_concurrent:.3}"),
            format!("{memory_sequential:.1} / {memory_concurrent:.1}"),
            number(self.book),
        ];
        if python {
            cells.extend([both(self.python), both(self.python_times)]);
        }
        cells
    }
}

const HEADINGS: [&str; 12] = [
    "comparison",
    "listings",
    "sequential s",
    "concurrent s",
    "times faster",
    "bound",
    "reached",
    "CPU s",
    "peak MiB",
    "book",
    // Only with --book.
    "Python, this machine s",
    "Rust times faster",
];

/// The columns, without or with those of the book's programs.
fn headings(python: bool) -> &'static [&'static str] {
    &HEADINGS[..if python { 12 } else { 10 }]
}

/// All that a bench has measured.
#[derive(Debug, Deserialize, Serialize)]
pub struct Report {
    schema: u32,
    machine: Machine,
    /// The site that the web listings used, where it is the reader's own.
    site: Option<String>,
    comparisons: Vec<Measured>,
    loads: Vec<load::Report>,
    /// What could not be measured, each with the reason.
    skipped: Vec<String>,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(machine: Machine, site: Option<String>) -> Self {
        Self {
            schema: SCHEMA,
            machine,
            site,
            comparisons: Vec::new(),
            loads: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Notes what could not be measured, and why.
    pub fn skip(&mut self, what: String) {
        self.skipped.push(what);
    }

    /// Adds a comparison and what was measured of it; one that was interrupted before its first
    /// round was complete has nothing to add.
    pub fn add(&mut self, chapter: &Chapter, comparison: &Comparison, mut measured: Measurements) {
        self.skipped.append(&mut measured.skipped);
        if !measured.sequential.is_empty() {
            let measured = Measured::new(chapter, comparison, measured);
            self.comparisons.push(measured);
        }
    }

    /// Reads what an earlier bench has written with `--json`.
    ///
    /// # Errors
    /// If the file cannot be read, or is none of these, or of another version.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        read_json(path, SCHEMA)
    }

    /// The machine that it was measured on.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The comparisons, in order.
    #[must_use]
    pub fn comparisons(&self) -> &[Measured] {
        &self.comparisons
    }

    /// The servers under load, in order.
    #[must_use]
    pub fn loads(&self) -> &[load::Report] {
        &self.loads
    }

    /// What could not be measured, each with the reason.
    #[must_use]
    pub fn skipped(&self) -> Vec<String> {
        let of_loads = self
            .loads
            .iter()
            .flat_map(|load| load.skipped.iter().map(|s| format!("{}: {s}", load.name)));
        self.skipped.iter().cloned().chain(of_loads).collect()
    }

    /// Whether some program of the book's was run.
    fn has_python(&self) -> bool {
        let programs = self
            .comparisons
            .iter()
            .flat_map(|measured| std::iter::once(&measured.sequential).chain(&measured.concurrent));
        programs.filter(|runs| runs.python.is_some()).count() > 0
    }

    /// Adds a comparison of servers.
    pub fn add_load(&mut self, report: load::Report) {
        self.loads.push(report);
    }

    fn rows(&self) -> Vec<Row> {
        let row = |measured: &Measured, concurrent: &Runs| {
            let (speed_up, interval) = measured.speed_up(concurrent);
            let sequential = &measured.sequential;
            Row {
                comparison: measured.name.clone(),
                from: sequential.listing.clone(),
                to: concurrent.listing.clone(),
                sequential: (sequential.wall(), sequential.wall_deviation()),
                concurrent: (concurrent.wall(), concurrent.wall_deviation()),
                speed_up,
                interval,
                peer: concurrent.peer,
                // What another language gains is not for this work's structure to say.
                bound: measured
                    .bound
                    .filter(|_| !concurrent.peer)
                    .map(|bound| bound.on(self.machine.cores)),
                cpu: (sequential.cpu(), concurrent.cpu()),
                memory: (sequential.memory(), concurrent.memory()),
                book: sequential.book.zip(concurrent.book).map(|(a, b)| a / b),
                rounds: concurrent.runs.len(),
                python: (sequential.python_wall(), concurrent.python_wall()),
                python_times: (
                    sequential.faster_than_python(),
                    concurrent.faster_than_python(),
                ),
            }
        };
        let comparisons = self.comparisons.iter();
        comparisons
            .flat_map(|measured| measured.concurrent.iter().map(move |c| row(measured, c)))
            .collect()
    }

    /// What a reader should know before trusting the figures, each with its remedy.
    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let cores = self.machine.cores as f64;
        if let Some(load) = self.machine.load.filter(|load| *load > IDLE * cores) {
            warnings.push(format!(
                "the machine was busy before the bench began (load {load:.1} on {cores} cores): \
                 close other programs and run again"
            ));
        }
        for measured in &self.comparisons {
            let Disturbance { others, stolen } = measured.disturbance.unwrap_or_default();
            if others > BUSY {
                warnings.push(format!(
                    "{}: other programs kept {others:.1} of {cores} cores busy meanwhile: close \
                     them and run it again",
                    measured.name
                ));
            }
            if stolen > STOLEN {
                warnings.push(format!(
                    "{}: the host of this virtual machine took {stolen:.1} of {cores} cores away \
                     meanwhile: run it again when the host is less busy",
                    measured.name
                ));
            }
            for runs in std::iter::once(&measured.sequential).chain(&measured.concurrent) {
                let scatter = runs.wall_deviation() / runs.wall();
                let strange = outliers(&runs.walls());
                if !strange.is_empty() {
                    let walls: Vec<String> = strange
                        .iter()
                        .map(|index| format!("{:.3}", runs.runs[*index].wall))
                        .collect();
                    warnings.push(format!(
                        "{}: {} of the {} runs of {} are far from the others ({} s instead of \
                         {:.3} s): something disturbed them; the median does not mind a few",
                        measured.name,
                        strange.len(),
                        runs.runs.len(),
                        runs.program,
                        walls.join(", "),
                        runs.wall()
                    ));
                }
                if scatter > SCATTER {
                    warnings.push(format!(
                        "{}: the runs of {} scatter by {:.0} %: close other programs, or measure \
                         longer with --runs {}",
                        measured.name,
                        runs.program,
                        scatter * 100.0,
                        runs.runs.len() * 2
                    ));
                }
            }
        }
        warnings.extend(self.skipped());
        warnings
    }

    fn heading(&self) -> String {
        let site = self.site.as_ref();
        let site = site.map_or_else(String::new, |site| format!("\nexample site: {site}"));
        format!("{}{site}", self.machine)
    }

    /// Writes the report where `options` say: the table to stdout, unless something else goes
    /// there, and each file that is asked for.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, outputs: &Outputs) -> anyhow::Result<()> {
        outputs.write([
            self.text(),
            serde_json::to_string_pretty(self)? + "\n",
            self.csv(),
            self.markdown(),
            self.figure(),
        ])?;
        for warning in self.warnings() {
            eprintln!("warning: {warning}");
        }
        Ok(())
    }

    /// The speed-ups as SVG.
    #[must_use]
    pub fn figure(&self) -> String {
        let mut rows = self.rows();
        rows.retain(|row| !row.peer);
        svg::draw(&self.machine.to_string(), &rows)
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.heading());
        let (rows, python) = (self.rows(), self.has_python());
        if !rows.is_empty() {
            let mut table = Table::new();
            table
                .load_style(presets::UTF8_FULL_CONDENSED)
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_header(headings(python));
            for column in 2..headings(python).len() {
                if let Some(column) = table.column_mut(column) {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
            for row in &rows {
                table.add_row(row.cells(python));
            }
            text += &format!(
                "{table}\nTimes are medians ± median absolute deviation; times faster is the \
                 median of the rounds' ratios\nwith its 95 % interval; CPU and memory are \
                 sequential / concurrent.\n"
            );
        }
        for load in &self.loads {
            text += &format!(
                "\n{} under load: {}\n{}\nRelation: the median of the rounds' ratios to the last \
                 of the listings.\n",
                load.name,
                load.what(),
                load.table()
            );
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!("{}\n\n{}", self.heading(), self.markdown_rows(|_| true));
        for load in &self.loads {
            text += &format!("\n{} under load, {}:\n\n", load.name, load.what());
            text += &load.markdown();
        }
        text
    }

    /// The table of the comparisons that `choose` chooses, as Markdown; empty where that is none.
    #[must_use]
    pub fn markdown_rows(&self, choose: impl Fn(&Measured) -> bool) -> String {
        let chosen = self.comparisons.iter().filter(|measured| choose(measured));
        let names: Vec<&String> = chosen.map(|measured| &measured.name).collect();
        let python = self.has_python();
        let mut rows = self.rows();
        rows.retain(|row| names.contains(&&row.comparison));
        if rows.is_empty() {
            return String::new();
        }
        markdown_table(headings(python), rows.iter().map(|row| row.cells(python)))
    }

    fn csv(&self) -> String {
        let mut text = String::from(
            "comparison,sequential,concurrent,sequential_s,sequential_mad_s,concurrent_s,concurrent_mad_s,\
             times_faster,low,high,bound,reached_percent,sequential_cpu_s,concurrent_cpu_s,\
             sequential_peak_mib,concurrent_peak_mib,book,\
             sequential_python_s,concurrent_python_s,sequential_python_times,concurrent_python_times\n",
        );
        for row in self.rows() {
            let numbers: Vec<Option<f64>> = [
                row.sequential.0,
                row.sequential.1,
                row.concurrent.0,
                row.concurrent.1,
                row.speed_up,
                row.interval.0,
                row.interval.1,
            ]
            .map(Some)
            .into_iter()
            .chain([row.bound, row.reached()])
            .chain([row.cpu.0, row.cpu.1, row.memory.0, row.memory.1].map(Some))
            .chain([row.book, row.python.0, row.python.1])
            .chain([row.python_times.0, row.python_times.1])
            .collect();
            let names = [&row.comparison, &row.from, &row.to].map(|name| quoted(name));
            text += &names.join(",");
            for number in numbers {
                // Writing to a String cannot fail.
                let _ = match number {
                    Some(number) => write!(text, ",{number}"),
                    None => write!(text, ","),
                };
            }
            text.push('\n');
        }
        text
    }
}

/// A table in Markdown.
#[must_use]
pub fn markdown_table(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!(
        "| {} |\n|{}\n",
        headings.join(" | "),
        "---|".repeat(headings.len())
    );
    for cells in rows {
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}

/// Reads a report of this `schema` from a file.
///
/// # Errors
/// If the file cannot be read, or is none of these, or of another version.
pub fn read_json<T: DeserializeOwned>(path: &Path, schema: u32) -> anyhow::Result<T> {
    let read = || {
        let text = std::fs::read(path)?;
        let value: serde_json::Value = serde_json::from_slice(&text)?;
        ensure!(
            value["schema"].as_u64() == Some(schema.into()),
            "it is no report of this version ({schema})"
        );
        Ok(serde_json::from_value(value)?)
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

pub trait WriteTo {
    fn write(&self, forms: [String; 5]) -> anyhow::Result<()>;
}

impl WriteTo for Outputs {
    /// Writes the table to stdout, unless something else goes there, and each file that is asked
    /// for: `forms` are the table, JSON, CSV, Markdown and SVG.
    ///
    /// # Errors
    /// If a file cannot be written.
    fn write(&self, forms: [String; 5]) -> anyhow::Result<()> {
        let [table, json, csv, markdown, svg] = forms;
        let files = [
            (&self.json, json),
            (&self.csv, csv),
            (&self.markdown, markdown),
            (&self.svg, svg),
        ];
        let mut to_stdout = true;
        for (path, text) in files {
            match path {
                None => {}
                Some(path) if path == Path::new("-") => {
                    print(&text)?;
                    to_stdout = false;
                }
                Some(path) => std::fs::write(path, text)
                    .with_context(|| format!("cannot write {}", path.display()))?,
            }
        }
        if to_stdout {
            print(&table)?;
        }
        Ok(())
    }
}

/// A CSV field: in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// Prints to stdout; a reader who has seen enough (`| head`) is no error.
///
/// # Errors
/// If stdout cannot be written to for another reason.
pub fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to stdout"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(program: &str, walls: &[f64]) -> Runs {
        let cost = |wall: &f64| Cost {
            wall: *wall,
            user: wall / 2.0,
            system: 0.0,
            peak_memory: 2 * 1024 * 1024,
        };
        Runs {
            program: program.into(),
            listing: program.into(),
            peer: false,
            book: None,
            runs: walls.iter().map(cost).collect(),
            python: None,
        }
    }

    fn report(sequential: &[f64], concurrent: &[f64]) -> Report {
        let machine = Machine {
            processor: "a processor".into(),
            cores: 2,
            system: "a system".into(),
            rustc: "rustc 1".into(),
            load: Some(0.0),
        };
        let mut report = Report::new(machine, None);
        report.comparisons.push(Measured {
            disturbance: None,
            chapter: "ch01-demo".into(),
            name: "two, at once".into(),
            lesson: None,
            own_clock: false,
            bound: Some(Bound {
                kind: super::super::comparison::Kind::Wait,
                overlap: 2.0,
            }),
            sequential: runs("one", sequential),
            concurrent: vec![runs("two", concurrent)],
        });
        report
    }

    #[test]
    fn the_speed_up_is_the_median_of_the_paired_ratios() {
        let report = report(&[2.0, 4.0, 2.0], &[1.0, 2.0, 2.0]);
        let row = &report.rows()[0];
        assert_eq!(row.speed_up, 2.0);
        assert_eq!(row.interval, (1.0, 2.0));
        assert_eq!(row.reached(), Some(100.0));
        assert_eq!(row.cpu, (1.0, 1.0));
        assert_eq!(row.memory, (2.0, 2.0));
    }

    #[test]
    fn an_interval_around_one_is_no_difference() {
        let same = report(&[1.0, 1.1, 0.9], &[1.0, 1.0, 1.0]);
        assert!(same.rows()[0].cells(false)[4].starts_with("no difference seen"));
        let faster = report(&[2.0, 2.1, 1.9], &[1.0, 1.0, 1.0]);
        assert_eq!(faster.rows()[0].cells(false)[4], "2.00 [1.90, 2.10]");
    }

    #[test]
    fn scattered_runs_and_a_busy_machine_are_warned_about() {
        let mut report = report(&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0]);
        assert_eq!(report.warnings().len(), 1);
        assert!(report.warnings()[0].contains("scatter by 50 %"));
        assert!(report.warnings()[0].contains("--runs 6"));
        report.machine.load = Some(2.0);
        assert!(report.warnings()[0].contains("busy"));
    }

    #[test]
    fn a_csv_field_with_a_comma_is_quoted() {
        let report = report(&[2.0], &[1.0]);
        let csv = report.csv();
        let row = csv.lines().nth(1).unwrap();
        assert!(
            row.starts_with("\"two, at once\",one,two,2,0,1,0,2,2,2,2,100,"),
            "{row}"
        );
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
    }

    #[test]
    fn one_round_has_no_interval() {
        let report = report(&[2.0], &[1.0]);
        assert_eq!(report.rows()[0].cells(false)[4], "2.00 [one round]");
    }

    #[test]
    fn outliers_and_others_are_said() {
        let mut report = report(&[1.0, 1.0, 1.5, 1.0, 1.0], &[1.0; 5]);
        let warnings = report.warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("1 of the 5 runs of one are far from the others (1.500 s"));
        report.comparisons[0].disturbance = Some(Disturbance {
            others: 1.5,
            stolen: 0.3,
        });
        let warnings = report.warnings().join("\n");
        assert!(warnings.contains("other programs kept 1.5 of 2 cores busy"));
        assert!(warnings.contains("took 0.3 of 2 cores away"));
    }

    #[test]
    fn the_books_programs_have_columns_where_they_were_run() {
        let mut report = report(&[2.0, 2.0], &[1.0, 1.0]);
        assert_eq!(report.rows()[0].cells(false).len(), 10);
        assert!(!report.has_python());
        report.comparisons[0].concurrent[0].python = Some(Python {
            file: "a.py".into(),
            runs: runs("a.py", &[30.0, 40.0]).runs,
        });
        assert!(report.has_python());
        let cells = report.rows()[0].cells(true);
        assert_eq!(cells[10..], ["– / 35.00", "– / 35.00"]);
        assert!(report.markdown().contains("| Rust times faster |"));
    }

    #[test]
    fn a_report_is_read_back_as_it_was_written() {
        let report = report(&[2.0], &[1.0]);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), serde_json::to_string(&report).unwrap()).unwrap();
        let read = Report::read(file.path()).unwrap();
        assert_eq!(read.csv(), report.csv());
        std::fs::write(file.path(), "{\"schema\": 1}").unwrap();
        let error = format!("{:#}", Report::read(file.path()).unwrap_err());
        assert!(error.ends_with("it is no report of this version (2)"));
    }

    #[test]
    fn each_field_of_the_json_is_documented() {
        fn fields(value: &serde_json::Value, names: &mut Vec<String>) {
            match value {
                serde_json::Value::Object(object) => {
                    for (name, value) in object {
                        names.push(name.clone());
                        fields(value, names);
                    }
                }
                serde_json::Value::Array(values) => {
                    values.iter().for_each(|value| fields(value, names));
                }
                _ => {}
            }
        }
        let mut report = report(&[2.0], &[1.0]);
        report.comparisons[0].disturbance = Some(Disturbance::default());
        report.comparisons[0].concurrent[0].python = Some(Python {
            file: "a.py".into(),
            runs: Vec::new(),
        });
        let mut names = Vec::new();
        fields(&serde_json::to_value(&report).unwrap(), &mut names);
        let readme = include_str!("../../../README.md");
        assert!(names.len() > 20);
        for name in names {
            assert!(readme.contains(&format!("`{name}`")), "{name}");
        }
    }
}
