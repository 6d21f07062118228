//! Runs listings to record what they print and what their tasks do.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use rustix::process::Signal;
use sha2::{Digest, Sha256};
use util_testing::hear_interrupts;
use xtask::build::{Built, build};
use xtask::output::save;
use xtask::source::rust_code;
use xtask::timeline::{Poll, Timeline};
use xtask::workspace::{Chapter, Listing, Workspace};

use crate::compare::{Printed, compare};
use crate::recording::{self, ROWS, Recording, Source};
use crate::running::Running;
use crate::sessions::{Session, Sessions, Step};
use crate::terminal;
use crate::threads::Watcher;

/// How often each listing runs.
const RUNS: usize = 20;

/// A listing that keeps less of a core busy than this waits most of its time.
const IDLE: f64 = 0.1;

/// At most this many lines of a run are kept.
const LINES: usize = 150;

/// At most this many characters of a line are kept.
const WIDEST: usize = 200;

/// At most this many runs of tasks are drawn.
const POLLS: usize = 300;

/// Two runs of a task are drawn as one if they are closer than the whole divided by this.
const APART: u64 = 500;

/// Variables that a listing must not see.
const ENVIRONMENT: [&str; 6] = [
    "DATABASE_URL",
    "EXAMPLE_LATENCY_MS",
    "EXAMPLE_URL",
    "NGRAMS_FILE",
    "RUST_BACKTRACE",
    "TIMELINE",
];

