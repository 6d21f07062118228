//! Runs listings to record what they print and what their tasks do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::iter;
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use sha2::{Digest, Sha256};
use util_testing::hear_interrupts;
use walkdir::WalkDir;
use xtask::build::{Built, build};
use xtask::output::read;
use xtask::source::rust_code;
use xtask::what_if::{Experiment, experiments};
use xtask::workspace::{Chapter, Kind, Listing, Workspace, parse_number};
use xtask_report::text::shorten;
use xtask_report::timeline::{Poll, Span, Timeline};

use crate::compare::{Printed, compare};
use crate::recording::{Recording, Source};
use crate::running::{Running, now};
use crate::sessions::{Session, Sessions, Step};
use crate::terminal;
use crate::threads::Watcher;
use crate::timeline::ROWS;
use crate::what_if;

/// How often each listing runs.
const RUNS: usize = 20;

/// A listing whose tasks run less than this part of its time waits.
const IDLE: f64 = 0.1;

/// At most this many lines of a run are kept: of its begin, and of its end.
pub const HEAD: usize = 100;
const TAIL: usize = 50;

/// The exit code of a program that was killed.
pub const KILLED: i32 = 128 + 9;

/// At most this many characters of a line are kept.
const WIDEST: usize = 200;

/// At most this many runs of tasks are drawn.
const POLLS: usize = 300;

/// This many rows that begin and end together become one; together means within the whole divided
/// by this.
const MANY: usize = 10;
const TOGETHER: u64 = 10;

/// Two runs of a task are drawn as one if they are closer than the whole divided by this.
const APART: u64 = 500;

/// Records the listings that `wanted` names by their numbers, binaries or chapters, with their
/// experiments, or experiments by parts of their files' names, or everything.
///
/// # Errors
/// If they do not build, one does not run as its session says, or a file cannot be written.
pub fn record(workspace: &Workspace, wanted: &[String]) -> anyhow::Result<()> {
    let is_wanted = |chapter: &Chapter, listing: &Listing| {
        let is_it = |it: &String| {
            let number = parse_number(it).filter(|it| listing.header.number == Some(*it));
            number.is_some() || it == listing.name() || chapter.is_called(it)
        };
        wanted.is_empty() || wanted.iter().any(is_it)
    };
    let mut listings: Vec<(&Chapter, &Listing)> = workspace.listings().collect();
    listings.retain(|(chapter, it)| it.binary.is_some() && is_wanted(chapter, it));
    let experiments = experiments(workspace)?;
    let mut experiments: Vec<&Experiment> = experiments.iter().collect();
    experiments.retain(|it| {
        let is_named = wanted.iter().any(|part| it.path.contains(part));
        what_if::is_recorded(it) && (is_named || is_wanted(it.chapter, it.listing))
    });
    let found = !listings.is_empty() || !experiments.is_empty();
    ensure!(found, "no listing is called {}", wanted.join(" or "));
    hear_interrupts()?;
    let mut failed = 0;
    let mut keep = |name: &str, recorded: anyhow::Result<Recording>| {
        eprintln!("{name}");
        let written = recorded.and_then(|it| it.write(&workspace.root, name));
        if let Err(error) = written {
            // The others are worth having.
            eprintln!("error: {error:#}");
            failed += 1;
        }
    };
    let sessions = Sessions::read(workspace)?;
    if !listings.is_empty() {
        // What sessions need beside them is built with them.
        let names = listings.iter().map(|(_, listing)| listing.name());
        let built = build(workspace, names.chain(sessions.servers()), false)?;
        let recorder = Recorder::new(&built, &sessions, None);
        for (chapter, listing) in listings {
            let code = code_hash(workspace, chapter, listing)?;
            keep(listing.name(), recorder.record(listing, code, RUNS));
        }
    }
    what_if::recorded(workspace, &sessions, experiments, &mut keep)?;
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
    hash_of(&sources, "")
}

