//! `cargo xtask run`: a listing by its number or a part of its name.

use std::ffi::OsString;
use std::fmt::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use crate::build::build;
use crate::workspace::{Chapter, Listing, Workspace, parse_number};

/// Builds the listing that `wanted` names and becomes it: its arguments, exit code and signals
/// are the reader's. A library listing is only pointed out.
///
/// # Errors
/// If `wanted` names no listing or several, or the listing does not build or start.
pub fn run(workspace: &Workspace, wanted: &str, args: &[OsString]) -> anyhow::Result<ExitCode> {
    let (chapter, listing) = find(workspace, wanted)?;
    let Some(binary) = &listing.binary else {
        print!("{}", describe_library(workspace, chapter, listing)?);
        return Ok(ExitCode::SUCCESS);
    };
    build(workspace, [binary.as_str()], true)?;
    // On success this never returns: the listing takes the place of this process.
    let error = Command::new(workspace.release_binary(binary))
        .args(args)
        .exec();
    Err(error).with_context(|| format!("cannot start {binary}"))
}

/// The one listing that a reader means by `2.9`, `2.09` or a part of its binary's name.
///
/// # Errors
/// If that is none, or several; the message helps on.
pub fn find<'a>(
    workspace: &'a Workspace,
    wanted: &str,
) -> anyhow::Result<(&'a Chapter, &'a Listing)> {
    let mut found: Vec<_> = match parse_number(wanted) {
        Some(number) => workspace
            .listings()
            .filter(|(_, listing)| listing.header.number == Some(number))
            .collect(),
        None => workspace
            .listings()
            .filter(|(_, listing)| name(listing).contains(wanted))
            .collect(),
    };
    // A number means the book's own listing, a whole name that one.
    let exact = |listing: &Listing| match parse_number(wanted) {
        Some(_) => listing.header.variant.is_none(),
        None => name(listing) == wanted,
    };
    if found.iter().filter(|(_, listing)| exact(listing)).count() == 1 {
        found.retain(|(_, listing)| exact(listing));
    }
    match found.as_slice() {
        [] => bail!("{}", no_such_listing(workspace, wanted)),
        [only] => Ok(*only),
        several => {
            let mut message = format!("'{wanted}' is ambiguous; it may be");
            for (_, listing) in several {
                write!(message, "\n  {}", name(listing))?;
            }
            bail!(message)
        }
    }
}

/// The name by which a reader can ask for a listing.
#[must_use]
pub fn name(listing: &Listing) -> &str {
    let stem = || listing.path.file_stem().and_then(|stem| stem.to_str());
    listing.binary.as_deref().or_else(stem).unwrap_or_default()
}

fn no_such_listing(workspace: &Workspace, wanted: &str) -> String {
    let mut near: Vec<(f64, &str)> = workspace
        .listings()
        .flat_map(|(_, listing)| {
            // A reader may remember the slug alone, "fib_thread".
            let name = name(listing);
            let slug = name.splitn(4, '_').nth(3).unwrap_or(name);
            let close = |candidate| strsim::jaro_winkler(wanted, candidate);
            [(close(name).max(close(slug)), name)]
        })
        .filter(|(closeness, _)| *closeness > 0.75)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let near: Vec<_> = near.iter().take(3).map(|(_, name)| *name).collect();
    let hint = match near.as_slice() {
        [] => "`cargo xtask list` shows them all".to_owned(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    format!("there is no listing '{wanted}'; {hint}")
}

/// Where a library listing is, and which listings use it.
fn describe_library(
    workspace: &Workspace,
    chapter: &Chapter,
    library: &Listing,
) -> anyhow::Result<String> {
    let mut text = format!(
        "{} is library code: {}\n",
        if library.header.number.is_some() {
            format!("Listing {}", library.header)
        } else {
            library.header.title.clone()
        },
        workspace.relative(&library.path).display()
    );
    let module = name(library);
    let mut users = Vec::new();
    for (user_chapter, user) in workspace.listings() {
        let Some(binary) = &user.binary else { continue };
        if chapter.name != "util" && user_chapter.name != chapter.name {
            continue;
        }
        let source = std::fs::read_to_string(&user.path)
            .with_context(|| format!("cannot read {}", user.path.display()))?;
        if uses(&source, &chapter.name.replace('-', "_"), module) {
            users.push(binary.as_str());
        }
    }
    if !users.is_empty() {
        writeln!(text, "It is used by {}", users.join(", "))?;
    }
    Ok(text)
}

/// Whether a source imports `module` from `library`, or names it by its path.
fn uses(source: &str, library: &str, module: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    source
        .split(';')
        .filter(|statement| statement.contains(&format!("{library}::")))
        .flat_map(|statement| statement.split(|c: char| !is_word(c)))
        .any(|word| word == module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_an_import_or_a_path() {
        assert!(uses("use util::delay;\n", "util", "delay"));
        assert!(uses(
            "use util::{ExampleSite, async_timed};",
            "util",
            "async_timed"
        ));
        assert!(uses("fn main() { util::delay(3); }", "util", "delay"));
        assert!(!uses(
            "use util::async_timed; fn delay() {}",
            "util",
            "delay"
        ));
        assert!(!uses("use util::delay_more;", "util", "delay"));
    }
}
