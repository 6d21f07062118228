//! The workspace with its chapters and their listings.
//!
//! There is no list to maintain. Cargo knows the binaries, and the first line of each source says
//! which listing it is.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::Value;

use self::cargo::{Metadata, Package, Target};

mod cargo;
mod find;
mod header;

pub use self::header::{Header, Kind, Notes, parse_number};

/// The workspace that the current directory belongs to.
#[derive(Debug)]
pub struct Workspace {
    /// Its top folder.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// The chapters in order, followed by the book's `util` package.
    pub chapters: Vec<Chapter>,
    /// Whether packages have the feature `tls`, for sites with https.
    pub has_tls: bool,
}

/// A chapter's package, or `util`.
#[derive(Debug)]
pub struct Chapter {
    /// The package's name, such as `ch02-basics`.
    pub name: String,
    /// The package's description.
    pub title: String,
    /// Its listings: by number, each base listing before its variants, unnumbered ones last.
    pub listings: Vec<Listing>,
    /// `package.metadata` of its manifest.
    pub metadata: Value,
}

/// A listing: a binary, or a module that listings share.
#[derive(Debug, PartialEq, Eq)]
pub struct Listing {
    /// The facts of its first line.
    pub header: Header,
    /// Its source file.
    pub path: PathBuf,
    /// The binary's name; `None` for a module.
    pub binary: Option<String>,
    /// The features that the binary needs.
    pub features: Vec<String>,
    /// The facts of the last paragraph of its header.
    pub notes: Notes,
}

impl Listing {
    /// A source that begins with a header; `target` is the binary that it is of.
    fn read(path: PathBuf, target: Option<&Target>) -> anyhow::Result<Option<Self>> {
        let lines = header::lines(&path)?;
        let first = lines.first().map_or("", String::as_str);
        let Some(header) = Header::parse(first) else {
            return Ok(None);
        };
        let notes = Notes::parse(&lines).with_context(|| path.display().to_string())?;
        Ok(Some(Self {
            header,
            path,
            binary: target.map(|it| it.name.clone()),
            features: target.map_or_else(Vec::new, |it| it.features.clone()),
            notes,
        }))
    }

    /// How long it takes, or what it needs.
    pub fn kind(&self) -> Kind {
        match self.binary {
            None => Kind::Library,
            Some(_) => self.notes.kind,
        }
    }

    /// How the names of its experiments begin: `2_09_` or `event_loop__`.
    pub fn prefix(&self) -> String {
        match self.header.number {
            Some((chapter, number)) => format!("{chapter}_{number:02}_"),
            None => format!("{}__", self.name()),
        }
    }

    /// Whether it runs and ends without a reader who talks to it or stops it.
    pub fn ends_by_itself(&self) -> bool {
        let until = |takes: &String| takes.starts_with("until");
        self.kind() == Kind::Runs && !self.notes.takes.as_ref().is_some_and(until)
    }
}

impl Workspace {
    /// Reads the workspace of the current directory.
    ///
    /// # Errors
    /// If Cargo finds none, or a binary's first line does not say which listing it is.
    pub fn load() -> anyhow::Result<Self> {
        let metadata = Metadata::read().context("cannot read the workspace")?;
        for package in &metadata.packages {
            check_name(package, &metadata.workspace_root)?;
        }
        let has_tls = |it: &Package| it.features.contains_key("tls");
        let has_tls = metadata.packages.iter().any(has_tls);
        let is_ours = |name: &str| name == "util" || chapter_number(name).is_some();
        let mut packages = metadata.packages;
        packages.retain(|package| is_ours(&package.name));
        // Chapters sort by their numbers, "util" comes after "ch…".
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        let chapters = packages.iter().map(Chapter::load);
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            chapters: chapters.collect::<anyhow::Result<_>>()?,
            has_tls,
        })
    }

    /// The chapter that a reader means by `2`, `ch02` or `ch02-basics`.
    ///
    /// # Errors
    /// If there is none.
    pub fn chapter(&self, wanted: &str) -> anyhow::Result<&Chapter> {
        let mut chapters = self.chapters.iter();
        chapters.find(|it| it.is_called(wanted)).with_context(|| {
            let names: Vec<_> = self.chapters.iter().map(|c| c.name.as_str()).collect();
            let names = names.join(", ");
            format!("there is no chapter '{wanted}'; there are {names}")
        })
    }

    /// All listings, each with its chapter.
    pub fn listings(&self) -> impl Iterator<Item = (&Chapter, &Listing)> {
        self.chapters.iter().flat_map(|chapter| {
            let listings = chapter.listings.iter();
            listings.map(move |listing| (chapter, listing))
        })
    }

    /// The listing whose binary is called `binary`, and its chapter.
    pub fn binary(&self, binary: &str) -> Option<(&Chapter, &Listing)> {
        self.listings()
            .find(|(_, listing)| listing.binary.as_deref() == Some(binary))
    }

    /// `path` relative to the top folder.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// A folder at the top whose name begins with `ch` is a chapter, and its package has the same name.
