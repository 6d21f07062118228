//! What is measured and drawn: the tables in the chapters' manifests, which `xtask/README.md`
//! describes. They are checked before anything runs.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use xtask::workspace::{Chapter, Workspace, parse_number};
use xtask_report::data::WorkKind;
use xtask_report::text::thousands;

/// `[[package.metadata.bench]]`: a program and its contenders.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonTable {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// The program that the others are compared with. With a bound, it does one thing after the
    /// other.
    pub baseline: String,
    /// The programs that compete with it.
    pub contenders: Vec<String>,
    /// What the work is made of, if the contenders gain by concurrency.
    pub bound: Option<Bound>,
    /// The seconds that the book prints for the baseline and for each contender, as far as it does.
    #[serde(default)]
    pub book: Vec<f64>,
    /// The programs whose work the book's program of the same number does.
    #[serde(default)]
    pub python: Vec<String>,
    /// The lines that each program must print, in any order; `[..]` matches anything within a line.
    pub expect: Vec<String>,
    /// The line in which each program prints the time of the measured part, at its last `[..]`.
    /// Without it, the time is that of the whole process.
    pub clock: Option<String>,
    /// Programs in `xtask/peers` that do the work of the first contender in another language.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The latency of the example site.
    pub latency_ms: Option<u64>,
    /// The number of rows in the word file, which `NGRAMS_FILE` then names.
    pub ngrams: Option<u64>,
    /// A program that its listings start. If it is not installed, the comparison is left out.
    pub needs: Option<String>,
    /// Whether its programs start others. The peak memory is then that of the largest process.
    #[serde(default)]
    pub processes: bool,
}

/// What the work of a comparison is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// What it does.
    pub kind: WorkKind,
    /// The whole work divided by its longest part; a whole number means this many equal parts.
    pub overlap: f64,
    /// For each contender, how many parts can wait or compute at once, if not all.
    #[serde(default)]
    pub at_once: Vec<AtOnce>,
}

/// How many parts go on at once.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum AtOnce {
    /// This many.
    Number(f64),
    /// `cores + 4`, such as a pool's default.
    Cores(String),
}

impl AtOnce {
    /// The number on a machine with this many cores; `None` if it is neither.
    pub fn on(&self, cores: usize) -> Option<f64> {
        let number = match self {
            Self::Number(number) => *number,
            Self::Cores(text) => {
                let more = text.strip_prefix("cores + ")?;
                cores as f64 + more.parse::<f64>().ok()?
            }
        };
        (number >= 1.0).then_some(number)
    }
}

/// `[[package.metadata.load]]`: servers under load.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadTable {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// The chapter's server binaries.
    pub servers: Vec<String>,
    /// Files in `xtask/peers`, each with the Python modules that it needs.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The numbers of connections to measure at.
    pub connections: Vec<usize>,
    /// The numbers of connections for `cargo xtask scale`.
    #[serde(default)]
    pub scale: Vec<usize>,
}

impl LoadTable {
    /// What the report calls the comparison of the servers with this many clients.
    pub fn comparison(&self, clients: usize) -> String {
        let plural = if clients == 1 { "" } else { "s" };
        format!("{}, {} client{plural}", self.name, thousands(clients))
    }

    /// What it calls their curve: the time in which each client gets one answer.
    pub fn curve(&self) -> String {
        format!("{}, an answer for each client", self.name)
    }
}

/// `[[package.metadata.scale]]`: programs whose cost grows with a count.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurveTable {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What the count means.
    pub axis: String,
    /// The programs, of any chapter; `{}` is the count.
    pub programs: Vec<String>,
    /// Programs in `xtask/peers`, likewise.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The counts.
    pub steps: Vec<usize>,
    /// The largest count for a program.
    #[serde(default)]
    pub most: BTreeMap<String, usize>,
    /// The latency of the example site.
    pub latency_ms: Option<u64>,
}

