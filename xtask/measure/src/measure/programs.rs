//! What is run: listings, peers and the book's programs, each with its arguments and environment.

use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::time::Duration;

use util_ngrams as ngrams;
use util_web::ExampleSite;
use xtask::build::Built;
use xtask::workspace::tables::split;
use xtask::workspace::{Chapter, Workspace};

use super::book::Book;
use crate::system::peers::Peers;
use crate::system::process::Program;

/// All that programs are made of.
#[derive(Debug)]
pub struct Programs<'a> {
    workspace: &'a Workspace,
    built: Built,
    peers: Peers,
    site: ExampleSite,
    /// The URL that `EXAMPLE_URL` names, where the site is the reader's own.
    pub own_site: Option<String>,
    /// The book's own programs, where the reader has them.
    pub book: Option<Book>,
}

impl<'a> Programs<'a> {
    /// Puts it all together. The site is started here.
    ///
    /// # Errors
    /// If the site cannot be had, or no temporary folder can be made.
    pub fn new(workspace: &'a Workspace, built: Built, book: Option<Book>) -> anyhow::Result<Self> {
        Ok(Self {
            workspace,
            built,
            peers: Peers::of(&workspace.root)?,
            site: ExampleSite::start()?,
            own_site: env::var("EXAMPLE_URL").ok(),
            book,
        })
    }

    /// What the programs of a table have in common, as one without a name: the site, with a
    /// latency of its own for each request, and the word file, made if it is not there. A site of
    /// the reader's own has the latency that it has, and is asked for nothing else.
    ///
    /// # Errors
    /// If the word file cannot be written.
    pub fn setting(
        &self,
        latency_ms: Option<u64>,
        ngrams: Option<u64>,
        limit: Duration,
    ) -> anyhow::Result<Program> {
        let mut url = self.site.url().to_owned();
        if let Some(latency) = latency_ms.filter(|_| self.own_site.is_none()) {
            url += &format!("?latency_ms={latency}");
        }
        let mut env: Vec<(&str, OsString)> = vec![("EXAMPLE_URL", url.into())];
        if let Some(rows) = ngrams {
            let name = format!("ngrams-{rows}-rows.tsv");
            let path = self.workspace.target.join(name);
            if !path.is_file() {
                ngrams::write_file(rows, &path)?;
            }
            env.push(("NGRAMS_FILE", path.into()));
        }
        Ok(Program {
            env,
            limit,
            ..Program::default()
        })
    }

    /// A listing with its arguments.
    ///
    /// # Errors
    /// If it was not built.
    pub fn listing(&self, text: &str, setting: &Program) -> anyhow::Result<Program> {
        let (binary, args) = split(text);
        let command = vec![self.built.path(binary)?.into()];
        Ok(setting.named(text.to_owned(), command, args))
    }

    /// A peer with its arguments, or a note why it cannot be run. The arguments of one that
    /// serves are the modules that it needs.
    pub fn peer(
        &self,
        text: &str,
        serves: bool,
        setting: &Program,
        notes: &mut Vec<String>,
    ) -> Option<Program> {
        let (file, args) = split(text);
        let modules = if serves { args.clone() } else { Vec::new() };
        let ready = self.peers.prepare(file, &modules);
        let ready = ready.map(|(name, command)| setting.named(name, command, args));
        ready.map_err(|why| notes.push(skipped(text, why))).ok()
    }

    /// One of the book's programs, or a note why it cannot be run.
    pub fn of_book(
        &self,
        file: &str,
        setting: &Program,
        notes: &mut Vec<String>,
    ) -> Option<Program> {
        let program = setting.named(file.to_owned(), Vec::new(), Vec::new());
        let ready = self.book.as_ref()?.prepare(program);
        ready.map_err(|why| notes.push(skipped(file, why))).ok()
    }
}

/// The note on what is left out.
pub fn skipped(program: &str, why: impl Display) -> String {
    format!("{program} skipped: {why}")
}

/// The short name of a program: its listing's number and variant, with its arguments.
pub fn label(chapter: &Chapter, text: &str) -> String {
    let (binary, args) = split(text);
    let header = chapter.binary(binary).map(|listing| &listing.header);
    match header.filter(|header| header.number.is_some()) {
        Some(header) => format!("{header} {}", args.join(" ")).trim().to_owned(),
        None => text.to_owned(),
    }
}
