//! Runs the programs of one curve at its counts.

use std::time::{Duration, Instant};

use anyhow::Result;
use xtask::workspace::tables::CurveTable;

use super::programs::Programs;
use super::rounds::{Rounds, measure};
use crate::data::{Cost, Curve, Load, Point, Series};
use crate::system::activity::Activity;
use crate::system::process::Program;

/// How long one run may take.
const LIMIT: Duration = Duration::from_secs(600);

/// Measures a curve: at each count all programs in rounds. `step` is told what runs next.
///
/// # Errors
/// If a program fails or hangs.
pub fn scale(
    table: &CurveTable,
    programs: &Programs,
    rounds: &Rounds,
    step: impl Fn(&str),
) -> Result<Option<Curve>> {
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
    let mut cpu = 0.0;
    for &count in &table.steps {
        let at = known.iter().enumerate();
        let at = at.filter(|(_, (text, _))| table.reaches(text, count));
        let at = at.map(|(index, (_, program))| (index, at_count(program, count)));
        let at: Vec<(usize, Program)> = at.collect();
        let start = Instant::now();
        let clock = || start.elapsed().as_secs_f64();
        let outcome = measure(at.len(), rounds, clock, |index| {
            let (_, program) = &at[index];
            step(&format!("{} at {count}", program.name));
            let cost = program.run()?.cost;
            cpu += cost.cpu.unwrap_or(0.0);
            Ok(cost)
        })?;
        for ((index, _), runs) in at.into_iter().zip(outcome.runs) {
            if !runs.is_empty() {
                curve.series[index].points.push(Point { count, runs });
            }
        }
        if outcome.interrupted {
            break;
        }
    }
    curve.series.retain(|series| !series.points.is_empty());
    curve.disturbance = before.and_then(|before| before.disturbance(cpu));
    Ok((!curve.series.is_empty()).then_some(curve))
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
        let program = programs.peer(text, false, &setting, notes);
        known.extend(program.map(|program| (text.clone(), program)));
    }
    Ok(known)
}

fn at_count(program: &Program, count: usize) -> Program {
    let mut program = program.clone();
    for arg in &mut program.args {
        *arg = arg.replace("{}", &count.to_string());
    }
    program
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
            cpu: server.cpu_us_per_trip.map(|cpu| cpu * clients / 1e6),
            peak_memory: server.peak_memory,
            ..Cost::default()
        };
        let runs = server.trips_per_second.iter().map(cost).collect();
        let count = server.connections;
        let point = Point { count, runs };
        let mut known = curve.series.iter_mut();
        match known.find(|it| it.program == server.server) {
            Some(series) => series.points.push(point),
            None => curve.series.push(Series {
                program: server.server,
                points: vec![point],
            }),
        }
    }
    curve
}
