//! Runs listings to record what they print and what their tasks do.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::iter;
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::Value;
use sha2::{Digest, Sha256};
use util_testing::hear_interrupts;
use walkdir::WalkDir;
use xtask::build::{Built, build};
use xtask::source::rust_code;
use xtask::workspace::{Chapter, Kind, Listing, Workspace, parse_number};
use xtask_report::text::shorten;
use xtask_report::timeline::{Poll, Timeline};

use crate::compare::{Printed, compare};
use crate::recording::{Recording, Source};
use crate::running::{Running, now};
use crate::sessions::{Session, Sessions, Step};
use crate::terminal;
use crate::threads::Watcher;
use crate::timeline::ROWS;

/// How often each listing runs.
const RUNS: usize = 20;

/// A listing whose tasks run less than this part of its time waits.
const IDLE: f64 = 0.1;

/// At most this many lines of a run are kept.
const LINES: usize = 150;

/// At most this many characters of a line are kept.
const WIDEST: usize = 200;

/// At most this many runs of tasks are drawn.
const POLLS: usize = 300;

/// Two runs of a task are drawn as one if they are closer than the whole divided by this.
const APART: u64 = 500;

/// Records the listings that `wanted` names by their numbers, binaries or chapters, or all.
///
/// # Errors
/// If they do not build, one does not run as its session says, or a file cannot be written.
pub fn record(workspace: &Workspace, wanted: &[String]) -> anyhow::Result<()> {
    let sessions = Sessions::read(workspace)?;
    let binaries = workspace.listings().filter_map(|(chapter, listing)| {
        let binary = listing.binary.as_deref()?;
        let is_number =
            |it: &str| parse_number(it).is_some_and(|it| listing.header.number == Some(it));
        let is_it = |it: &String| it == binary || is_number(it) || chapter.is_called(it);
        (wanted.is_empty() || wanted.iter().any(is_it)).then_some((chapter, listing, binary))
    });
    let binaries: Vec<(&Chapter, &Listing, &str)> = binaries.collect();
    let names = wanted.join(" or ");
    ensure!(!binaries.is_empty(), "no listing is called {names}");
    // What sessions need beside them is built with them.
    let names = binaries.iter().map(|(_, _, binary)| *binary);
    let built = build(workspace, names.chain(sessions.servers()), false)?;
    hear_interrupts()?;
    let mut failed = 0;
    for (chapter, listing, binary) in binaries {
        let recorded = Recorder {
            built: &built,
            session: &sessions.of(binary),
            kind: listing.notes.kind,
            binary,
        }
        .record();
        let written = recorded.and_then(|recording| {
            eprintln!(
                "{binary}: {} lines, {} orders",
                recording.lines.len(),
                recording.orders
            );
            let code = code_hash(workspace, chapter, listing)?;
            Recording { code, ..recording }.write(&workspace.root, binary)
        });
        if let Err(error) = written {
            // The others are worth having.
            eprintln!("error: {binary}: {error:#}");
            failed += 1;
        }
    }
    ensure!(failed == 0, "{failed} listings could not be recorded");
    Ok(())
}

/// A hash of a listing's code, together with its chapter's library and `util`,
/// without comments.
///
/// # Errors
/// If a source cannot be read.
pub fn code_hash(
    workspace: &Workspace,
    chapter: &Chapter,
    listing: &Listing,
) -> anyhow::Result<String> {
    let mut sources = vec![listing.path.clone()];
    for package in [&*chapter.name, "util"] {
        let files = WalkDir::new(workspace.root.join(package).join("src")).sort_by_file_name();
        let files = files.into_iter();
        for file in files.filter_entry(|entry| entry.file_name() != "bin") {
            sources.push(file?.into_path());
        }
    }
    sources.retain(|path| path.extension().is_some_and(|it| it == "rs"));
    let mut hash = Sha256::new();
    for source in sources {
        let text = fs::read_to_string(&source)
            .with_context(|| format!("cannot read {}", source.display()))?;
        let code = rust_code(&text);
        for line in code.lines().map(str::trim).filter(|line| !line.is_empty()) {
            hash.update(line);
        }
    }
    let hash = hash.finalize();
    let digits = hash.iter().take(8).map(|byte| format!("{byte:02x}"));
    Ok(digits.collect())
}

