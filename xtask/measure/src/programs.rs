//! What is run: listings, programs in other languages, and the book's own, each with its arguments
//! and environment.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use tempfile::TempDir;
use util_ngrams as ngrams;
use util_web::ExampleSite;
use xtask::build::Built;
use xtask::workspace::Workspace;

use crate::plan::split;
use crate::process::{LIMIT, Program};

/// Sends what the book's programs ask of `https://www.example.com` to the example site: Python
/// imports a module of this name before it runs a program.
const SITE_CUSTOMIZE: &str = include_str!("../../peers/book/sitecustomize.py");

/// What systems call the interpreter.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// Programs in Python.
#[derive(Args, Clone, Debug)]
pub struct Python {
    /// Run the book's own programs too, from this checkout of its public code
    #[arg(long = "book", value_name = "DIR")]
    book: Option<PathBuf>,
    /// The interpreter of all programs in Python
    #[arg(long, value_name = "PATH", default_value = PYTHON)]
    python: PathBuf,
}

/// All that programs are made of.
#[derive(Debug)]
pub struct Programs<'a> {
    workspace: &'a Workspace,
    built: Built,
    site: ExampleSite,
    /// The URL that `EXAMPLE_URL` names, if the site is the reader's own.
    pub own_site: Option<String>,
    /// The top folder of the reader's checkout of the book's code.
    book: Option<PathBuf>,
    python: PathBuf,
    /// What is compiled, and what Python imports.
    folder: TempDir,
    left_out: RefCell<BTreeMap<String, Vec<String>>>,
}