/// `[[package.metadata.figure]]`: a timeline for a chapter's README.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureTable {
    /// Its path in the chapter's folder.
    pub file: PathBuf,
    /// Its title.
    pub title: String,
    /// The program that it shows, with its arguments.
    pub run: String,
}

/// The binary or file at the beginning of a program's text, and its arguments.
pub fn split(program: &str) -> (&str, Vec<String>) {
    let mut words = program.split_whitespace();
    let binary = words.next().unwrap_or_default();
    (binary, words.map(String::from).collect())
}

/// Tables of one kind, each with its chapter.
type Tables<'a, T> = Vec<(&'a Chapter, T)>;

/// All tables of all chapters.
#[derive(Clone, Debug, Default)]
pub struct Plan<'a> {
    /// Programs to compare.
    pub comparisons: Tables<'a, ComparisonTable>,
    /// Servers to put under load.
    pub loads: Tables<'a, LoadTable>,
    /// Programs to run at growing counts.
    pub curves: Tables<'a, CurveTable>,
    /// Timelines to draw.
    pub figures: Tables<'a, FigureTable>,
}

/// A table of a manifest.
trait Table: for<'de> Deserialize<'de> {
    /// It is `[[package.metadata.KIND]]`.
    const KIND: &'static str;

    /// What the report calls what is measured of it.
    fn names(&self) -> Vec<String>;

    /// The programs that it runs, with their arguments.
    fn programs(&self) -> Vec<&String>;

    fn check(&self) -> anyhow::Result<()> {
        Ok(())
    }

    fn binaries(&self) -> Vec<&str> {
        let programs = self.programs().into_iter();
        programs.map(|program| split(program).0).collect()
    }
}

impl Table for ComparisonTable {
    const KIND: &'static str = "bench";

    fn names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn programs(&self) -> Vec<&String> {
        [&self.baseline]
            .into_iter()
            .chain(&self.contenders)
            .collect()
    }

    fn check(&self) -> anyhow::Result<()> {
        let many = self.contenders.len();
        ensure!(many > 0, "nothing competes in it");
        let programs = self.programs();
        if let Some(stranger) = self.python.iter().find(|it| !programs.contains(it)) {
            bail!("its python names '{stranger}', which it does not run");
        }
        ensure!(
            !self.expect.is_empty(),
            "it expects no output, so a wrong program would pass"
        );
        ensure!(
            self.book.len() <= many + 1,
            "its book has more times than it has programs"
        );
        let at_once = self.bound.as_ref().map_or(&[][..], |bound| &bound.at_once);
        let each = at_once.is_empty() || at_once.len() == many;
        ensure!(
            each && at_once.iter().all(|it| it.on(1).is_some()),
            "its at_once is not a number from 1 up, or 'cores + 4', for each contender"
        );
        Ok(())
    }
}

impl Table for LoadTable {
    const KIND: &'static str = "load";

    fn names(&self) -> Vec<String> {
        let curve = (!self.scale.is_empty()).then(|| self.curve());
        let comparisons = self.connections.iter().map(|it| self.comparison(*it));
        comparisons.chain(curve).collect()
    }

    fn programs(&self) -> Vec<&String> {
        self.servers.iter().collect()
    }
}

impl Table for CurveTable {
    const KIND: &'static str = "scale";

    fn names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn programs(&self) -> Vec<&String> {
        self.programs.iter().collect()
    }
}

impl Table for FigureTable {
    const KIND: &'static str = "figure";

    fn names(&self) -> Vec<String> {
        vec![self.title.clone()]
    }

    fn programs(&self) -> Vec<&String> {
        vec![&self.run]
    }
}

