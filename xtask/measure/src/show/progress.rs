//! How far a measurement is.

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

/// A bar; its prefix is the part, its message what runs. It draws nothing where stderr is no
/// terminal.
///
/// # Errors
/// Never, but for a bug in the template.
pub fn progress() -> anyhow::Result<ProgressBar> {
    let template = "{bar:20} {pos}/{len} {eta} {prefix}: {wide_msg}";
    let bar = ProgressBar::new(0).with_finish(ProgressFinish::AndClear);
    Ok(bar.with_style(ProgressStyle::with_template(template)?))
}
