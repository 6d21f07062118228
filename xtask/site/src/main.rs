//! `cargo xtask book`: the site to read beside the book.
//!
//! Each listing becomes a page, from its header, its source, its recorded output and
//! timeline, its measurements, and its rows of the map.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Parser};
use xtask::workspace::Workspace;
use xtask_site::{book, record, site};

/// The part of `cargo xtask` that this package is.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Cli {
    /// Build the site to read beside the book, into target/book
    Book(Options),
}

#[derive(Args, Debug)]
struct Options {
    /// Open it in a browser
    #[arg(long)]
    open: bool,
    /// Show the book's own programs too, from this checkout of its public code: for you alone
    #[arg(long, value_name = "DIR")]
    with_book: Option<PathBuf>,
    /// Build it into DIR instead
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Where it will be published: with it, pages have previews and there is a map of the site
    #[arg(long, value_name = "URL", env = "SITE_URL")]
    url: Option<String>,
    /// Run these listings, or all, twenty times each, and record what they print and do
    #[arg(long, value_name = "LISTING", num_args = 0.., exclusive = true)]
    record: Option<Vec<String>>,
}

fn main() -> ExitCode {
    let Cli::Book(options) = Cli::parse();
    match execute(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(options: &Options) -> anyhow::Result<()> {
    let workspace = Workspace::load()?;
    if let Some(listings) = &options.record {
        return record::record(&workspace, listings);
    }
    let output = output(&workspace, options)?;
    let site = site::site(&workspace, options.with_book.as_deref())?;
    book::build(&site, &workspace.root, &output, options.url.as_deref())?;
    let home = output.join("index.html");
    println!("{} pages: {}", site.pages.len(), home.display());
    if options.open {
        opener::open(&home).with_context(|| format!("cannot open {}", home.display()))?;
    }
    Ok(())
}

/// Where the site goes.
fn output(workspace: &Workspace, options: &Options) -> anyhow::Result<PathBuf> {
    let usual = workspace.target.join("book");
    let output = options.to.clone().unwrap_or_else(|| usual.clone());
    if let Some(book) = &options.with_book {
        ensure!(
            output == usual,
            "the book's programs are its author's: --with-book builds into {} only",
            usual.display()
        );
        let chapter = book.join("chapter_01");
        ensure!(chapter.is_dir(), "there is no {}", chapter.display());
    }
    // It is emptied first.
    let ours = !output.exists() || output.join("searchindex.js").exists() || output == usual;
    ensure!(ours, "{} is there and is not a site", output.display());
    Ok(output)
}
