//! The command line of `cargo xtask`. Both of its parts share it, so help and completions always
//! know all commands.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Lists, runs and measures the listings.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `cargo xtask` does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the listings, of all chapters or of one
    List(List),
    /// Build a listing in release mode and run it
    Run(Run),
    /// Write the chapters' tables of listings, and `bin` of their manifests, from the listings
    Readme(Readme),
    /// Print completions for a shell, which also define `xtask` as short for `cargo xtask`
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Build the site to read beside the book, into target/book
    Book(Site),
    /// The commands of another package, which takes a minute to build, once.
    #[command(flatten)]
    Measure(Measure),
}

/// The commands of the package `xtask-measure`.
#[derive(Debug, Subcommand)]
pub enum Measure {
    /// Measure what concurrency buys, with sequential and concurrent listings
    Bench(Bench),
    /// Measure how cost grows with the number of tasks, requests, permits or connections
    Scale(Scale),
    /// Measure everything and write tables and figures into the pages
    Results(Results),
    /// Run a listing and draw what each of its tasks did
    Timeline(Timeline),
    /// Draw the timelines in the chapters' READMEs again
    Figures {
        /// Only this chapter: 2, ch02 or ch02-basics
        chapter: Option<String>,
    },
    /// Write a word file like the Google Books 1-grams, for listings 6.7 to 6.9 and 6.14
    Ngrams {
        /// The number of rows
        #[arg(long, value_name = "N", default_value_t = 10_000_000)]
        rows: u64,
        /// The file to write
        file: PathBuf,
    },
}

/// The options of `list`.
#[derive(Args, Debug)]
pub struct List {
    /// Only this chapter: 2, ch02 or ch02-basics
    pub chapter: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print the lines of code of each of the book's listings instead
    #[arg(long, conflicts_with = "json")]
    pub lines: bool,
    /// With --lines, compare them with the book's programs, from this checkout of its public code
    #[arg(long, value_name = "DIR", requires = "lines")]
    pub book: Option<PathBuf>,
}

/// The options of `run`.
#[derive(Args, Debug)]
pub struct Run {
    /// The listing's number, or part of its name
    pub listing: String,
    /// Run it N times and show which lines of its output move
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    pub times: Option<u32>,
    /// The listing's arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<OsString>,
}

/// The options of `readme`.
#[derive(Args, Debug)]
pub struct Readme {
    /// Change nothing, and exit with 1 if something does not match the listings
    #[arg(long)]
    pub check: bool,
}

/// What `book` takes.
#[derive(Args, Debug)]
pub struct Site {
    /// Open it in a browser
    #[arg(long, conflicts_with = "serve")]
    pub open: bool,
    /// Serve it on this machine until Ctrl-C [default: 127.0.0.1:8080]
    #[arg(
        long,
        value_name = "ADDRESS",
        num_args = 0..=1,
        default_missing_value = "127.0.0.1:8080"
    )]
    pub serve: Option<SocketAddr>,
    /// Show the book's own programs too, from this checkout of its public code: for you alone
    #[arg(long, value_name = "DIR")]
    pub with_book: Option<PathBuf>,
    /// Build it into DIR instead
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Run these listings, or all, twenty times each, and record what they print and do
    #[arg(long, value_name = "LISTING", num_args = 0.., exclusive = true)]
    pub record: Option<Vec<String>>,
}

