//! The tables in the chapters' manifests that say what to measure and draw. They are checked before
//! anything runs.

use std::collections::HashSet;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

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

/// A table of a manifest.
trait Table: for<'de> Deserialize<'de> {
    /// It is `[[package.metadata.KIND]]`.
    const KIND: &'static str;

    /// What messages call it.
    const WHAT: &'static str = "comparison";

    fn name(&self) -> &str;

    /// The programs that it runs, with their arguments.
    fn programs(&self) -> Vec<&String>;

    fn check(&self) -> anyhow::Result<()> {
        Ok(())
    }

    fn binaries(&self) -> impl Iterator<Item = &str> {
        let programs = self.programs().into_iter();
        programs.map(|program| split(program).0)
    }
}

impl Table for ComparisonTable {
    const KIND: &'static str = "bench";

    fn name(&self) -> &str {
        &self.name
    }

    fn programs(&self) -> Vec<&String> {
        self.contenders.iter().chain([&self.baseline]).collect()
    }

    fn check(&self) -> anyhow::Result<()> {
        let contenders = self.contenders.len();
        ensure!(contenders > 0, "nothing competes in it");
        let programs: HashSet<_> = self.programs().into_iter().collect();
        ensure!(programs.len() == contenders + 1, "it names a program twice");
        if let Some(stranger) = self.python.keys().find(|key| !programs.contains(key)) {
            bail!("its python names '{stranger}', which it does not run");
        }
        let expects = !self.expect.is_empty();
        ensure!(
            expects,
            "it expects no output, so a wrong program would pass"
        );
        if let Some(bound) = &self.bound {
            check_bound(bound, contenders)?;
        }
        if let Some(clock) = &self.clock {
            let one = clock.matches("[..]").count() == 1;
            ensure!(one, "its clock '{clock}' has not one [..] for the seconds");
        }
        let limit = self.limit;
        let ends = limit.is_finite() && limit > 0.0;
        ensure!(ends, "its limit of {limit} s is not above 0");
        if let Some(book) = &self.book {
            let many = book.contenders.len();
            ensure!(
                many == contenders,
                "the book has {many} figures for its contenders and the comparison {contenders} \
                 programs"
            );
            let mut figures = book.contenders.iter().chain([&book.baseline]);
            let positive = figures.all(|figure| *figure > 0.0);
            ensure!(positive, "a figure of the book is not above 0");
        }
        Ok(())
    }
}

fn check_bound(bound: &Work, contenders: usize) -> anyhow::Result<()> {
    let (overlap, at_once, threads) = (bound.overlap, &bound.at_once, &bound.threads);
    let sensible = overlap.is_finite() && overlap >= 1.0;
    ensure!(sensible, "its overlap of {overlap} is not 1 or more");
    for (what, count) in [("at_once", at_once.len()), ("threads", threads.len())] {
        ensure!(
            count == 0 || count == contenders,
            "its bound has {count} numbers for {what} and the comparison {contenders} programs"
        );
    }
    let positive = at_once.iter().all(|many| many.on(1).is_some()) && !threads.contains(&0);
    let problem = "a number in its bound is neither 1 or more nor 'cores + 4'";
    ensure!(positive, problem);
    Ok(())
}

impl Table for LoadTable {
    const KIND: &'static str = "load";

    fn name(&self) -> &str {
        &self.name
    }

    fn programs(&self) -> Vec<&String> {
        self.servers.iter().collect()
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.servers.is_empty(), "it has no servers");
        let counts = !self.connections.is_empty() && !self.connections.contains(&0);
        ensure!(counts, "its connections are not numbers from 1 up");
        Ok(())
    }
}

impl Table for CurveTable {
    const KIND: &'static str = "scale";
    const WHAT: &'static str = "curve";

    fn name(&self) -> &str {
        &self.name
    }

    fn programs(&self) -> Vec<&String> {
        self.programs.iter().collect()
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.programs.is_empty(), "it has no programs");
        let counts = !self.steps.is_empty() && !self.steps.contains(&0);
        ensure!(counts, "its steps are not numbers from 1 up");
        let programs: Vec<&String> = self.programs.iter().chain(&self.peers).collect();
        let counted = programs.iter().all(|program| program.contains("{}"));
        ensure!(counted, "a program has no {{}} for the count");
        if let Some(stranger) = self.most.keys().find(|key| !programs.contains(key)) {
            bail!("its most names '{stranger}', which it does not run");
        }
        Ok(())
    }
}

impl Table for FigureTable {
    const KIND: &'static str = "figure";
    const WHAT: &'static str = "figure";

    fn name(&self) -> &str {
        &self.title
    }

    fn programs(&self) -> Vec<&String> {
        vec![&self.run]
    }
}

/// Tables of one kind, each with its chapter.
type Tables<'a, T> = Vec<(&'a Chapter, T)>;