/// A hash of the code in `sources`, without comments, and of `more`.
pub(crate) fn hash_of(sources: &[PathBuf], more: &str) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    for source in sources {
        let code = rust_code(&read(source)?);
        for line in code.lines().map(str::trim).filter(|line| !line.is_empty()) {
            hash.update(line);
        }
    }
    hash.update(more);
    let hash = hash.finalize();
    let digits = hash.iter().take(8).map(|byte| format!("{byte:02x}"));
    Ok(digits.collect())
}

/// Runs listings as their sessions say.
#[derive(Clone, Copy)]
pub struct Recorder<'a> {
    built: &'a Built,
    sessions: &'a Sessions,
    limit: Option<Duration>,
}

/// What a program printed, its exit code, and who watched it.
pub type Ran = (Vec<Printed>, i32, Option<Watcher>);

/// One run of a listing.
#[derive(Debug)]
pub struct Run {
    /// What it printed, and what it was told.
    pub printed: Vec<Printed>,
    status: i32,
    timeline: Option<Timeline>,
}

impl<'a> Recorder<'a> {
    /// Runs what was built: listings, and the servers beside them. A program is stopped after
    /// `limit`; without it, it must end by itself.
    pub fn new(built: &'a Built, sessions: &'a Sessions, limit: Option<Duration>) -> Self {
        Self {
            built,
            sessions,
            limit,
        }
    }

    /// Runs a listing so often; `code` is the hash of what runs.
    ///
    /// # Errors
    /// If one of the runs fails.
    pub fn record(
        &self,
        listing: &Listing,
        code: String,
        runs: usize,
    ) -> anyhow::Result<Recording> {
        // The first run is shown: nothing else runs beside it.
        let first = self.run(listing, true)?;
        let count = if first.status == KILLED { 1 } else { runs };
        // Listings that only wait do not disturb each other.
        let session = self.sessions.of(listing.name());
        let talks = listing.kind() != Kind::Runs || !session.steps.is_empty();
        let waits = first.timeline.as_ref().is_some_and(waits);
        let at_once = if waits && !talks { count } else { 1 };
        let pool = ThreadPoolBuilder::new().num_threads(at_once).build()?;
        let others = (1..count).into_par_iter().map(|_| self.run(listing, false));
        let others = pool.install(|| others.collect::<anyhow::Result<Vec<Run>>>())?;
        let runs = iter::once(&first).chain(&others);
        let mut runs: Vec<Vec<Printed>> = runs.map(|run| run.printed.clone()).collect();
        let more = |run: &Vec<Printed>| run.len().saturating_sub(HEAD + TAIL);
        let left_out = more(&runs[0]);
        for run in runs.iter_mut().filter(|run| more(run) > 0) {
            run.drain(HEAD..HEAD + more(run));
        }
        let (lines, orders) = compare(&runs);
        Ok(Recording {
            code,
            runs: runs.len(),
            orders,
            status: first.status,
            lines,
            left_out,
            timeline: first.timeline,
        })
    }

    /// Runs it once.
    ///
    /// # Errors
    /// If it cannot be started, does not end, or does not do what the session waits for.
    pub fn run(&self, listing: &Listing, with_timeline: bool) -> anyhow::Result<Run> {
        let session = &self.sessions.of(listing.name());
        let file = tempfile::NamedTempFile::new()?;
        let mut command = util_testing::command(self.built.path(listing.name())?);
        if with_timeline {
            command.env("TIMELINE", file.path());
        }
        // A partner's address is not known before it runs.
        let partner = session.server.as_deref();
        let partner = partner.map(|server| Running::start_server(self.built.path(server)?));
        let partner = partner.transpose()?;
        let address = partner.as_ref().map(Running::address).transpose()?;
        let address = address.unwrap_or_default();
        let arguments = session.args.iter();
        command.args(arguments.map(|argument| argument.replace("{server}", &address)));
        let started = now() * 1000;
        let watched_from = with_timeline.then_some(started);
        let (mut printed, status, watcher) = match listing.kind() {
            Kind::Terminal => terminal::run(&command, session)?,
            kind => self.run_steps(command, kind == Kind::Server, session, watched_from)?,
        };
        if let Some(partner) = partner {
            // It may have ended when its only client left.
            let _ = partner.interrupt();
            partner.wait(None)?;
        }
        let text = fs::read_to_string(file.path())?;
        let begun = begun(&text).unwrap_or(started);
        for line in &mut printed {
            line.at = line.at.saturating_sub(begun / 1000);
            line.text = shorten(&line.text, WIDEST);
        }
        let recorded = Some(Timeline::read(&text)).filter(|it| !it.rows.is_empty());
        let watched = watcher.and_then(Watcher::finish);
        Ok(Run {
            printed,
            status,
            timeline: recorded.or(watched).map(thinned),
        })
    }