/// The shells that completions support.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs, reason = "they would become help texts")]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// The options of `bench`.
#[derive(Args, Debug, Default)]
pub struct Bench {
    /// Measure only these: part of a comparison's name, a chapter, or a listing's number
    pub filters: Vec<String>,
    /// Few rounds, for a first look
    #[arg(long)]
    pub quick: bool,
    /// Build the programs, but measure nothing
    #[arg(long)]
    pub no_run: bool,
    /// Rounds for each comparison [default: 10, fewer if they take long]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: Option<u32>,
    /// Continue until each interval is this narrow, such as 3%
    #[arg(long, value_name = "PERCENT", value_parser = percent, conflicts_with = "runs")]
    pub precision: Option<f64>,
    /// The maximum time for a comparison [default: 60 s; with --quick 3 s, with --precision 300 s]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub max_time: Option<Duration>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "it would become a help text")]
    pub book: Book,
    /// Show what is slower or faster than in OLD.json, and exit with 1 if something is slower
    #[arg(long, value_name = "OLD.json")]
    pub compare: Option<PathBuf>,
    /// With --compare, compare the times of each program too, not only the speed-ups
    #[arg(long, requires = "compare")]
    pub times: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "it would become a help text")]
    pub outputs: Outputs,
}

/// The book's own programs.
#[derive(Args, Clone, Debug, Default)]
pub struct Book {
    /// Run the book's own programs too, from this checkout of its public code
    #[arg(long = "book", value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// The Python interpreter for --book
    #[arg(long, value_name = "PATH", default_value = "python3")]
    pub python: PathBuf,
}

/// The options of `scale`.
#[derive(Args, Debug, Default)]
pub struct Scale {
    /// Measure only these: part of a curve's name, a chapter, or a listing's number
    pub filters: Vec<String>,
    /// One run for each point, without the large counts
    #[arg(long)]
    pub quick: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "it would become a help text")]
    pub outputs: Outputs,
}

/// The options of `results`.
#[derive(Args, Debug)]
pub struct Results {
    /// Few rounds and short curves, for a first look
    #[arg(long)]
    pub quick: bool,
    /// Continue each comparison until its intervals are this narrow
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "5%")]
    pub precision: f64,
    /// The maximum time for a comparison
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "120")]
    pub max_time: Duration,
    /// Start over, even if an earlier run was interrupted
    #[arg(long)]
    pub restart: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "it would become a help text")]
    pub book: Book,
    /// Read the comparisons from the output of `bench --json`, instead of measuring
    #[arg(long, value_name = "FILE")]
    pub bench: Option<PathBuf>,
    /// Read the curves from the output of `scale --json`, instead of measuring
    #[arg(long, value_name = "FILE")]
    pub scale: Option<PathBuf>,
}

/// The options of `timeline`.
#[derive(Args, Debug)]
pub struct Timeline {
    /// The listing's number, or part of its name
    pub listing: String,
    /// The listing's arguments
    pub args: Vec<String>,
    /// Draw the timeline as SVG to FILE instead
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Write the timeline to FILE in Chrome's trace format instead, for Perfetto or
    /// chrome://tracing
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// Where the results go.
#[derive(Args, Clone, Debug, Default)]
pub struct Outputs {
    /// Write every measurement as JSON to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub json: Option<PathBuf>,
    /// Write the table as CSV to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub csv: Option<PathBuf>,
    /// Write the table as Markdown to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub markdown: Option<PathBuf>,
    /// Draw the figure as SVG to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub svg: Option<PathBuf>,
}

/// Reads `3%`, `3` and `0.5%` as fractions.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    match number.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= 100.0 => Ok(number / 100.0),
        _ => Err("it must be a percentage above 0, such as 3%".to_owned()),
    }
}

/// Reads `90`, `90s` and `2m`.
fn seconds(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60.0),
        None => (text.strip_suffix('s').unwrap_or(text), 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number < 1e6 => Ok(Duration::from_secs_f64(number * unit)),
        _ => Err("it must be a time above 0, such as 90, 90s or 2m".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn percentages_and_times_are_read_in_their_forms() {
        assert_eq!(percent("3%"), Ok(0.03));
        assert_eq!(percent("3"), Ok(0.03));
        assert_eq!(seconds("90"), Ok(Duration::from_secs(90)));
        assert_eq!(seconds("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(seconds("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "x", "-1", "0", "NaN", "101"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "x", "-1", "0", "NaN", "inf", "1h"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
