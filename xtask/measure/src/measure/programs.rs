//! What is run: listings, peers and the book's programs, each with its arguments and environment.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use util_ngrams as ngrams;
use xtask::build::Built;
use xtask::workspace::tables::split;
use xtask::workspace::{Chapter, Workspace};

use super::book::Book;
use super::site::Site;
use crate::system::peers::{Peer, Peers};
use crate::system::process::Program;

/// All that programs are made of.
#[derive(Debug)]
pub struct Programs<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its binaries.
    pub built: Built,
    /// The programs in other languages.
    pub peers: Peers,
    /// The site that they talk to.
    pub site: Site,
    /// The book's own programs, where the reader has them.
    pub book: Option<Book>,
}

/// A program, or why it cannot be run here.
#[derive(Debug)]
pub enum Ready {
    /// It can be run.
    Program(Program),
    /// It cannot, for this reason.
    Skipped(String),
}

/// What the programs of one table have in common.
#[derive(Clone, Debug)]
pub struct Setting {
    env: Vec<(&'static str, OsString)>,
    limit: Duration,
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
            site: Site::start()?,
            book,
        })
    }

    /// What the programs of a table have in common; makes the word file that they need.
    ///
    /// # Errors
    /// If the word file cannot be written.
    pub fn setting(
        &self,
        latency_ms: Option<u64>,
        ngrams: Option<u64>,
        limit: Duration,
    ) -> anyhow::Result<Setting> {
        let mut env: Vec<(&'static str, OsString)> =
            vec![("EXAMPLE_URL", self.site.url(latency_ms).into())];
        if let Some(rows) = ngrams {
            env.push(("NGRAMS_FILE", self.word_file(rows)?.into()));
        }
        Ok(Setting { env, limit })
    }

    /// A word file beside the binaries, made if it is not there.
    fn word_file(&self, rows: u64) -> anyhow::Result<PathBuf> {
        let path = self
            .workspace
            .target
            .join(format!("ngrams-{rows}-rows.tsv"));
        if !path.is_file() {
            ngrams::write_file(rows, &path)?;
        }
        Ok(path)
    }

    /// A listing with its arguments.
    ///
    /// # Errors
    /// If it was not built.
    pub fn listing(&self, text: &str, setting: &Setting) -> anyhow::Result<Program> {
        let (binary, args) = split(text);
        let command = vec![self.built.path(binary)?.into()];
        Ok(program(text.to_owned(), command, args, setting))
    }

    /// A peer with its arguments, or why it cannot be run. The arguments of one that serves are
    /// the modules that it needs.
    ///
    /// # Errors
    /// If it is not there.
    pub fn peer(&self, text: &str, serves: bool, setting: &Setting) -> anyhow::Result<Ready> {
        let (file, args) = split(text);
        let modules = if serves { args.as_slice() } else { &[] };
        Ok(match self.peers.prepare(file, modules)? {
            Peer::Ready { name, command } => Ready::Program(program(name, command, args, setting)),
            Peer::Skipped(reason) => Ready::Skipped(format!("{text} skipped: {reason}")),
        })
    }

    /// One of the book's programs, or why it cannot be run.
    pub fn of_book(&self, file: &str, setting: &Setting) -> Option<Ready> {
        let book = self.book.as_ref()?;
        Some(match book.command(file) {
            Ok((command, env)) => {
                let mut program = program(file.to_owned(), command, Vec::new(), setting);
                program.env.extend(env);
                program.folder = Some(book.folder.clone());
                Ready::Program(program)
            }
            Err(reason) => Ready::Skipped(format!("{file} skipped: {reason}")),
        })
    }
}

fn program(name: String, command: Vec<OsString>, args: Vec<String>, setting: &Setting) -> Program {
    Program {
        name,
        command,
        args,
        env: setting.env.clone(),
        folder: None,
        limit: setting.limit,
    }
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
