//! Runs the programs of one curve at its counts.

use std::time::{Duration, Instant};

use anyhow::Result;
use xtask::workspace::tables::CurveTable;

use super::Part;
use super::programs::{Programs, Ready};
use super::rounds::{Failure, Rounds, Runner, measure};
use crate::data::cost::Cost;
use crate::data::curve::{Curve, Point, Series};
use crate::data::load::Load;
use crate::system::activity::Activity;
use crate::system::process::Program;

/// How long one run may take.
const LIMIT: Duration = Duration::from_secs(600);

/// The programs of a curve at one count.
struct Runs<'a, S> {
    programs: Vec<Program>,
    start: Instant,
    cpu: &'a mut f64,
    step: S,
}

impl<S: FnMut(&str)> Runner for Runs<'_, S> {
    type Sample = Cost;

    fn programs(&self) -> usize {
        self.programs.len()
    }

    fn run(&mut self, program: usize) -> Result<Cost, Failure> {
        let program = &self.programs[program];
        (self.step)(&program.name);
        let cost = program.run()?.cost;
        *self.cpu += cost.cpu.unwrap_or(0.0);
        Ok(cost)
    }

    fn elapsed(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn time(cost: &Cost) -> f64 {
        cost.wall
    }
}

/// Measures a curve: at each count all programs in rounds. `step` is told what runs next.
///
/// # Errors
/// If a program fails or hangs.
pub fn scale(
    table: &CurveTable,
    programs: &Programs,
    rounds: &Rounds,
    mut step: impl FnMut(&str),
) -> Result<Part<Curve>> {
    let before = Activity::now();
    let mut curve = Curve {
        name: table.name.clone(),
        lesson: table.lesson.clone(),
        axis: table.axis.clone(),
        ideal: table.ideal,
        ..Curve::default()
    };
    let known = known(table, programs, &mut curve.notes)?;
    let rounds = &Rounds {
        budget: rounds.budget * known.len() as f64,
        ..rounds.clone()
    };
    let series = known.iter().map(|(_, program)| Series {
        program: program.name.clone(),
        points: Vec::new(),
    });
    curve.series = series.collect();
    let (mut cpu, mut interrupted) = (0.0, false);
    for &count in &table.steps {
        let at: Vec<usize> = (0..known.len())
            .filter(|index| table.reaches(&known[*index].0, count))
            .collect();
        let mut runs = Runs {
            programs: at.iter().map(|it| at_count(&known[*it].1, count)).collect(),
            start: Instant::now(),
            cpu: &mut cpu,
            step: |name: &str| step(&format!("{name} at {count}")),
        };
        let outcome = measure(&mut runs, rounds)?;
        for (index, runs) in at.into_iter().zip(outcome.runs) {
            if !runs.is_empty() {
                curve.series[index].points.push(Point { count, runs });
            }
        }
        interrupted = outcome.interrupted;
        if interrupted {
            break;
        }
    }
    curve.series.retain(|series| !series.points.is_empty());
    curve.disturbance = before.and_then(|before| before.disturbance(cpu));
    Ok(Part {
        measured: (!curve.series.is_empty()).then_some(curve),
        interrupted,
    })
}

/// The programs of the table, each by its text there.
fn known(
    table: &CurveTable,
    programs: &Programs,
    notes: &mut Vec<String>,
) -> Result<Vec<(String, Program)>> {
    let setting = programs.setting(table.latency_ms, None, LIMIT)?;
    let mut known = Vec::new();
    for text in &table.programs {
        let mut program = programs.listing(text, &setting)?;
        // `sleep_tasks {}` is known as `sleep_tasks`.
        program.name = text.replace(" {}", "");
        known.push((text.clone(), program));
    }
    for text in &table.peers {
        match programs.peer(text, false, &setting)? {
            Ready::Program(program) => known.push((text.clone(), program)),
            Ready::Skipped(reason) => notes.push(reason),
        }
    }
    Ok(known)
}

fn at_count(program: &Program, count: usize) -> Program {
    let args = program.args.iter();
    Program {
        args: args
            .map(|arg| arg.replace("{}", &count.to_string()))
            .collect(),
        ..program.clone()
    }
}

/// What the curve of servers under load is called.
pub fn curve_name(load: &str) -> String {
    format!("{load}, an answer for each client")
}

/// What servers under load did, as a curve: the time in which each client gets one answer.
pub fn curve_of(load: Load) -> Curve {
    let mut curve = Curve {
        name: curve_name(&load.name),
        axis: "connections".to_owned(),
        lesson: load.lesson,
        disturbance: load.disturbance,
        notes: load.notes,
        ..Curve::default()
    };
    for server in load.servers {
        // A server that answers only the first client has no time for the others.
        if server.served < server.connections {
            continue;
        }
        let clients = server.connections as f64;
        let cost = |trips: &f64| Cost {
            wall: clients / trips,
            part: None,
            cpu: server.cpu_us_per_trip.map(|cpu| cpu * clients / 1e6),
            peak_memory: server.peak_memory,
        };
        let point = Point {
            count: server.connections,
            runs: server.trips_per_second.iter().map(cost).collect(),
        };
        let known = curve.series.iter_mut();
        match known.into_iter().find(|it| it.program == server.server) {
            Some(series) => series.points.push(point),
            None => curve.series.push(Series {
                program: server.server,
                points: vec![point],
            }),
        }
    }
    curve
}