/// Runs a listing as its session says.
#[derive(Clone, Copy)]
pub struct Recorder<'a> {
    /// The listing and the servers beside it.
    pub built: &'a Built,
    /// What it is told.
    pub session: &'a Session,
    /// What kind of program it is.
    pub kind: Kind,
    /// Its binary.
    pub binary: &'a str,
}

/// One run of a listing.
#[derive(Debug)]
pub struct Run {
    /// What it printed, and what it was told.
    pub printed: Vec<Printed>,
    status: i32,
    timeline: Option<Timeline>,
    /// Whether the timeline is of threads and processes, seen from outside.
    is_watched: bool,
}

impl Recorder<'_> {
    /// Runs it [`RUNS`] times; its recording has no hash yet.
    fn record(&self) -> anyhow::Result<Recording> {
        // The first run is shown: nothing else runs beside it.
        let first = self.run(true)?;
        // Listings that only wait do not disturb each other.
        let talks = self.kind != Kind::Runs || !self.session.steps.is_empty();
        let waits = first.timeline.as_ref().is_some_and(waits);
        let at_once = if waits && !talks { RUNS } else { 1 };
        let pool = ThreadPoolBuilder::new().num_threads(at_once).build()?;
        let others = (1..RUNS).into_par_iter().map(|_| self.run(false));
        let others = pool.install(|| others.collect::<anyhow::Result<Vec<Run>>>())?;
        let runs = iter::once(&first).chain(&others);
        let mut runs: Vec<Vec<Printed>> = runs.map(|run| run.printed.clone()).collect();
        let left_out = runs[0].len().saturating_sub(LINES);
        for run in &mut runs {
            run.truncate(LINES);
        }
        let (lines, orders) = compare(&runs);
        Ok(Recording {
            code: String::new(),
            runs: runs.len(),
            orders,
            status: first.status,
            lines,
            left_out,
            is_watched: first.is_watched && first.timeline.is_some(),
            timeline: first.timeline,
        })
    }

    /// Runs it once.
    ///
    /// # Errors
    /// If it cannot be started, does not end, or does not do what the session waits for.
    pub fn run(&self, with_timeline: bool) -> anyhow::Result<Run> {
        let file = tempfile::NamedTempFile::new()?;
        let mut command = util_testing::command(self.built.path(self.binary)?);
        if with_timeline {
            command.env("TIMELINE", file.path());
        }
        // A partner's address is not known before it runs.
        let partner = self.session.server.as_deref();
        let partner = partner.map(|server| Running::start_server(self.built.path(server)?));
        let partner = partner.transpose()?;
        let address = partner
            .as_ref()
            .map_or(Ok(String::new()), Running::address)?;
        let arguments = self.session.args.iter();
        command.args(arguments.map(|argument| argument.replace("{server}", &address)));
        let started = now() * 1000;
        let (mut printed, status, watcher) = match self.kind {
            Kind::Terminal => {
                let (printed, status) = terminal::run(&command, self.session)?;
                (printed, status, None)
            }
            _ => self.run_steps(command, with_timeline)?,
        };
        if let Some(partner) = partner {
            // It may have ended when its only client left.
            let _ = partner.interrupt();
            partner.wait()?;
        }
        let text = fs::read_to_string(file.path())?;
        let begun = begun(&text).unwrap_or(started);
        for line in &mut printed {
            line.at = line.at.saturating_sub(begun / 1000);
            line.text = shorten(&line.text, WIDEST);
        }
        let recorded = Some(Timeline::read(&text)).filter(|it| !it.rows.is_empty());
        let is_watched = recorded.is_none();
        let watched = watcher.and_then(|it| it.finish(begun));
        let timeline = recorded.or(watched).map(thinned);
        Ok(Run {
            printed,
            status,
            timeline,
            is_watched,
        })
    }

    /// Runs it without a terminal, with clients where its session has some.
    fn run_steps(
        &self,
        mut command: Command,
        is_watched: bool,
    ) -> anyhow::Result<(Vec<Printed>, i32, Option<Watcher>)> {
        let serves = self.kind == Kind::Server;
        if serves {
            command.arg("127.0.0.1:0");
        }
        let mut running = Running::start(command)?;
        let watcher = is_watched.then(|| Watcher::start(running.id()));
        let mut clients: BTreeMap<&str, TcpStream> = BTreeMap::new();
        let mut heard = 0;
        if serves {
            heard = running.wait_for("Listening on ", 0)?;
        }
        for step in &self.session.steps {
            match step {
                Step::Connect(name) => {
                    let stream = TcpStream::connect(running.address()?)?;
                    running.read(stream.try_clone()?, Source::Received, format!("{name}: "));
                    clients.insert(name, stream);
                }
                Step::Send(name, text) => {
                    let client = clients.get_mut(name.as_str());
                    let client = client.with_context(|| format!("{name} is not connected"))?;
                    running.say(Source::Sent, format!("{name}: {}", text.escape_debug()));
                    client.write_all(text.as_bytes())?;
                }
                Step::Close(name) => {
                    running.say(Source::Sent, format!("{name} closes the connection"));
                    let client = clients.remove(name.as_str());
                    // The reader has a copy of the socket, so dropping this one does not close it.
                    let closed = client.map(|client| client.shutdown(Shutdown::Both));
                    closed.transpose()?;
                }
                Step::Wait(text) => heard = running.wait_for(text, heard)?,
                Step::Pause(milliseconds) => thread::sleep(Duration::from_millis(*milliseconds)),
                Step::Interrupt => {
                    running.say(Source::Sent, "Ctrl-C".to_owned());
                    running.interrupt()?;
                }
                Step::Keys(_) | Step::Screen(_) => bail!("keys and screens need a terminal"),
            }
        }
        let (printed, status) = running.wait()?;
        Ok((printed, status, watcher))
    }
}

