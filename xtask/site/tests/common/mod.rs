//! What the tests of the site share: the site, built once.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;
use xtask::workspace::Workspace;
use xtask_site::{book, site};

/// The top folder of the workspace.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// The workspace whose listings the site shows.
pub fn workspace() -> Workspace {
    // This package is a workspace of its own, and Cargo goes by the current folder.
    env::set_current_dir(root()).unwrap();
    Workspace::load().unwrap()
}

/// A built site.
pub struct Built {
    folder: TempDir,
}

impl Built {
    /// Builds it, with the programs of `book` where there is one.
    pub fn new(book: Option<&Path>) -> Self {
        let workspace = workspace();
        let folder = tempfile::tempdir().unwrap();
        let site = site::site(&workspace, book).unwrap();
        let pages = folder.path().join("pages");
        book::build(&site, &workspace.root, &pages, &folder.path().join("site")).unwrap();
        Self { folder }
    }

    /// Where its pages are.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// A page as it is in its file.
    #[allow(dead_code, reason = "only one of the two tests reads files")]
    pub fn read(&self, page: &str) -> String {
        fs::read_to_string(self.path().join(page)).unwrap()
    }

    /// The names of all pages, sorted.
    pub fn pages(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut pages: Vec<String> = names
            .filter(|name| name.ends_with(".html") && name != "toc.html")
            .collect();
        pages.sort();
        pages
    }
}

/// The site without the book's programs, as it is published.
pub fn built() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| Built::new(None))
}
