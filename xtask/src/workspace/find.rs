//! Finds the listing that a reader means by `2.9` or part of a name.

use anyhow::bail;

use super::{Chapter, Listing, Workspace, parse_number};

impl Workspace {
    /// The listing that a reader means by `2.9`, `2.09` or part of its binary's name.
    ///
    /// # Errors
    /// If there is none, or several. The message then lists candidates.
    pub fn find(&self, wanted: &str) -> anyhow::Result<(&Chapter, &Listing)> {
        let number = parse_number(wanted);
        let fits = |listing: &Listing| match number {
            Some(_) => listing.header.number == number,
            None => listing.name().contains(wanted),
        };
        // A number means the book's own listing, a whole name that one.
        let exact = |listing: &Listing| match number {
            Some(_) => listing.header.variant.is_none(),
            None => listing.name() == wanted,
        };
        let mut found: Vec<_> = self.listings().filter(|(_, it)| fits(it)).collect();
        if found.iter().filter(|(_, listing)| exact(listing)).count() == 1 {
            found.retain(|(_, listing)| exact(listing));
        }
        match found.as_slice() {
            [] => bail!("{}", no_such_listing(self, wanted)),
            [only] => Ok(*only),
            several => {
                let names = several.iter().map(|(_, it)| format!("\n  {}", it.name()));
                let names: String = names.collect();
                bail!("'{wanted}' is ambiguous; it may be{names}")
            }
        }
    }
}

impl Listing {
    /// The name that a reader can use for it.
    pub fn name(&self) -> &str {
        let stem = || self.path.file_stem().and_then(|stem| stem.to_str());
        self.binary.as_deref().or_else(stem).unwrap_or_default()
    }
}

fn no_such_listing(workspace: &Workspace, wanted: &str) -> String {
    let closeness = |name: &str| {
        // A reader may remember the slug alone, "fib_thread".
        let slug = name.splitn(4, '_').nth(3).unwrap_or(name);
        strsim::jaro_winkler(wanted, name).max(strsim::jaro_winkler(wanted, slug))
    };
    let names = workspace.listings().map(|(_, listing)| listing.name());
    let mut near: Vec<_> = names.map(|name| (closeness(name), name)).collect();
    near.retain(|(closeness, _)| *closeness > 0.75);
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let near: Vec<_> = near.iter().take(3).map(|(_, name)| *name).collect();
    let hint = match near.as_slice() {
        [] => "`cargo xtask list` shows them all".to_owned(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    format!("there is no listing '{wanted}'; {hint}")
}
