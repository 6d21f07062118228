//! A listing's recorded runs, as small text files that a diff can show.
//!
//! ```text
//! code 6b1f0c5d9a3e7724
//! runs 20
//! orders 2
//! status 0
//!
//!      0.412 o  sleeping for 3 second(s)
//!   3001.080 o~ finished sleeping in ⟨3.0006⟩ second(s)
//!
//! timeline 3002100 main
//! 0 400 3002000 delay(seconds=3): 0 400-453 0 3001900-3002000
//! ```
//!
//! A line of output has its time in milliseconds, a letter for its stream, a mark if its place
//! moves, and its text, with brackets around what varies. A row of the timeline has its depth, its
//! beginning and end in microseconds (`-` if it did not end), its name, and the times when it ran.
//! A timeline of threads and processes that were watched from outside begins with `threads` instead.
//! Each time comes after the thread's place in the first line's list.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};
use xtask::timeline::{Poll, Span, Timeline};

/// The brackets around what varies from run to run.
pub const VARIES: [char; 2] = ['⟨', '⟩'];

/// At most this many rows of a timeline are kept.
pub const ROWS: usize = 48;

/// How a timeline of tasks begins, and one of threads that were watched.
const RECORDED: &str = "timeline";
const WATCHED: &str = "threads";

/// What a listing does, from several runs.
#[derive(Debug, Default, PartialEq)]
pub struct Recording {
    /// A hash of the code that ran.
    pub code: String,
    /// How often it ran.
    pub runs: usize,
    /// In how many orders its lines came.
    pub orders: usize,
    /// The exit code of the first run, or 128 plus the number of the signal that ended it.
    pub status: i32,
    /// What the first run printed.
    pub lines: Vec<Line>,
    /// How many lines more it printed.
    pub left_out: usize,
    /// What its tasks did, in the first run.
    pub timeline: Option<Timeline>,
    /// Whether the timeline is of threads and processes, seen from outside.
    pub is_watched: bool,
}

/// A line of a first run.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Microseconds since recording began.
    pub at: u64,
    /// Where it comes from.
    pub source: Source,
    /// Its place in other runs.
    pub place: Place,
    /// Its text, with [`VARIES`] around what varies.
    pub text: String,
}

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The listing's standard output.
    Output,
    /// The listing's standard error.
    Error,
    /// What somebody sent to the listing, or typed.
    Sent,
    /// What somebody received from the listing.
    Received,
    /// Says what the screen below shows.
    Caption,
    /// A row of a terminal's screen.
    Screen,
}

/// The place of a line in other runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It comes in the same order.
    Fixed,
    /// Others come before it in one run and after it in another.
    Moves,
    /// Some runs do not print it.
    Missing,
}

/// The letters of the sources in a file.
const SOURCES: [(Source, char); 6] = [
    (Source::Output, 'o'),
    (Source::Error, 'e'),
    (Source::Sent, '>'),
    (Source::Received, '<'),
    (Source::Caption, '#'),
    (Source::Screen, '|'),
];

/// The letters of the places.
const PLACES: [(Place, char); 3] = [
    (Place::Fixed, ' '),
    (Place::Moves, '~'),
    (Place::Missing, '?'),
];

impl Line {
    /// Its text as the first run printed it.
    pub fn plain(&self) -> String {
        self.text.replace(VARIES, "")
    }
}

impl Display for Recording {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Self { code, runs, .. } = self;
        let (orders, status) = (self.orders, self.status);
        writeln!(
            f,
            "code {code}\nruns {runs}\norders {orders}\nstatus {status}\n"
        )?;
        for line in &self.lines {
            let source = letter(&SOURCES, line.source);
            let place = letter(&PLACES, line.place);
            let text = format!("{source}{place} {}", line.text);
            writeln!(f, "{:>10.3} {}", line.at as f64 / 1e3, text.trim_end())?;
        }
        if self.left_out > 0 {
            writeln!(f, "left out {}", self.left_out)?;
        }
        if let Some(timeline) = &self.timeline {
            writeln!(f)?;
            let kind = if self.is_watched { WATCHED } else { RECORDED };
            write_timeline(f, kind, timeline)?;
        }
        Ok(())
    }
}

fn write_timeline(f: &mut Formatter, kind: &str, timeline: &Timeline) -> fmt::Result {
    write!(f, "{kind} {}", timeline.end / 1000)?;
    for thread in &timeline.threads {
        write!(f, " {}", thread.replace(' ', "_"))?;
    }
    writeln!(f)?;
    for row in &timeline.rows {
        let close = row.close.map_or("-".into(), |at| (at / 1000).to_string());
        write!(f, "{} {} {close} {}:", row.depth, row.open / 1000, row.name)?;
        for poll in &row.polls {
            write!(
                f,
                " {} {}-{}",
                poll.thread,
                poll.from / 1000,
                poll.to / 1000
            )?;
        }
        writeln!(f)?;
    }
    Ok(())
}

fn letter<T: PartialEq>(letters: &[(T, char)], wanted: T) -> char {
    let found = letters.iter().find(|(value, _)| *value == wanted);
    found.map_or(' ', |(_, letter)| *letter)
}

