//! Servers under load: the same clients play ping-pong with each of a chapter's servers, and with
//! the same server in other languages where those are installed.
//!
//! A chapter owns its comparison, in its manifest:
//!
//! ```toml
//! [[package.metadata.load]]
//! name = "echo"
//! lesson = "What it teaches, in a sentence."
//! servers = ["listing_3_07_selector", "listing_3_08_async_echo"]
//! args = ["quiet"]                        # after the address
//! peers = ["echo_epoll.c", "echo.go", "echo.py", "echo.py uvloop"]
//! connections = [1, 50, 1000]
//! ```

mod server;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use comfy_table::{CellAlignment, Table};
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use xtask_load::chat::Room;
use xtask_load::echo::Clients;

pub use self::server::prepare_peer;
use self::server::{Program, Running, on_core};
use crate::bench::markdown_table;
use crate::bench::stats::median;

/// A comparison of servers, as its chapter's manifest states it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches, in a sentence.
    pub lesson: Option<String>,
    /// The chapter's binaries that serve.
    pub servers: Vec<String>,
    /// The arguments that those take after the address.
    #[serde(default)]
    pub args: Vec<String>,
    /// Files in `xtask/peers`, each optionally with arguments.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The numbers of connections to measure at.
    pub connections: Vec<usize>,
    /// The numbers of connections for `cargo xtask scale`.
    #[serde(default)]
    pub scale: Vec<usize>,
    /// What the clients do.
    #[serde(default)]
    pub clients: Behaviour,
}

/// What the clients of a comparison do.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Behaviour {
    /// Each sends a message and waits for its echo.
    #[default]
    Echo,
    /// Each speaks in a chat room, and hears everybody.
    Chat,
}

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often each server is measured at each number of connections.
    pub rounds: usize,
    /// The time before measuring begins.
    pub warm_up: Duration,
    /// The measured time of a round.
    pub measure: Duration,
}

impl Effort {
    /// A third of a second for each server and number of connections.
    pub const QUICK: Self = Self {
        rounds: 1,
        warm_up: Duration::from_millis(100),
        measure: Duration::from_millis(300),
    };
    /// Nine rounds of half a second: more rounds say more than longer ones on a noisy machine.
    pub const FULL: Self = Self {
        rounds: 9,
        warm_up: Duration::from_millis(200),
        measure: Duration::from_millis(500),
    };
}

/// No round measures more trips than this: some ten times what a fast machine does in one.
const AT_MOST: u64 = 5_000_000;

/// What the servers did under load.
#[derive(Debug, Deserialize, Serialize)]
pub struct Report {
    /// The comparison's name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What the clients did.
    pub clients: Behaviour,
    /// A row for each number of connections and server, in the manifest's order.
    pub rows: Vec<Row>,
    /// The peers that could not be measured, each with the reason.
    pub skipped: Vec<String>,
}

/// One server at one number of connections.
#[derive(Debug, Deserialize, Serialize)]
pub struct Row {
    /// The number of clients.
    pub connections: usize,
    /// The server.
    pub server: String,
    /// How many clients got an answer at all, at the least.
    pub served: usize,
    /// Round trips per second, or messages delivered, one number for each round.
    pub trips_per_second: Vec<f64>,
    /// These in relation to the last of the manifest's `servers`: the median of the rounds'
    /// ratios.
    pub relation: f64,
    /// Half of the round trips took no longer, in microseconds.
    pub p50_us: f64,
    /// Of a hundred round trips ninety-nine took no longer, in microseconds.
    pub p99_us: f64,
    /// What each idle connection added to the server's memory, in bytes, where the system tells.
    pub memory_per_connection: Option<f64>,
    /// The server's memory with all of them, in bytes, where the system tells.
    pub memory: Option<u64>,
    /// The server's CPU time for each round trip or delivery, in microseconds, where the system
    /// tells.
    pub cpu_us_per_trip: Option<f64>,
}

