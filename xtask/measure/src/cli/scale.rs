//! `cargo xtask scale`: how cost grows with work.

use std::process::ExitCode;

use xtask::options;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;

use super::session::{Thoroughness, measure, prepare};
use crate::show::output;

/// `--quick` goes no further.
const QUICK: usize = 1000;

/// Measures the curves that `options` choose and reports them.
///
/// # Errors
/// If a manifest has a mistake, something does not build, or a program fails or hangs.
pub fn scale(workspace: &Workspace, options: &options::Scale) -> anyhow::Result<ExitCode> {
    let mut manifests = Manifests::read(workspace)?;
    curves_alone(&mut manifests);
    manifests.keep(&options.filters, "curve")?;
    if options.quick {
        shorten(&mut manifests);
    }
    output::create(&options.outputs)?;
    let (programs, mut report) = prepare(workspace, &manifests, &options::Book::default())?;
    let thoroughness = Thoroughness::new(options.quick);
    let end = measure(
        &manifests,
        &programs,
        &thoroughness,
        &mut report,
        |_| Ok(()),
    )?;
    output::write(&report, &options.outputs)?;
    Ok(end.code())
}

/// Leaves the curves, and those of servers.
fn curves_alone(manifests: &mut Manifests) {
    manifests.comparisons.clear();
    for (_, table) in &mut manifests.loads {
        table.connections.clear();
    }
    manifests.loads.retain(|(_, table)| !table.scale.is_empty());
}

/// Leaves the small counts.
pub fn shorten(manifests: &mut Manifests) {
    for (_, table) in &mut manifests.curves {
        table.steps.retain(|step| *step <= QUICK);
    }
    for (_, table) in &mut manifests.loads {
        table.scale.retain(|step| *step <= QUICK);
    }
}