fn value<T: Copy>(letters: &[(T, char)], wanted: Option<char>) -> anyhow::Result<T> {
    let found = letters.iter().find(|(_, letter)| Some(*letter) == wanted);
    let (value, _) = found.with_context(|| format!("unknown letter {wanted:?}"))?;
    Ok(*value)
}

impl FromStr for Recording {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut recording = Self::default();
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let (word, first) = line.split_once(' ').unwrap_or((line, ""));
            if word == RECORDED || word == WATCHED {
                recording.is_watched = word == WATCHED;
                let rows = lines.by_ref().map(|(_, row)| row);
                recording.timeline = Some(read_timeline(first, rows).context("in the timeline")?);
            } else if !line.is_empty() {
                let read = recording.read_line(line);
                read.with_context(|| format!("line {}: {line}", number + 1))?;
            }
        }
        Ok(recording)
    }
}

/// Where the recording of `binary` is kept, in the workspace whose top folder is `root`.
pub fn path(root: &Path, binary: &str) -> PathBuf {
    root.join(format!("xtask/site/recordings/{binary}.txt"))
}

impl Recording {
    /// The recording of `binary`, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(root: &Path, binary: &str) -> anyhow::Result<Option<Self>> {
        let path = path(root, binary);
        if !path.is_file() {
            return Ok(None);
        }
        let read = || fs::read_to_string(&path)?.parse();
        let recording = read().with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Some(recording))
    }

    fn read_line(&mut self, line: &str) -> anyhow::Result<()> {
        let (first, rest) = line.trim_start().split_once(' ').context("too short")?;
        match first {
            "code" => self.code = rest.to_owned(),
            "runs" => self.runs = rest.parse()?,
            "orders" => self.orders = rest.parse()?,
            "status" => self.status = rest.parse()?,
            "left" => self.left_out = rest.trim_start_matches("out ").parse()?,
            at => {
                let mut letters = rest.chars();
                self.lines.push(Line {
                    at: (at.parse::<f64>()? * 1e3).round() as u64,
                    source: value(&SOURCES, letters.next())?,
                    place: value(&PLACES, letters.next().or(Some(' ')))?,
                    text: letters.as_str().strip_prefix(' ').unwrap_or("").to_owned(),
                });
            }
        }
        Ok(())
    }
}

fn read_timeline<'a>(first: &str, rows: impl Iterator<Item = &'a str>) -> anyhow::Result<Timeline> {
    let mut words = first.split(' ');
    let end = microseconds(words.next())?;
    let threads = words.map(|word| word.replace('_', " ")).collect();
    let rows = rows.map(read_row).collect::<anyhow::Result<_>>()?;
    Ok(Timeline { rows, threads, end })
}

fn read_row(row: &str) -> anyhow::Result<Span> {
    let (head, polls) = row.rsplit_once(':').context("a row without times")?;
    let mut words = head.splitn(4, ' ');
    let depth = words.next().unwrap_or_default().parse()?;
    let open = microseconds(words.next())?;
    let close = match words.next() {
        Some("-") => None,
        close => Some(microseconds(close)?),
    };
    let name = words.next().context("a row without a name")?.to_owned();
    let polls: Vec<&str> = polls.split_whitespace().collect();
    let polls = polls.chunks(2).map(|poll| {
        let [thread, times] = poll else {
            bail!("a time without a thread");
        };
        let (from, to) = times.split_once('-').context("a time without an end")?;
        Ok(Poll {
            thread: thread.parse()?,
            from: microseconds(Some(from))?,
            to: microseconds(Some(to))?,
        })
    });
    Ok(Span {
        name,
        depth,
        open,
        close,
        polls: polls.collect::<anyhow::Result<_>>()?,
    })
}

/// Reads microseconds as the nanoseconds of a [`Timeline`].
fn microseconds(word: Option<&str>) -> anyhow::Result<u64> {
    let number: u64 = word.context("a time is missing")?.parse()?;
    Ok(number * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() -> anyhow::Result<()> {
        let text = "code ab\nruns 20\norders 2\nstatus 0\n\n     \
                    0.412 o  two  spaces\n  3001.080 e~ took ⟨3.0006⟩ s\n     \
                    1.000 |\nleft out 5\n\n\
                    timeline 3002100 main worker_2\n\
                    0 400 - delay(at=\"a: b\"): 0 400-453 1 3001900-3002000\n\
                    1 500 600 inner():\n";
        let recording: Recording = text.parse()?;
        assert_eq!(recording.to_string(), text);
        assert_eq!(recording.lines[1].place, Place::Moves);
        assert_eq!(recording.lines[1].plain(), "took 3.0006 s");
        let timeline = recording.timeline.context("a timeline")?;
        assert_eq!(timeline.threads, ["main", "worker 2"]);
        assert_eq!(timeline.rows[0].name, "delay(at=\"a: b\")");
        assert_eq!(timeline.rows[0].polls[1].from, 3_001_900_000);
        Ok(())
    }

    #[test]
    fn what_cannot_be_read_is_an_error_with_its_line() {
        let error = "runs 20\nnonsense x\n".parse::<Recording>();
        let error = error.err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("line 2: nonsense x"));
    }
}
