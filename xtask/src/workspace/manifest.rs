//! What the chapters' manifests have to be measured and drawn, checked before anything runs.

use std::collections::HashSet;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use super::tables::{ComparisonTable, CurveTable, FigureTable, LoadTable, Work, split};
use super::{Chapter, Workspace, parse_number};

/// All tables of all chapters, each with its chapter.
#[derive(Clone, Debug, Default)]
pub struct Manifests<'a> {
    /// Programs to compare.
    pub comparisons: Vec<(&'a Chapter, ComparisonTable)>,
    /// Servers to put under load.
    pub loads: Vec<(&'a Chapter, LoadTable)>,
    /// Programs to run at growing counts.
    pub curves: Vec<(&'a Chapter, CurveTable)>,
    /// Timelines to draw.
    pub figures: Vec<(&'a Chapter, FigureTable)>,
}

/// A table that is measured.
trait Table: for<'de> Deserialize<'de> {
    fn name(&self) -> &str;
    /// The binaries that it runs.
    fn binaries(&self) -> Vec<&str>;
    fn check(&self, chapter: &Chapter, workspace: &Workspace) -> anyhow::Result<()>;
}

impl Table for ComparisonTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn binaries(&self) -> Vec<&str> {
        let programs = self.contenders.iter().chain([&self.baseline]);
        programs.map(|program| split(program).0).collect()
    }

    fn check(&self, chapter: &Chapter, _: &Workspace) -> anyhow::Result<()> {
        require_binaries(self, chapter)?;
        let contenders = self.contenders.len();
        ensure!(contenders > 0, "nothing competes in it");
        let mut programs = HashSet::from([&self.baseline]);
        ensure!(
            self.contenders.iter().all(|it| programs.insert(it)),
            "it names a program twice"
        );
        if let Some(stranger) = self.python.keys().find(|key| !programs.contains(key)) {
            bail!("its python names '{stranger}', which it does not run");
        }
        ensure!(
            !self.expect.is_empty(),
            "it expects no output, so a wrong program would pass"
        );
        if let Some(Work {
            overlap,
            at_once,
            threads,
            ..
        }) = &self.bound
        {
            ensure!(
                overlap.is_finite() && *overlap >= 1.0,
                "its overlap of {overlap} is not 1 or more"
            );
            for (what, count) in [("at_once", at_once.len()), ("threads", threads.len())] {
                ensure!(
                    count == 0 || count == contenders,
                    "its bound has {count} numbers for {what} and the comparison {contenders} \
                     programs"
                );
            }
            let positive = at_once.iter().all(|many| many.on(1).is_some()) && !threads.contains(&0);
            ensure!(
                positive,
                "a number in its bound is neither 1 or more nor 'cores + 4'"
            );
        }
        if let Some(clock) = &self.clock {
            ensure!(
                clock.matches("[..]").count() == 1,
                "its clock '{clock}' has not one [..] for the seconds"
            );
        }
        let limit = self.limit;
        ensure!(
            limit.is_finite() && limit > 0.0,
            "its limit of {limit} s is not above 0"
        );
        if let Some(book) = &self.book {
            ensure!(
                book.contenders.len() == contenders,
                "the book has {} figures for its contenders and the comparison {contenders} \
                 programs",
                book.contenders.len(),
            );
            let mut figures = book.contenders.iter().chain([&book.baseline]);
            ensure!(
                figures.all(|figure| *figure > 0.0),
                "a figure of the book is not above 0"
            );
        }
        Ok(())
    }
}

impl Table for LoadTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn binaries(&self) -> Vec<&str> {
        self.servers.iter().map(String::as_str).collect()
    }

    fn check(&self, chapter: &Chapter, _: &Workspace) -> anyhow::Result<()> {
        require_binaries(self, chapter)?;
        ensure!(!self.servers.is_empty(), "it has no servers");
        ensure!(
            !self.connections.is_empty() && !self.connections.contains(&0),
            "its connections are not numbers from 1 up"
        );
        Ok(())
    }
}

impl Table for CurveTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn binaries(&self) -> Vec<&str> {
        let programs = self.programs.iter();
        programs.map(|program| split(program).0).collect()
    }

    fn check(&self, _: &Chapter, workspace: &Workspace) -> anyhow::Result<()> {
        ensure!(!self.programs.is_empty(), "it has no programs");
        ensure!(
            !self.steps.is_empty() && !self.steps.contains(&0),
            "its steps are not numbers from 1 up"
        );
        for binary in self.binaries() {
            let found = workspace.binary(binary).is_some();
            ensure!(found, "there is no binary '{binary}'");
        }
        let programs = || self.programs.iter().chain(&self.peers);
        ensure!(
            programs().all(|program| program.contains("{}")),
            "a program has no {{}} for the count"
        );
        let stranger = |it: &&String| !programs().any(|known| known == *it);
        if let Some(stranger) = self.most.keys().find(stranger) {
            bail!("its most names '{stranger}', which it does not run");
        }
        Ok(())
    }
}