    /// Runs a program without a terminal, with clients where its session has some.
    fn run_steps(
        &self,
        mut command: Command,
        serves: bool,
        session: &Session,
        watched_from: Option<u64>,
    ) -> anyhow::Result<Ran> {
        if serves {
            command.arg("127.0.0.1:0");
        }
        let mut running = Running::start(command)?;
        let watcher = watched_from.map(|begun| Watcher::start(running.id(), begun));
        let mut clients: BTreeMap<&str, TcpStream> = BTreeMap::new();
        let mut heard = 0;
        if serves {
            heard = running.wait_for("Listening on ", 0)?;
        }
        for step in &session.steps {
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
        let (printed, status) = running.wait(self.limit)?;
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
    timeline
        .lines()
        .next()?
        .strip_prefix("begin ")?
        .parse()
        .ok()
}

/// Leaves out the rows that there is no room for, and pauses too short to be seen.
fn thinned(mut timeline: Timeline) -> Timeline {
    band(&mut timeline);
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

/// Makes one row of many that begin and end together, with their number.
fn band(timeline: &mut Timeline) {
    let (rows, end) = (&mut timeline.rows, timeline.end);
    let close = |row: &Span| row.close.unwrap_or(end);
    let near = |a: u64, b: u64| a.abs_diff(b) <= end / TOGETHER;
    // Threads without a name have numbers.
    let is_number = |c: char| " 0123456789".contains(c);
    let mut bands: Vec<Vec<usize>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let is_like = |band: &&mut Vec<usize>| {
            let first = &rows[band[0]];
            let [a, b] = [first, row].map(|it| (it.depth, it.name.trim_end_matches(is_number)));
            a == b && near(first.open, row.open) && near(close(first), close(row))
        };
        match bands.iter_mut().find(is_like) {
            Some(band) => band.push(index),
            None => bands.push(vec![index]),
        }
    }
    let mut merged = BTreeSet::<usize>::new();
    for band in bands.iter().filter(|band| band.len() >= MANY) {
        let polls = band.iter().flat_map(|row| &rows[*row].polls);
        let mut polls: Vec<Poll> = polls.copied().collect();
        polls.sort_by_key(|poll| poll.from);
        let last = band.iter().map(|row| rows[*row].close).max();
        let first = &mut rows[band[0]];
        let name = first.name.trim_end_matches(is_number);
        first.name = format!("{name} × {}", band.len());
        (first.close, first.polls) = (last.flatten(), joined(&polls, 0));
        merged.extend(&band[1..]);
    }
    let mut indices = 0..;
    rows.retain(|_| indices.next().is_none_or(|it| !merged.contains(&it)));
}

/// Runs of a task with the pauses up to `apart` left out. A run keeps the thread it began on.
fn joined(polls: &[Poll], apart: u64) -> Vec<Poll> {
    let mut joined: Vec<Poll> = Vec::new();
    for poll in polls {
        match joined.last_mut() {
            Some(last) if poll.from <= last.to + apart => last.to = last.to.max(poll.to),
            _ => joined.push(*poll),
        }
    }
    joined
}
