//! A listing's recorded runs, as lines of JSON that a diff can show: first what holds for all of
//! them, then each line of output, then each row of the timeline.

use std::fs;
use std::mem::take;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use xtask::output::read;
use xtask::output::save;
use xtask_report::timeline::{Span, Timeline};

/// The brackets around what varies from run to run.
pub const VARIES: [char; 2] = ['⟨', '⟩'];

/// What a listing does, from several runs.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Recording {
    /// A hash of the code that ran.
    pub code: String,
    /// How often it ran; never, if these are the compiler's words.
    pub runs: usize,
    /// In how many orders its lines came.
    pub orders: usize,
    /// The exit code of the first run, or 128 plus the number of the signal that ended it.
    pub status: i32,
    /// What the first run printed.
    #[serde(skip)]
    pub lines: Vec<Line>,
    /// How many lines more it printed.
    pub left_out: usize,
    /// What its tasks did in the first run; without threads, it is of threads and processes, seen
    /// from outside.
    pub timeline: Option<Timeline>,
}

/// A line of a first run.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Line {
    /// Microseconds since recording began.
    pub at: u64,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub source: Source,
    /// Its place in other runs.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub place: Place,
    /// Its text, with [`VARIES`] around what varies.
    pub text: String,
}

/// Where a line comes from.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The listing's standard output.
    #[default]
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
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// It comes in the same order.
    #[default]
    Fixed,
    /// Others come before it in one run and after it in another.
    Moves,
    /// Some runs do not print it.
    Missing,
}

/// What a line of the file is, after the first.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Entry {
    Line(Line),
    Row(Span),
}

fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Line {
    /// Its text as the first run printed it.
    pub fn plain(&self) -> String {
        self.text.replace(VARIES, "")
    }
}

impl Recording {
    /// The recording of `binary`, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(root: &Path, binary: &str) -> anyhow::Result<Option<Self>> {
        let path = path(root, binary);
        let text = path.is_file().then(|| read(&path)).transpose()?;
        let recording = text.map(|text| Self::of_text(&text)).transpose();
        recording.with_context(|| format!("in {}", path.display()))
    }

    /// Writes it as the recording of `binary`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(self, root: &Path, binary: &str) -> anyhow::Result<()> {
        let path = path(root, binary);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        save(&path, &self.into_text()?)
    }

    fn of_text(text: &str) -> anyhow::Result<Self> {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let mut recording: Self = serde_json::from_str(first)?;
        for entry in serde_json::Deserializer::from_str(rest).into_iter() {
            match entry? {
                Entry::Line(line) => recording.lines.push(line),
                Entry::Row(row) => {
                    let timeline = recording.timeline.as_mut();
                    timeline.context("a row without a timeline")?.rows.push(row);
                }
            }
        }
        Ok(recording)
    }

    fn into_text(mut self) -> anyhow::Result<String> {
        let rows = self.timeline.as_mut().map(|it| take(&mut it.rows));
        let rows = rows.into_iter().flatten().map(Entry::Row);
        let lines = take(&mut self.lines).into_iter().map(Entry::Line);
        let mut text = serde_json::to_string(&self)?;
        for entry in lines.chain(rows) {
            text += "\n";
            text += &serde_json::to_string(&entry)?;
        }
        Ok(text + "\n")
    }
}

/// Where the recording of `binary` is kept, in the workspace whose top folder is `root`.
fn path(root: &Path, binary: &str) -> PathBuf {
    root.join(format!("xtask/site/recordings/{binary}.jsonl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_and_each_row_is_a_line_of_the_file() -> anyhow::Result<()> {
        let text = [
            r#"{"code":"ab","runs":20,"orders":2,"status":0,"left_out":5,"timeline":{"rows":[],"threads":["main"],"end":500}}"#,
            r#"{"at":412,"text":"two  spaces"}"#,
            r#"{"at":413,"source":"error","place":"moves","text":"took ⟨3.0006⟩ s"}"#,
            r#"{"name":"delay(at=\"a\")","depth":0,"open":400,"close":null,"polls":[{"from":400,"to":453,"thread":0}]}"#,
        ];
        let text = text.join("\n") + "\n";
        let recording = Recording::of_text(&text)?;
        assert_eq!(recording.lines[1].plain(), "took 3.0006 s");
        assert_eq!(recording.into_text()?, text);
        assert!(Recording::of_text("{}\n").is_err());
        Ok(())
    }
}