/// Measures all servers of `load`. `binaries` finds the chapter's built binaries, `step` is told
/// of each measurement before it begins and may stop the whole.
///
/// # Errors
/// If a server cannot be started, echoes something else than was sent, or falls silent. A peer
/// that is not installed is no error.
pub fn measure(
    load: &Load,
    binaries: impl Fn(&str) -> PathBuf,
    peers: &Path,
    effort: Effort,
    mut step: impl FnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<Report> {
    let folder = tempfile::tempdir()?;
    let mut programs: Vec<Program> = Vec::new();
    for server in &load.servers {
        programs.push(Program {
            name: server.clone(),
            command: vec![binaries(server)],
            args: load.args.clone(),
        });
    }
    let mut skipped = Vec::new();
    for peer in &load.peers {
        match prepare_peer(peer, peers, folder.path())? {
            Ok(program) => programs.push(program),
            Err(peer) => skipped.push(format!("{} skipped: {}", peer.name, peer.reason)),
        }
    }
    // Each connection takes a descriptor here and one in the server, which inherits the limit.
    rlimit::increase_nofile_limit(u64::MAX).context("cannot raise RLIMIT_NOFILE")?;

    let mut rows = Vec::new();
    for &connections in &load.connections {
        let mut gathered: Vec<_> = programs.iter().map(|_| Gathered::new()).collect();
        for round in 0..effort.rounds {
            // There and back again, so that no server always runs after the same neighbour.
            let mut order: Vec<usize> = (0..programs.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for index in order {
                let program = &programs[index];
                step(&format!("{} at {connections}", program.name))?;
                gathered[index]
                    .add(program, connections, load.clients, effort)
                    .with_context(|| format!("{} at {connections} connections", program.name))?;
            }
        }
        let reference = gathered[load.servers.len() - 1].trips_per_second.clone();
        for (program, gathered) in programs.iter().zip(gathered) {
            rows.push(gathered.into_row(program, connections, &reference));
        }
    }
    Ok(Report {
        name: load.name.clone(),
        lesson: load.lesson.clone(),
        clients: load.clients,
        rows,
        skipped,
    })
}

/// What the rounds of one server at one number of connections have given so far.
struct Gathered {
    served: Option<usize>,
    trips_per_second: Vec<f64>,
    latencies: Option<Histogram<u64>>,
    memory: Vec<f64>,
    memory_in_all: Option<u64>,
    cpu_us_per_trip: Vec<f64>,
}

impl Gathered {
    fn new() -> Self {
        Self {
            served: None,
            trips_per_second: Vec::new(),
            latencies: None,
            memory: Vec::new(),
            memory_in_all: None,
            cpu_us_per_trip: Vec::new(),
        }
    }

    fn add(
        &mut self,
        program: &Program,
        connections: usize,
        clients: Behaviour,
        effort: Effort,
    ) -> anyhow::Result<()> {
        let mut server = Running::start(program)?;
        let before = server.memory();
        // The server has core 0; the clients take core 1 for themselves.
        let measured = on_core(1, || match clients {
            Behaviour::Echo => {
                let mut clients = Clients::connect(server.address, connections)?;
                let memory = server.memory();
                let busy = Busy::since(&server);
                let trips = clients.ping_pong(effort.warm_up, effort.measure, AT_MOST)?;
                anyhow::Ok((clients.served(), memory, busy.until(&server), trips))
            }
            Behaviour::Chat => {
                let mut room = Room::enter(server.address, connections)?;
                let memory = server.memory();
                let busy = Busy::since(&server);
                let trips = room.talk(effort.warm_up, effort.measure)?;
                anyhow::Ok((connections, memory, busy.until(&server), trips))
            }
        });
        let (served, after, busy, trips) = measured.map_err(|error| {
            let complaint = server.complaint();
            error.context(format!("failed under load{complaint}"))
        })?;
        self.served = Some(self.served.map_or(served, |least| least.min(served)));
        self.trips_per_second.push(trips.per_second());
        self.memory_in_all = self.memory_in_all.max(after);
        let per_trip = busy.map(|busy| busy * 1e6 / trips.per_second());
        self.cpu_us_per_trip.extend(per_trip);
        match &mut self.latencies {
            Some(all) => all.add(&trips.latencies)?,
            None => self.latencies = Some(trips.latencies),
        }
        if let (Some(before), Some(after), true) = (before, after, served == connections) {
            let added = after.saturating_sub(before) as f64;
            self.memory.push(added / connections as f64);
        }
        Ok(())
    }

    fn into_row(self, program: &Program, connections: usize, reference: &[f64]) -> Row {
        let rounds = self.trips_per_second.iter().zip(reference);
        let relations: Vec<f64> = rounds.map(|(trips, reference)| trips / reference).collect();
        let quantile = |q| {
            let latencies = self.latencies.as_ref();
            latencies.map_or(f64::NAN, |all| all.value_at_quantile(q) as f64 / 1000.0)
        };
        Row {
            connections,
            server: program.name.clone(),
            served: self.served.unwrap_or(0),
            relation: median(&relations),
            p50_us: quantile(0.50),
            p99_us: quantile(0.99),
            memory_per_connection: (!self.memory.is_empty()).then(|| median(&self.memory)),
            memory: self.memory_in_all,
            cpu_us_per_trip: (!self.cpu_us_per_trip.is_empty())
                .then(|| median(&self.cpu_us_per_trip)),
            trips_per_second: self.trips_per_second,
        }
    }
}

/// How busy a server is while its clients are.
struct Busy {
    since: Instant,
    cpu: Option<f64>,
}

impl Busy {
    fn since(server: &Running) -> Self {
        Self {
            since: Instant::now(),
            cpu: server.cpu(),
        }
    }

    /// The part of a core that it took since, where the system tells.
    fn until(&self, server: &Running) -> Option<f64> {
        let cpu = server.cpu()? - self.cpu?;
        Some(cpu / self.since.elapsed().as_secs_f64())
    }
}

/// The columns of a report.
const HEADINGS: [&str; 9] = [
    "connections",
    "server",
    "per second",
    "min–max",
    "relation",
    "p50 µs",
    "p99 µs",
    "KiB/connection",
    "served",
];

impl Report {
    /// What is counted.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self.clients {
            Behaviour::Echo => "round trips per second",
            Behaviour::Chat => "messages delivered per second",
        }
    }

    /// The report as a table, a block of rows for each number of connections.
    #[must_use]
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
        table.set_header(HEADINGS);
        for column in [0, 2, 3, 4, 5, 6, 7, 8] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.add_rows(self.cells());
        table
    }

    /// The same in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown_table(&HEADINGS, self.cells().into_iter().map(Vec::from))
    }

    /// The text of each cell, row by row.
    fn cells(&self) -> Vec<[String; 9]> {
        self.rows.iter().map(Row::cells).collect()
    }
}

impl Row {
    fn cells(&self) -> [String; 9] {
        let rounds = self.trips_per_second.iter().copied();
        let least = rounds.clone().fold(f64::INFINITY, f64::min);
        let most = rounds.fold(0.0, f64::max);
        // With few connections a page of memory more or less says nothing of each.
        let memory = self
            .memory_per_connection
            .filter(|_| self.connections >= 50);
        [
            self.connections.to_string(),
            self.server.clone(),
            thousands(median(&self.trips_per_second)),
            format!("{}–{}", thousands(least), thousands(most)),
            format!("{:.2}", self.relation),
            format!("{:.1}", self.p50_us),
            format!("{:.1}", self.p99_us),
            memory.map_or_else(|| "–".into(), |bytes| format!("{:.1}", bytes / 1024.0)),
            format!("{} of {}", self.served, self.connections),
        ]
    }
}

fn thousands(number: f64) -> String {
    format!("{:.1}k", number / 1000.0)
}