fn require_binaries(table: &impl Table, chapter: &Chapter) -> anyhow::Result<()> {
    for binary in table.binaries() {
        let found = chapter.binary(binary).is_some();
        ensure!(found, "there is no binary '{binary}' in {}", chapter.name);
    }
    Ok(())
}

impl<'a> Manifests<'a> {
    /// Reads and checks the tables of all chapters.
    ///
    /// # Errors
    /// If a manifest has a mistake.
    pub fn read(workspace: &'a Workspace) -> anyhow::Result<Self> {
        let mut all = Self::default();
        for chapter in &workspace.chapters {
            let mut read = || {
                all.comparisons
                    .extend(checked(workspace, chapter, "bench")?);
                all.loads.extend(checked(workspace, chapter, "load")?);
                all.curves.extend(checked(workspace, chapter, "scale")?);
                for table in tables(chapter, "figure")? {
                    all.figures.push((
                        chapter,
                        FigureTable::deserialize(table).context("a figure")?,
                    ));
                }
                anyhow::Ok(())
            };
            read().with_context(|| format!("the manifest of {}", chapter.name))?;
        }
        let comparisons = all.comparisons.iter().map(|(_, it)| &it.name);
        let mut seen = HashSet::new();
        let mut names = comparisons.chain(all.loads.iter().map(|(_, it)| &it.name));
        if let Some(twice) = names.find(|name| !seen.insert(*name)) {
            bail!("two comparisons are called '{twice}'");
        }
        Ok(all)
    }

    /// Keeps what `filters` choose, or everything where there are none. A filter is a part of a
    /// name, a chapter, or the number of a listing.
    ///
    /// # Errors
    /// If a filter chooses nothing; `what` says what it could have been.
    pub fn keep(&mut self, filters: &[String], what: &str) -> anyhow::Result<()> {
        fn names<T: Table>(tables: &[(&Chapter, T)]) -> Vec<String> {
            tables.iter().map(|(_, it)| it.name().to_owned()).collect()
        }
        for filter in filters {
            let chosen = self.comparisons.iter().any(|it| chooses(filter, it))
                || self.loads.iter().any(|it| chooses(filter, it))
                || self.curves.iter().any(|it| chooses(filter, it));
            let names = [
                names(&self.comparisons),
                names(&self.curves),
                names(&self.loads),
            ]
            .concat();
            ensure!(
                chosen,
                "no {what} is chosen by '{filter}'; there are {}",
                names.join(", ")
            );
        }
        if !filters.is_empty() {
            let chosen = |filter: &String, it: &(&Chapter, ComparisonTable)| chooses(filter, it);
            self.comparisons
                .retain(|it| filters.iter().any(|filter| chosen(filter, it)));
            self.loads
                .retain(|it| filters.iter().any(|filter| chooses(filter, it)));
            self.curves
                .retain(|it| filters.iter().any(|filter| chooses(filter, it)));
        }
        Ok(())
    }

    /// The binaries of all that is measured.
    pub fn binaries(&self) -> Vec<&str> {
        let comparisons = self.comparisons.iter().flat_map(|(_, it)| it.binaries());
        let loads = self.loads.iter().flat_map(|(_, it)| it.binaries());
        let curves = self.curves.iter().flat_map(|(_, it)| it.binaries());
        comparisons.chain(loads).chain(curves).collect()
    }
}

