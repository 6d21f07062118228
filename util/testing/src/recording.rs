//! Which listings must record a timeline, and whether they do.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use snapbox::cmd::cargo_bins;

use crate::{command, wait_until};

/// The mark of a function whose calls a timeline shows.
const MARK: &str = "#[tracing::instrument";

/// A test that each listing of the package records its timeline, if it has or calls a function
/// marked `#[tracing::instrument]`.
#[macro_export]
macro_rules! records_timelines {
    () => {
        #[test]
        fn every_marked_listing_records_its_timeline() {
            $crate::every_marked_listing_records(env!("CARGO_MANIFEST_DIR"));
        }
    };
}

/// Runs each such listing of the package in `manifest_dir`, until the first line of its timeline
/// is there. It is written before `main`. A listing that takes arguments gets too many, so it ends
/// at once; the others are killed.
pub fn every_marked_listing_records(manifest_dir: &str) {
    let sources = Path::new(manifest_dir).join("src");
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let mut library = fs::read_dir(&sources).unwrap().flatten();
    let marked_library = library.any(|file| read(file.path()).contains(MARK));
    let mut marked = 0;
    for (name, binary) in cargo_bins() {
        let source = read(sources.join(format!("bin/{name}.rs")));
        let delays = source.contains("use util::") && source.contains("delay(");
        if marked_library || source.contains(MARK) || delays {
            assert!(records(&binary), "{name} records no timeline");
            marked += 1;
        }
    }
    assert!(marked > 0, "no listing is marked");
}

fn records(binary: &Path) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let timeline = folder.path().join("timeline.txt");
    let mut child = command(binary)
        .args(["too", "many", "arguments", "for", "any", "listing"])
        .env("TIMELINE", &timeline)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = || fs::read_to_string(&timeline).is_ok_and(|it| it.starts_with("begin "));
    // What has ended without recording will not record.
    wait_until(
        || begun() || child.try_wait().unwrap().is_some(),
        || format!("the timeline of {}", binary.display()),
    );
    let _ = child.kill();
    child.wait().unwrap();
    begun()
}