impl<'a> Manifests<'a> {
    /// Reads and checks the tables of all chapters.
    ///
    /// # Errors
    /// If a manifest has a mistake.
    pub fn read(workspace: &'a Workspace) -> anyhow::Result<Self> {
        let all = Self {
            comparisons: tables(workspace)?,
            loads: tables(workspace)?,
            curves: tables(workspace)?,
            figures: tables(workspace)?,
        };
        let comparisons = all.comparisons.iter().map(|(_, it)| &it.name);
        let mut seen = HashSet::new();
        let mut names = comparisons.chain(all.loads.iter().map(|(_, it)| &it.name));
        if let Some(twice) = names.find(|name| !seen.insert(*name)) {
            bail!("two comparisons are called '{twice}'");
        }
        Ok(all)
    }

    /// Keeps what `filters` choose, or everything if there are none. A filter is part of a name, a
    /// chapter, or the number of a listing.
    ///
    /// # Errors
    /// If a filter chooses nothing. `what` is the kind of table for the message.
    pub fn keep(&mut self, filters: &[String], what: &str) -> anyhow::Result<()> {
        let (mut used, mut names) = (HashSet::new(), Vec::new());
        keep(&mut self.comparisons, filters, &mut used, &mut names);
        keep(&mut self.curves, filters, &mut used, &mut names);
        keep(&mut self.loads, filters, &mut used, &mut names);
        if let Some(filter) = filters.iter().find(|filter| !used.contains(filter)) {
            let names = names.join(", ");
            bail!("no {what} is chosen by '{filter}'; there are {names}");
        }
        Ok(())
    }

    /// Leaves what `bench` measures.
    pub fn leave_comparisons(&mut self) {
        self.curves.clear();
        self.loads.iter_mut().for_each(|(_, it)| it.scale.clear());
    }

    /// Leaves what `scale` measures.
    pub fn leave_curves(&mut self) {
        self.comparisons.clear();
        self.loads.retain(|(_, it)| !it.scale.is_empty());
        let loads = self.loads.iter_mut();
        loads.for_each(|(_, it)| it.connections.clear());
    }

    /// The binaries of all that is measured.
    pub fn binaries(&self) -> Vec<&str> {
        let comparisons = self.comparisons.iter().flat_map(|(_, it)| it.binaries());
        let loads = self.loads.iter().flat_map(|(_, it)| it.binaries());
        let curves = self.curves.iter().flat_map(|(_, it)| it.binaries());
        comparisons.chain(loads).chain(curves).collect()
    }
}

/// Keeps the tables that a filter chooses, and says which filters chose one and what names there
/// were.
fn keep<'f, T: Table>(
    tables: &mut Tables<T>,
    filters: &'f [String],
    used: &mut HashSet<&'f String>,
    names: &mut Vec<String>,
) {
    tables.retain(|(chapter, table)| {
        names.push(table.name().to_owned());
        let choose = filters.iter().filter(|it| chooses(it, chapter, table));
        let choosing: Vec<&String> = choose.collect();
        used.extend(&choosing);
        filters.is_empty() || !choosing.is_empty()
    });
}

fn chooses(filter: &str, chapter: &Chapter, table: &impl Table) -> bool {
    if let Some(number) = parse_number(filter) {
        let mut listings = table.binaries().filter_map(|it| chapter.binary(it));
        return listings.any(|listing| listing.header.number == Some(number));
    }
    chapter.is_called(filter) || table.name().to_lowercase().contains(&filter.to_lowercase())
}

/// The tables of one kind of all chapters.
fn tables<T: Table>(workspace: &Workspace) -> anyhow::Result<Tables<'_, T>> {
    let mut all = Vec::new();
    for chapter in &workspace.chapters {
        let mut read = || {
            let values = chapter.metadata.get(T::KIND).cloned().unwrap_or(json!([]));
            let values: Vec<Value> = serde_json::from_value(values)
                .with_context(|| format!("'{0}' is not [[package.metadata.{0}]]", T::KIND))?;
            for (index, value) in values.iter().enumerate() {
                let name = value["name"].as_str().map(String::from);
                let name = name.unwrap_or_else(|| (index + 1).to_string());
                let table = checked(value, chapter, workspace);
                let table = table.with_context(|| format!("{} '{name}'", T::WHAT))?;
                all.push((chapter, table));
            }
            anyhow::Ok(())
        };
        read().with_context(|| format!("the manifest of {}", chapter.name))?;
    }
    Ok(all)
}

fn checked<T: Table>(value: &Value, chapter: &Chapter, workspace: &Workspace) -> anyhow::Result<T> {
    let table = T::deserialize(value)?;
    for binary in table.binaries() {
        // Curves show programs of any chapter.
        let anywhere = T::KIND == "scale" && workspace.binary(binary).is_some();
        let here = anywhere || chapter.binary(binary).is_some();
        ensure!(here, "there is no binary '{binary}' in {}", chapter.name);
    }
    table.check()?;
    Ok(table)
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
        // If serde finds an unknown field, it names all known ones.
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
