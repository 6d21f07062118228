//! Servers under load: the same clients talk to each of a chapter's servers, and to the same
//! server in other languages. The server has one core to itself, the clients another.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use xtask::workspace::Chapter;
use xtask::workspace::tables::{Behaviour, LoadTable};
use xtask_load::chat::Room;
use xtask_load::echo::{Clients, Trips};

use super::programs::Programs;
use super::rounds::{self, Rounds, measure};
use crate::data::{Load, Server};
use crate::stats::median_of;
use crate::system::activity::Activity;
use crate::system::affinity::on_core;
use crate::system::interrupt;
use crate::system::server::Running;

/// How long to measure.
#[derive(Clone, Debug)]
pub struct Effort {
    /// How often each server is measured at each number of connections.
    pub rounds: Rounds,
    /// The time before measuring begins.
    pub warm_up: Duration,
    /// The measured time of a round, about.
    pub measure: Duration,
}

/// A chat takes at least this many rounds of messages, so that its latencies are not those of its
/// beginning, unless that takes longer than [`LONG`].
const MESSAGES: f64 = 10.0;

/// The most seconds for a chat, but for a single round.
const LONG: f64 = 5.0;

/// One measurement of one server.
struct Sample {
    trips: Trips,
    served: usize,
    memory_per_connection: Option<f64>,
    peak_memory: Option<u64>,
    cpu_us_per_trip: Option<f64>,
}

impl rounds::Sample for Sample {
    fn time(&self) -> f64 {
        1.0 / self.trips.per_second()
    }
}

/// Measures all servers of a table at these numbers of connections. `step` is told what runs
/// next.
///
/// # Errors
/// If a server cannot be started, echoes something else than was sent, or falls silent. A peer
/// that is not installed is left out.
pub fn load(
    chapter: &Chapter,
    table: &LoadTable,
    connections: &[usize],
    programs: &Programs,
    effort: &Effort,
    step: impl Fn(&str),
) -> Result<Option<Load>> {
    let setting = programs.setting(None, None, Duration::MAX)?;
    let mut servers = Vec::new();
    for server in &table.servers {
        let mut program = programs.listing(server, &setting)?;
        program.args.clone_from(&table.args);
        servers.push(program);
    }
    let mut load = Load {
        chapter: chapter.name.clone(),
        name: table.name.clone(),
        lesson: table.lesson.clone(),
        clients: table.clients,
        ..Load::default()
    };
    for peer in &table.peers {
        servers.extend(programs.peer(peer, true, &setting, &mut load.notes));
    }
    // Each connection takes a descriptor here and one in the server, which inherits the limit.
    rlimit::increase_nofile_limit(u64::MAX).context("cannot raise RLIMIT_NOFILE")?;
    let before = Activity::now();
    let mut cpu = 0.0;
    for &connections in connections {
        let start = Instant::now();
        let clock = || start.elapsed().as_secs_f64();
        let outcome = measure(servers.len(), &effort.rounds, clock, |index| {
            interrupt::check().map_err(anyhow::Error::from)?;
            let name = &servers[index].name;
            step(&format!("{name} at {connections}"));
            let mut server = Running::start(&servers[index])?;
            // The server has core 0; the clients take core 1 for themselves.
            let sample = on_core(1, || sample(&server, table.clients, connections, effort));
            cpu += server.cpu().unwrap_or(0.0);
            let complaint = server.complaint();
            let what = format!("{name} failed under load at {connections} connections{complaint}");
            Ok(sample.context(what)?)
        })?;
        for (index, samples) in outcome.runs.into_iter().enumerate() {
            if !samples.is_empty() {
                let reference = index + 1 == table.servers.len();
                let server = servers[index].name.clone();
                let summary = summary(server, reference, connections, &samples)?;
                load.servers.push(summary);
            }
        }
        if outcome.interrupted {
            break;
        }
    }
    load.disturbance = before.and_then(|before| before.disturbance(cpu));
    Ok((!load.servers.is_empty()).then_some(load))
}

fn sample(
    server: &Running,
    clients: Behaviour,
    connections: usize,
    effort: &Effort,
) -> Result<Sample> {
    let before = server.memory();
    let added = || Some(server.memory()?.saturating_sub(before?) as f64 / connections as f64);
    let (served, memory, busy, trips) = match clients {
        Behaviour::Echo => {
            let mut clients = Clients::connect(server.address, connections)?;
            let memory = added();
            let busy = busy_since_now(server);
            let trips = clients.ping_pong(effort.warm_up, effort.measure)?;
            (clients.served(), memory, busy(), trips)
        }
        Behaviour::Chat => {
            let mut room = Room::enter(server.address, connections)?;
            let memory = added();
            let mut busy = busy_since_now(server);
            let mut trips = room.talk(1)?;
            let took = trips.elapsed.as_secs_f64();
            let wanted = effort.measure.as_secs_f64();
            // A round that takes long needs no warm-up.
            if took < wanted {
                let rounds = (wanted / took).max(MESSAGES).min(LONG / took);
                busy = busy_since_now(server);
                trips = room.talk(rounds.ceil() as u64)?;
            }
            (connections, memory, busy(), trips)
        }
    };
    Ok(Sample {
        cpu_us_per_trip: busy.map(|busy| busy * 1e6 / trips.per_second()),
        served,
        memory_per_connection: memory.filter(|_| served == connections),
        peak_memory: server.peak_memory(),
        trips,
    })
}

/// The part of a core that a server takes from now on, where the system tells.
fn busy_since_now(server: &Running) -> impl Fn() -> Option<f64> {
    let (since, before) = (Instant::now(), server.cpu());
    move || Some((server.cpu()? - before?) / since.elapsed().as_secs_f64())
}

/// What the rounds of one server have given.
fn summary(
    server: String,
    reference: bool,
    connections: usize,
    samples: &[Sample],
) -> Result<Server> {
    let mut latencies = Histogram::<u64>::new(3)?;
    for sample in samples {
        latencies.add(&sample.trips.latencies)?;
    }
    let windows = samples.iter().map(|it| it.trips.elapsed.as_secs_f64());
    let microseconds = |quantile| latencies.value_at_quantile(quantile) as f64 / 1000.0;
    Ok(Server {
        connections,
        server,
        reference,
        served: samples.iter().map(|it| it.served).min().unwrap_or(0),
        trips_per_second: samples.iter().map(|it| it.trips.per_second()).collect(),
        window: windows.fold(f64::INFINITY, f64::min),
        p50_us: microseconds(0.50),
        p99_us: microseconds(0.99),
        memory_per_connection: median_of(samples, |it| it.memory_per_connection),
        peak_memory: samples.iter().filter_map(|it| it.peak_memory).max(),
        cpu_us_per_trip: median_of(samples, |it| it.cpu_us_per_trip),
    })
}