fn chooses<T: Table>(filter: &str, (chapter, table): &(&Chapter, T)) -> bool {
    if let Some(number) = parse_number(filter) {
        return table.binaries().iter().any(|binary| {
            let listing = chapter.binary(binary);
            listing.is_some_and(|listing| listing.header.number == Some(number))
        });
    }
    chapter.is_called(filter) || table.name().to_lowercase().contains(&filter.to_lowercase())
}

/// The `[[package.metadata.KIND]]` tables of a chapter.
fn tables<'a>(chapter: &'a Chapter, kind: &str) -> anyhow::Result<&'a [serde_json::Value]> {
    match chapter.metadata.get(kind) {
        None => Ok(&[]),
        Some(tables) => Ok(tables
            .as_array()
            .with_context(|| format!("'{kind}' is not [[package.metadata.{kind}]]"))?),
    }
}

fn checked<'a, T: Table>(
    workspace: &Workspace,
    chapter: &'a Chapter,
    kind: &str,
) -> anyhow::Result<Vec<(&'a Chapter, T)>> {
    let tables = tables(chapter, kind)?.iter().enumerate();
    let checked = tables.map(|(index, table)| {
        let read = || {
            let table = T::deserialize(table)?;
            table.check(chapter, workspace)?;
            anyhow::Ok((chapter, table))
        };
        read().with_context(|| {
            let name = table.get("name").and_then(|name| name.as_str());
            let number = (index + 1).to_string();
            let what = if kind == "scale" {
                "curve"
            } else {
                "comparison"
            };
            format!("{what} '{}'", name.unwrap_or(&number))
        })
    });
    checked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifests_of_this_workspace_are_sound() {
        let workspace = Workspace::load().unwrap();
        let all = Manifests::read(&workspace).unwrap();
        assert!(all.comparisons.len() > 20 && all.curves.len() >= 3);
        assert!(!all.loads.is_empty() && !all.figures.is_empty());
        let peers = all.curves.iter().flat_map(|(_, it)| &it.peers);
        let peers = peers.chain(all.loads.iter().flat_map(|(_, it)| &it.peers));
        let peers = peers.chain(all.comparisons.iter().flat_map(|(_, it)| &it.peers));
        for peer in peers {
            let file = workspace.root.join("xtask/peers").join(split(peer).0);
            assert!(file.is_file(), "{peer}");
        }
    }

    #[test]
    fn a_filter_is_a_name_a_chapter_or_a_number() {
        let workspace = Workspace::load().unwrap();
        let all = Manifests::read(&workspace).unwrap();
        let chosen = |filter: &str| {
            let mut all = all.clone();
            all.keep(&[filter.to_owned()], "comparison")
                .map(|()| all.comparisons)
        };
        assert!(!chosen("ch01").unwrap().is_empty());
        assert_eq!(chosen("FIBONACCI").unwrap().len(), 1);
        assert_eq!(chosen("1.5").unwrap().len(), 1);
        let error = chosen("nothing").unwrap_err().to_string();
        assert!(error.starts_with("no comparison is chosen by 'nothing'; there are fibonacci, "));
    }

    #[test]
    fn each_field_of_a_table_is_documented() {
        // serde names them all where it meets one that it does not know.
        fn known<T: for<'de> Deserialize<'de>>() -> String {
            let error = serde_json::from_str::<T>("{\"unknown field\": 1}").err();
            error.map(|error| error.to_string()).unwrap_or_default()
        }
        let readme = include_str!("../../README.md");
        for fields in [
            known::<ComparisonTable>(),
            known::<LoadTable>(),
            known::<CurveTable>(),
            known::<FigureTable>(),
            known::<Work>(),
        ] {
            let names: Vec<_> = fields.split('`').skip(3).step_by(2).collect();
            assert!(names.len() >= 3, "{fields}");
            for name in names {
                assert!(readme.contains(&format!("`{name}`")), "{name}");
            }
        }
    }
}