/// Records the listings that `wanted` names by their numbers, binaries or chapters, or all.
///
/// # Errors
/// If they do not build, one does not run as its session says, or a file cannot be written.
pub fn record(workspace: &Workspace, wanted: &[String]) -> anyhow::Result<()> {
    let sessions = Sessions::read(workspace)?;
    let is_wanted = |chapter: &Chapter, listing: &Listing, binary: &str| {
        let number = listing
            .header
            .number
            .map(|(chapter, number)| format!("{chapter}.{number}"));
        let is_it =
            |it: &String| it == binary || Some(it) == number.as_ref() || chapter.is_called(it);
        wanted.is_empty() || wanted.iter().any(is_it)
    };
    let listings: Vec<(&Chapter, &Listing, &str)> = workspace
        .listings()
        .filter_map(|(chapter, listing)| Some((chapter, listing, listing.binary.as_deref()?)))
        .filter(|(chapter, listing, binary)| is_wanted(chapter, listing, binary))
        .filter(|(_, _, binary)| !sessions.leaves_out(binary))
        .collect();
    ensure!(
        !listings.is_empty(),
        "no listing is called {}",
        wanted.join(" or ")
    );
    // What sessions need beside them is built with them.
    let beside = sessions.servers();
    let binaries = listings.iter().map(|(_, _, binary)| *binary);
    let built = build(workspace, binaries.chain(beside), false)?;
    hear_interrupts()?;
    let mut failed = 0;
    for (chapter, listing, binary) in listings {
        let session = sessions.of(listing, binary);
        let recorded = record_one(&built, &session, listing, binary).and_then(|recording| {
            let code = code_hash(workspace, chapter, listing)?;
            let recording = Recording { code, ..recording };
            let path = recording::path(&workspace.root, binary);
            save(&path, &recording.to_string())?;
            Ok(recording)
        });
        match recorded {
            Ok(it) => eprintln!("{binary}: {} lines, {} orders", it.lines.len(), it.orders),
            Err(error) => {
                // The others are worth having.
                eprintln!("error: {binary}: {error:#}");
                failed += 1;
            }
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
    for folder in [
        workspace.root.join(&chapter.name),
        workspace.root.join("util"),
    ] {
        library(&folder.join("src"), &mut sources)?;
    }
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
    Ok(hash
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// The modules below `folder`, in order; binaries are not among them.
fn library(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()));
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries? {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() && path.file_name().is_some_and(|name| name != "bin") {
            library(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn record_one(
    built: &Built,
    session: &Session,
    listing: &Listing,
    binary: &str,
) -> anyhow::Result<Recording> {
    // The first run is shown: nothing else runs beside it.
    let (before, start) = (children_cpu(), Instant::now());
    let first = run(built, session, binary, true)?;
    let busy = (children_cpu() - before).as_secs_f64() / start.elapsed().as_secs_f64();
    let mut runs = vec![first.printed];
    // Listings that only wait do not disturb each other.
    let waits = listing.notes.takes.is_some() && session.is_plain() && busy < IDLE;
    let at_once = if waits { RUNS } else { 1 };
    while runs.len() < RUNS {
        let count = at_once.min(RUNS - runs.len());
        let more = thread::scope(|scope| {
            let start = |_| scope.spawn(|| run(built, session, binary, false));
            let started: Vec<_> = (0..count).map(start).collect();
            let ended = started.into_iter().map(|run| {
                let run = run.join().map_err(|_| anyhow::anyhow!("a run panicked"))?;
                Ok(run?.printed)
            });
            ended.collect::<anyhow::Result<Vec<_>>>()
        });
        runs.extend(more?);
    }
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

/// The CPU time of all runs so far; none where the system does not tell.
fn children_cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    // The 16th and 17th field of proc(5), in ticks of 10 ms; the name was the second.
    let ticks = fields
        .skip(13)
        .take(2)
        .filter_map(|it| it.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// One run of a listing.
#[derive(Debug)]
pub struct Run {
    /// What it printed, and what it was told.
    pub printed: Vec<Printed>,
    /// Its exit code, or 128 plus the signal that ended it.
    pub status: i32,
    /// What its tasks did.
    pub timeline: Option<Timeline>,
    /// Whether the timeline is of threads and processes, seen from outside.
    pub is_watched: bool,
}

/// Runs a listing with its session.
///
/// # Errors
/// If it cannot be started, does not end, or does not do what the session waits for.
pub fn run(
    built: &Built,
    session: &Session,
    binary: &str,
    with_timeline: bool,
) -> anyhow::Result<Run> {
    let file = tempfile::NamedTempFile::new()?;
    let mut command = Command::new(built.path(binary)?);
    for variable in ENVIRONMENT {
        command.env_remove(variable);
    }
    if with_timeline {
        command.env("TIMELINE", file.path());
    }
    // A partner's address is not known before it runs.
    let partner = session
        .server
        .as_deref()
        .map(|server| Running::start_server(built, server));
    let partner = partner.transpose()?;
    for argument in &session.args {
        match &partner {
            Some(partner) => command.arg(argument.replace("{server}", &partner.address()?)),
            None => command.arg(argument),
        };
    }
    let started = SystemTime::now();
    let (mut printed, status, watcher) = if session.terminal {
        // It panics where the screen does not show what the session waits for.
        let run = || terminal::run(&command, session);
        let ended = panic::catch_unwind(AssertUnwindSafe(run));
        let ended = ended.map_err(|_| anyhow::anyhow!("its session went wrong, as told above"))?;
        let (printed, status) = ended?;
        (printed, status, None)
    } else {
        run_steps(command, session, with_timeline)?
    };
    if let Some(partner) = partner {
        partner.end()?;
    }
    let text = fs::read_to_string(file.path())?;
    let begun = begun(&text).unwrap_or(started);
    let begun = begun.duration_since(UNIX_EPOCH)?;
    let offset = begun.as_micros() as u64;
    for line in &mut printed {
        line.at = line.at.saturating_sub(offset);
        if let Some((end, _)) = line.text.char_indices().nth(WIDEST) {
            line.text.truncate(end);
            line.text.push('…');
        }
    }
    let recorded = Some(Timeline::read(&text)).filter(|it| !it.rows.is_empty());
    let is_watched = recorded.is_none();
    let watched = watcher.and_then(|it| it.finish(begun.as_nanos() as u64));
    let timeline = recorded.or(watched).map(shorten);
    Ok(Run {
        printed,
        status,
        timeline,
        is_watched,
    })
}

/// When the listing's recorder began. Its times count from there.
fn begun(timeline: &str) -> Option<SystemTime> {
    let (_, rest) = timeline.lines().next()?.split_once("\"unix\":")?;
    let nanoseconds = rest.trim_end_matches('}').parse().ok()?;
    Some(UNIX_EPOCH + Duration::from_nanos(nanoseconds))
}

/// Leaves out the rows that there is no room for, and pauses too short to be seen.
fn shorten(mut timeline: Timeline) -> Timeline {
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
            Some(last) if poll.from <= last.to + apart => {
                last.to = poll.to;
            }
            _ => joined.push(*poll),
        }
    }
    joined
}

/// Runs a listing without a terminal, with clients where its session has some.
fn run_steps(
    mut command: Command,
    session: &Session,
    is_watched: bool,
) -> anyhow::Result<(Vec<Printed>, i32, Option<Watcher>)> {
    if session.serves {
        command.arg("127.0.0.1:0");
    }
    let mut running = Running::start(command)?;
    let watcher = is_watched.then(|| Watcher::start(running.id()));
    let mut clients: BTreeMap<&str, TcpStream> = BTreeMap::new();
    let mut heard = 0;
    if session.serves {
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
                running.signal(Signal::INT)?;
            }
            Step::Keys(_) | Step::Screen(_) => bail!("keys and screens need a terminal"),
        }
    }
    let (printed, status) = running.wait()?;
    Ok((printed, status, watcher))
}