fn check_name(package: &Package, root: &Path) -> anyhow::Result<()> {
    let folder = package.manifest_path.parent();
    let folder = folder.filter(|it| it.parent().is_some_and(|it| it == root));
    let Some(folder) = folder.and_then(|it| it.file_name()?.to_str()) else {
        return Ok(());
    };
    let name = &package.name;
    let is_chapter = chapter_number(folder).is_some() && name == folder;
    ensure!(
        !folder.starts_with("ch") || is_chapter,
        "the package '{name}' in the folder '{folder}' is no chapter: both must have the same \
         name, such as ch02-basics"
    );
    Ok(())
}

/// The 2 of `ch02-basics`.
fn chapter_number(package: &str) -> Option<u32> {
    let (number, _) = package.strip_prefix("ch")?.split_once('-')?;
    number.parse().ok()
}

impl Chapter {
    fn load(package: &Package) -> anyhow::Result<Self> {
        let mut listings = Vec::new();
        for target in package.targets.iter().filter(|target| target.is_bin()) {
            let source = &target.src_path;
            let listing = Listing::read(source.clone(), Some(target))?;
            let header = "'//! Listing 1.2: Title.' or '//! Example: Title.'";
            let problem = || format!("{} does not begin with {header}", source.display());
            listings.push(listing.with_context(problem)?);
        }
        if let Some(folder) = package.manifest_path.parent() {
            library_listings(&folder.join("src"), &mut listings)?;
        }
        listings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        Ok(Self {
            name: package.name.clone(),
            title: package.description.clone().unwrap_or_default(),
            listings,
            metadata: package.metadata.clone(),
        })
    }

    /// The 2 of `ch02-basics`; `None` for `util`.
    pub fn number(&self) -> Option<u32> {
        chapter_number(&self.name)
    }

    /// Whether a reader means this chapter by `2`, `ch02` or `ch02-basics`.
    pub fn is_called(&self, wanted: &str) -> bool {
        self.name == wanted
            || self.name.split('-').next() == Some(wanted)
            || (wanted.parse().ok()).is_some_and(|number| self.number() == Some(number))
    }

    /// The listing whose binary is called `binary`.
    pub fn binary(&self, binary: &str) -> Option<&Listing> {
        let mut listings = self.listings.iter();
        listings.find(|listing| listing.binary.as_deref() == Some(binary))
    }
}

/// Finds the modules under `folder` that are listings, in the book or beside it.
fn library_listings(folder: &Path, listings: &mut Vec<Listing>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "bin") {
            library_listings(&path, listings)?;
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_some_and(|name| name != "main.rs")
            && let Some(listing) = Listing::read(path, None)?
        {
            listings.push(listing);
        }
    }
    Ok(())
}

fn sort_key(listing: &Listing) -> impl Ord {
    let (number, variant) = (listing.header.number, &listing.header.variant);
    let place = (listing.binary.as_deref(), &listing.path);
    (number.is_none(), number, variant.is_some(), place)
}