impl<'a> Programs<'a> {
    /// Puts it all together. The site is started here.
    ///
    /// # Errors
    /// If the site cannot be had, no temporary folder be made, or the book's code is not there.
    pub fn new(workspace: &'a Workspace, built: Built, python: &Python) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let book = python.book.as_ref().map(|book| {
            let name = || format!("--book '{}'", book.display());
            book.canonicalize().with_context(name)
        });
        // A path is not looked up in PATH, and the book's programs run in its folder.
        let python = match python.python.components().count() {
            1 => python.python.clone(),
            _ => std::path::absolute(&python.python)?,
        };
        fs::write(folder.path().join("sitecustomize.py"), SITE_CUSTOMIZE)?;
        Ok(Self {
            workspace,
            built,
            site: ExampleSite::start()?,
            own_site: env::var("EXAMPLE_URL").ok(),
            book: book.transpose()?,
            python,
            folder,
            left_out: RefCell::default(),
        })
    }

    /// Notes that a program is left out.
    pub fn leave_out(&self, program: &str, reason: String) {
        let mut left_out = self.left_out.borrow_mut();
        let programs = left_out.entry(reason).or_default();
        if !programs.iter().any(|known| known == program) {
            programs.push(program.to_owned());
        }
    }

    /// What was left out, by the reason.
    pub fn left_out(&self) -> BTreeMap<String, Vec<String>> {
        self.left_out.borrow().clone()
    }

    /// What the programs of a table have in common, as one without a name: the site, with a
    /// latency of its own for each request, and the word file, made if it is not there. A site of
    /// the reader's own has the latency that it has, and is asked for nothing else.
    ///
    /// # Errors
    /// If the word file cannot be written.
    pub fn setting(&self, latency_ms: Option<u64>, ngrams: Option<u64>) -> anyhow::Result<Program> {
        let mut url = self.site.url().to_owned();
        if let Some(latency) = latency_ms.filter(|_| self.own_site.is_none()) {
            url += &format!("?latency_ms={latency}");
        }
        let mut env: Vec<(&str, OsString)> = vec![("EXAMPLE_URL", url.into())];
        if let Some(rows) = ngrams {
            let path = self
                .workspace
                .target
                .join(format!("ngrams-{rows}-rows.tsv"));
            if !path.is_file() {
                ngrams::write_file(rows, &path)?;
            }
            env.push(("NGRAMS_FILE", path.into()));
        }
        Ok(Program {
            env,
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

    /// A peer with its arguments, if it can be run here. The arguments of one that serves are the
    /// modules that it needs.
    pub fn peer(&self, text: &str, serves: bool, setting: &Program) -> Option<Program> {
        let (file, args) = split(text);
        let modules = if serves { &args[..] } else { &[] };
        match self.peer_command(file, modules) {
            Ok((name, command)) => Some(setting.named(name, command, args)),
            Err(why) => {
                self.leave_out(text, why.to_string());
                None
            }
        }
    }

    /// Its name, `echo (Python)`, and what to start before its own arguments.
    fn peer_command(
        &self,
        file: &str,
        modules: &[String],
    ) -> anyhow::Result<(String, Vec<OsString>)> {
        let source = self.workspace.root.join("xtask/peers").join(file);
        let compiled = |compiler: &str, options: &[&str]| {
            let binary = self.folder.path().join(file.replace('.', "-"));
            compile(compiler, options, &source, &binary)?;
            anyhow::Ok(vec![binary.into()])
        };
        let (stem, extension) = file.split_once('.').unwrap_or((file, ""));
        let (language, command) = match extension {
            "c" => ("C", compiled("gcc", &["-O2"])?),
            "go" => ("Go", compiled("go", &["build"])?),
            "py" => {
                let imports: String = modules.iter().map(|it| format!("import {it};")).collect();
                let import = [self.python.as_os_str(), "-c".as_ref(), imports.as_ref()];
                let imported = Program::of(import).run(LIMIT);
                imported.map_err(|error| anyhow::anyhow!(self.reason(&format!("{error:#}"))))?;
                ("Python", vec![self.python.clone().into(), source.into()])
            }
            _ => bail!("{} is neither C, Go nor Python", source.display()),
        };
        let with: String = modules.iter().map(|it| format!(", {it}")).collect();
        Ok((format!("{stem} ({language}{with})"), command))
    }

    /// The short name of a program: its listing's number and variant, with its arguments.
    pub fn label(&self, text: &str) -> String {
        let (binary, args) = split(text);
        let header = self
            .workspace
            .binary(binary)
            .map(|(_, listing)| &listing.header);
        match header.filter(|header| header.number.is_some()) {
            Some(header) => format!("{header} {}", args.join(" ")).trim().to_owned(),
            None => text.to_owned(),
        }
    }

    /// The book's program of the same number as one of a chapter's, if the reader has it.
    pub fn of_book(&self, text: &str, setting: &Program) -> Option<Program> {
        let book = self.book.as_ref()?;
        let (number, listing) = self.workspace.binary(split(text).0)?.1.header.number?;
        let file = format!("chapter_{number:02}/listing_{number}_{listing}.py");
        if !book.join(&file).is_file() {
            self.leave_out(&file, format!("it is not in {}", book.display()));
            return None;
        }
        let command = vec![self.python.clone().into(), file.clone().into()];
        let mut program = setting.named(file, command, Vec::new());
        let path = env::join_paths([self.folder.path(), book]).ok()?;
        program.env.push(("PYTHONPATH", path));
        program.env.push(("PYTHONDONTWRITEBYTECODE", "1".into()));
        program.folder = Some(book.clone());
        Some(program)
    }

    /// Why a program in Python failed: its traceback's last line tells, or what is missing.
    pub fn reason(&self, complaint: &str) -> String {
        let last = complaint.lines().next_back().unwrap_or(complaint).trim();
        let python = self.python.display();
        let missing = last.split_once("No module named '");
        match missing.and_then(|(_, rest)| rest.split(['\'', '.']).next()) {
            Some(module) => format!("no {module} ({python} -m pip install {module})"),
            None if complaint.contains("cannot be started") => format!("{python} does not run"),
            None => last.to_owned(),
        }
    }
}

/// Runs a compiler. A peer may need what this system does not have.
fn compile(compiler: &str, options: &[&str], source: &Path, binary: &Path) -> anyhow::Result<()> {
    let mut command = Program::of([compiler]);
    command.command.extend(options.iter().map(Into::into));
    command
        .command
        .extend(["-o".into(), binary.into(), source.into()]);
    let Err(error) = command.run(LIMIT) else {
        return Ok(());
    };
    let text = format!("{error:#}");
    ensure!(
        !text.contains("cannot be started"),
        "{compiler} is not installed"
    );
    let reason = text
        .lines()
        .find(|line| line.contains("error"))
        .unwrap_or(&text);
    bail!("{compiler} does not compile it here: {}", reason.trim())
}