/// Whether the tasks of a run hardly ran.
fn waits(timeline: &Timeline) -> bool {
    let outer = timeline.rows.iter().filter(|row| row.depth == 0);
    let ran: u64 = outer.map(|row| row.ran()).sum();
    (ran as f64) < IDLE * timeline.end as f64
}

/// When the listing's recorder began, in nanoseconds since 1970. Its times count from there.
fn begun(timeline: &str) -> Option<u64> {
    let begin: Value = serde_json::from_str(timeline.lines().next()?).ok()?;
    begin["unix"].as_u64()
}

/// Leaves out the rows that there is no room for, and pauses too short to be seen.
fn thinned(mut timeline: Timeline) -> Timeline {
    timeline.rows.truncate(ROWS);
    let mut apart = timeline.end / APART;
    while apart < timeline.end {
        for row in &mut timeline.rows {
            row.polls = joined(&row.polls, apart);
        }
        let polls: usize = timeline.rows.iter().map(|row| row.polls.len()).sum();
        if polls <= POLLS {
            break;
        }
        apart *= 2;
    }
    timeline
}

/// Runs of a task with the pauses up to `apart` left out. A run keeps the thread it began on.
fn joined(polls: &[Poll], apart: u64) -> Vec<Poll> {
    let mut joined: Vec<Poll> = Vec::new();
    for poll in polls {
        match joined.last_mut() {
            Some(last) if poll.from <= last.to + apart => last.to = poll.to,
            _ => joined.push(*poll),
        }
    }
    joined
}
