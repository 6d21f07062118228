//! `cargo xtask scale`: how cost grows with work.

use std::process::ExitCode;

use xtask::options;
use xtask::workspace::Workspace;
use xtask::workspace::manifest::Manifests;

use super::session::{Thoroughness, exit_code, measure, prepare};
use crate::show::output;

/// `--quick` goes no further.
const QUICK: usize = 1000;

/// Measures the curves that `options` choose and reports them.
///
/// # Errors
/// If a manifest has a mistake, something does not build, or a program fails or hangs.
pub fn scale(workspace: &Workspace, options: &options::Scale) -> anyhow::Result<ExitCode> {
    let mut manifests = Manifests::read(workspace)?;
    manifests.leave_curves();
    manifests.keep(&options.filters, "curve")?;
    if options.quick {
        shorten(&mut manifests);
    }
    output::create(&options.outputs)?;
    let (programs, mut report) = prepare(workspace, &manifests, &options::Book::default())?;
    let thoroughness = Thoroughness::new(options.quick);
    let save = |_: &_| Ok(());
    measure(&manifests, &programs, &thoroughness, &mut report, save)?;
    output::write(&report, &options.outputs)?;
    Ok(exit_code())
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
