//! `cargo xtask book`: the site to read beside the book.
//!
//! Each listing becomes a page, from its header, its source, its recorded output and
//! timeline, its measurements, and its rows of the map.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Parser;
use xtask::options::{self, Cli, Command};
use xtask::workspace::Workspace;
use xtask_site::{book, check, record, serve, site};

fn main() -> ExitCode {
    match execute() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute() -> anyhow::Result<()> {
    let Command::Book(options) = Cli::parse().command else {
        bail!("this package only builds the site; use `cargo xtask`");
    };
    let workspace = Workspace::load()?;
    if let Some(listings) = &options.record {
        return record::record(&workspace, listings);
    }
    let output = output(&workspace, &options)?;
    if let Some(address) = options.serve {
        ensure!(
            address.ip().is_loopback(),
            "{address} is not a loopback address"
        );
    }
    for difference in check::check(&workspace)? {
        eprintln!("warning: {difference}; `cargo xtask book --record` makes recordings anew");
    }
    let site = site::site(&workspace, options.with_book.as_deref())?;
    let scratch = tempfile::tempdir()?;
    book::build(&site, &workspace.root, scratch.path(), &output)?;
    let home = output.join("index.html");
    println!("{} pages: {}", site.pages.len(), home.display());
    if options.open {
        opener::open(&home).with_context(|| format!("cannot open {}", home.display()))?;
    }
    match options.serve {
        Some(address) => serve::serve(&output, address),
        None => Ok(()),
    }
}

/// Where the site goes.
fn output(workspace: &Workspace, options: &options::Site) -> anyhow::Result<PathBuf> {
    let usual = workspace.target.join("book");
    let output = options.to.clone().unwrap_or_else(|| usual.clone());
    if let Some(book) = &options.with_book {
        ensure!(
            output == usual,
            "the book's programs are its author's: --with-book builds into {} only",
            usual.display()
        );
        ensure!(
            book.join("chapter_01").is_dir(),
            "{} has no chapter_01",
            book.display()
        );
    }
    // It is emptied first.
    let ours = !output.exists() || output.join("searchindex.js").exists() || output == usual;
    ensure!(ours, "{} is there and is not a site", output.display());
    Ok(output)
}