impl<'a> Plan<'a> {
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
        let mut seen = HashSet::new();
        if let Some(twice) = all.names().find(|name| !seen.insert(name.clone())) {
            bail!("two tables are called '{twice}'");
        }
        Ok(all)
    }

    /// What the report calls all that is measured.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let comparisons = self.comparisons.iter().flat_map(|(_, it)| it.names());
        let loads = self.loads.iter().flat_map(|(_, it)| it.names());
        let curves = self.curves.iter().flat_map(|(_, it)| it.names());
        comparisons.chain(loads).chain(curves)
    }

    /// Keeps what `filters` choose, or everything if there are none. A filter is part of a name, a
    /// chapter, or the number of a listing.
    ///
    /// # Errors
    /// If a filter chooses nothing.
    pub fn keep(&mut self, filters: &[String]) -> anyhow::Result<()> {
        let names: Vec<String> = self.names().collect();
        let mut used = HashSet::new();
        keep(&mut self.comparisons, filters, &mut used);
        keep(&mut self.loads, filters, &mut used);
        keep(&mut self.curves, filters, &mut used);
        if let Some(filter) = filters.iter().find(|filter| !used.contains(filter)) {
            let names = names.join(", ");
            bail!("nothing is chosen by '{filter}'; there are {names}");
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

/// Keeps the tables that a filter chooses, and says which filters chose one.
fn keep<'f, T: Table>(
    tables: &mut Tables<T>,
    filters: &'f [String],
    used: &mut HashSet<&'f String>,
) {
    tables.retain(|(chapter, table)| {
        let choose = filters.iter().filter(|it| chooses(it, chapter, table));
        let choosing: Vec<&String> = choose.collect();
        used.extend(&choosing);
        filters.is_empty() || !choosing.is_empty()
    });
}

fn chooses(filter: &str, chapter: &Chapter, table: &impl Table) -> bool {
    if let Some(number) = parse_number(filter) {
        let binaries = table.binaries().into_iter();
        let mut listings = binaries.filter_map(|it| chapter.binary(it));
        return listings.any(|listing| listing.header.number == Some(number));
    }
    let wanted = filter.to_lowercase();
    let mut names = table.names().into_iter();
    chapter.is_called(filter) || names.any(|name| name.to_lowercase().contains(&wanted))
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
                let table = table.with_context(|| format!("{} '{name}'", T::KIND))?;
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
        let anywhere = T::KIND == CurveTable::KIND && workspace.binary(binary).is_some();
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
    fn the_manifests_of_this_workspace_are_sound_and_filters_choose_of_them() {
        let workspace = Workspace::load().unwrap();
        let all = Plan::read(&workspace).unwrap();
        let peers = all.curves.iter().flat_map(|(_, it)| &it.peers);
        let peers = peers.chain(all.loads.iter().flat_map(|(_, it)| &it.peers));
        let peers = peers.chain(all.comparisons.iter().flat_map(|(_, it)| &it.peers));
        for peer in peers {
            let file = workspace.root.join("xtask/peers").join(split(peer).0);
            assert!(file.is_file(), "{peer}");
        }
        let chosen = |filter: &str| {
            let mut all = all.clone();
            all.keep(&[filter.to_owned()]).unwrap();
            all.names().collect::<Vec<_>>()
        };
        assert!(chosen("ch01").len() > 1 && chosen("echo, 1,000 clients").len() > 1);
        assert_eq!(chosen("FIBONACCI"), ["fibonacci"]);
        assert_eq!(chosen("1.5"), ["fibonacci"]);
        let cores = AtOnce::Cores("cores + 4".to_owned()).on(2);
        assert_eq!((cores, AtOnce::Number(0.0).on(2)), (Some(6.0), None));
    }

    #[test]
    fn each_field_of_a_table_is_documented() {
        // If serde finds an unknown field, it names all known ones.
        fn known<T: for<'de> Deserialize<'de>>() -> String {
            let error = serde_json::from_str::<T>("{\"unknown field\": 1}").err();
            error.map(|error| error.to_string()).unwrap_or_default()
        }
        let readme = include_str!("../../README.md");
        let tables = [known::<ComparisonTable>(), known::<Bound>()];
        let others = [
            known::<LoadTable>(),
            known::<CurveTable>(),
            known::<FigureTable>(),
        ];
        for fields in tables.iter().chain(&others) {
            for name in fields.split('`').skip(3).step_by(2) {
                assert!(readme.contains(&format!("`{name}`")), "{name}");
            }
        }
    }
}
