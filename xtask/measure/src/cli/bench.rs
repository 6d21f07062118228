//! `cargo xtask bench`: what concurrency buys, measured.

use std::process::ExitCode;

use anyhow::ensure;
use xtask::build::build;
use xtask::options;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;
use xtask::workspace::tables::Behaviour;

use super::session::{Thoroughness, exit_code, measure, prepare};
use crate::judge::changes::Changes;
use crate::show::output;
use crate::system::interrupt;

/// The seconds for a comparison that goes on until it is precise.
const PRECISE: f64 = 300.0;

/// Measures what `options` choose and reports it.
///
/// # Errors
/// If a manifest has a mistake, something does not build, a program is wrong, a file cannot be
/// written, or the old report not be read.
pub fn bench(workspace: &Workspace, options: &options::Bench) -> anyhow::Result<ExitCode> {
    let manifests = chosen(workspace, options)?;
    if options.no_run {
        build(workspace, manifests.binaries(), false)?;
        return Ok(ExitCode::SUCCESS);
    }
    let old = options.compare.as_deref().map(output::read).transpose()?;
    output::create(&options.outputs)?;
    let (programs, mut report) = prepare(workspace, &manifests, &options.book)?;
    let (thoroughness, save) = (thoroughness(options), |_: &_| Ok(()));
    measure(&manifests, &programs, &thoroughness, &mut report, save)?;
    output::write(&report, &options.outputs)?;
    if let Some(old) = old.filter(|_| !interrupt::has_come()) {
        let changes = Changes::between(&old, &report, options.times);
        // stdout may be taken by JSON or the like.
        eprint!("{changes}");
        if changes.is_slower() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(exit_code())
}

/// The comparisons and servers that `options` choose.
fn chosen<'a>(workspace: &'a Workspace, options: &options::Bench) -> anyhow::Result<Manifests<'a>> {
    let mut manifests = Manifests::read(workspace)?;
    manifests.leave_comparisons();
    manifests.keep(&options.filters, "comparison")?;
    if options.quick {
        manifests.comparisons.retain(|(_, table)| table.quick);
        for (_, table) in &mut manifests.loads {
            let most = match table.clients {
                Behaviour::Echo => 1000,
                // Deliveries grow with the square of the members.
                Behaviour::Chat => 100,
            };
            table.connections.retain(|many| *many <= most);
        }
        ensure!(
            !(manifests.comparisons.is_empty() && manifests.loads.is_empty()),
            "what you chose takes too long for --quick; run it without"
        );
    }
    Ok(manifests)
}

fn thoroughness(options: &options::Bench) -> Thoroughness {
    let mut thoroughness = Thoroughness::new(options.quick);
    if let Some(budget) = options.max_time {
        thoroughness.comparisons.budget = budget.as_secs_f64();
    }
    if let Some(runs) = options.runs {
        thoroughness.set_runs(runs);
    }
    if let Some(precision) = options.precision {
        let budget = options.max_time.map_or(PRECISE, |it| it.as_secs_f64());
        thoroughness.set_precision(precision, budget);
    }
    thoroughness
}
