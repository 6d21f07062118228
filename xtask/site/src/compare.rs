//! What several runs of a listing have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::recording::{Line, Place, Source, VARIES};

/// A line that one run printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// Microseconds since the run began.
    pub at: u64,
    /// Where it comes from.
    pub source: Source,
    /// The line.
    pub text: String,
}

/// Identifies a line of a run by its text, or its form if its numbers vary, and by how many like
/// it came before.
type Identity = (Source, String, usize);

/// Returns the lines of the first run, each marked by its place in the other runs, and the number
/// of orders in which they came. Lines of different streams have no order: each stream has its own
/// reader.
pub fn compare(runs: &[Vec<Printed>]) -> (Vec<Line>, usize) {
    let Some(first) = runs.first() else {
        return (Vec::new(), 0);
    };
    let constant = constant_texts(runs);
    let identities: Vec<Vec<Identity>> = runs.iter().map(|run| identify(run, &constant)).collect();
    let by_stream = |run: &Vec<Identity>| {
        let mut run = run.clone();
        // Sorting is stable, so each stream keeps its order.
        run.sort_by_key(|(source, ..)| *source);
        run
    };
    let orders: BTreeSet<Vec<Identity>> = identities.iter().map(by_stream).collect();
    let places: Vec<BTreeMap<&Identity, usize>> = identities
        .iter()
        .map(|run| run.iter().enumerate().map(|(at, it)| (it, at)).collect())
        .collect();
    let everywhere: Vec<&Identity> = identities[0]
        .iter()
        .filter(|it| places.iter().all(|run| run.contains_key(it)))
        .collect();
    let lines = first.iter().zip(&identities[0]).map(|(line, identity)| {
        let place = if !places.iter().all(|run| run.contains_key(identity)) {
            Place::Missing
        } else if moves(identity, &everywhere, &places) {
            Place::Moves
        } else {
            Place::Fixed
        };
        let others = places.iter().zip(runs);
        let others = others.filter_map(|(places, run)| Some(&*run[*places.get(identity)?].text));
        Line {
            at: line.at,
            source: line.source,
            place,
            text: mark(&line.text, &others.collect::<Vec<_>>()),
        }
    });
    (lines.collect(), orders.len())
}

/// The texts that every run printed, equally often.
fn constant_texts(runs: &[Vec<Printed>]) -> BTreeSet<&str> {
    let count = |run: &[Printed], text| run.iter().filter(|it| it.text == text).count();
    let mut texts: BTreeSet<&str> = runs[0].iter().map(|line| line.text.as_str()).collect();
    texts.retain(|text| {
        let wanted = count(&runs[0], *text);
        runs.iter().all(|run| count(run, *text) == wanted)
    });
    texts
}

fn identify(run: &[Printed], constant: &BTreeSet<&str>) -> Vec<Identity> {
    let mut seen: BTreeMap<(Source, String), usize> = BTreeMap::new();
    let identities = run.iter().map(|line| {
        let form = if constant.contains(line.text.as_str()) {
            line.text.clone()
        } else {
            NUMBER.replace_all(&line.text, "#").into_owned()
        };
        let count = seen.entry((line.source, form.clone())).or_default();
        *count += 1;
        (line.source, form, *count)
    });
    identities.collect()
}

/// Whether another line of the stream is before this one in some run and after it in another.
fn moves(
    identity: &Identity,
    everywhere: &[&Identity],
    places: &[BTreeMap<&Identity, usize>],
) -> bool {
    let same_stream = everywhere.iter().filter(|other| other.0 == identity.0);
    same_stream.into_iter().any(|other| {
        let before = |run: &BTreeMap<&Identity, usize>| run[other] < run[identity];
        let first = before(&places[0]);
        places.iter().any(|run| before(run) != first)
    })
}

/// A number has a digit, and the letters and dots around it, so `0x7f` and `127.0.0.1:8000` are one
/// number each.
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\w.:]*\d([\w.:]*\w)?").expect("it is a pattern"));

/// Puts brackets around the numbers of `text` that differ in the other runs.
fn mark(text: &str, others: &[&str]) -> String {
    let numbers = |text| NUMBER.find_iter(text).map(|it| it.as_str());
    let others: Vec<Vec<&str>> = others.iter().map(|it| numbers(it).collect()).collect();
    let mut places = 0..;
    let [open, close] = VARIES;
    let marked = NUMBER.replace_all(text, |number: &Captures| {
        let (place, number) = (places.next().unwrap_or_default(), &number[0]);
        match others.iter().all(|it| it.get(place) == Some(&number)) {
            true => number.to_owned(),
            false => format!("{open}{number}{close}"),
        }
    });
    marked.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares runs whose lines end at `|`, those of stderr with `!` before them. Of the lines,
    /// `~` are those that move, and `?` those that some runs lack.
    fn compared(runs: &[&str]) -> (String, usize) {
        let line = |text: &str| {
            let (source, text) = match text.strip_prefix('!') {
                Some(text) => (Source::Error, text.to_owned()),
                None => (Source::Output, text.to_owned()),
            };
            let at = 0;
            Printed { at, source, text }
        };
        let runs = runs.iter().map(|run| run.split('|').map(line).collect());
        let (lines, orders) = compare(&runs.collect::<Vec<_>>());
        let marks = lines.iter().map(|line| match line.place {
            Place::Fixed => line.text.clone(),
            Place::Moves => format!("~{}", line.text),
            Place::Missing => format!("?{}", line.text),
        });
        (marks.collect::<Vec<_>>().join("|"), orders)
    }

    #[test]
    fn lines_that_change_place_are_told_from_those_that_vary() {
        let runs = ["start|1 s|2 s|took 0.12 s", "start|2 s|1 s|took 0.13 s"];
        assert_eq!(compared(&runs), ("start|~1 s|~2 s|took ⟨0.12⟩ s".into(), 2));
        assert_eq!(compared(&["a|b|c", "a|c"]), ("a|?b|c".into(), 2));
        // Addresses vary as a whole, and full stops do not.
        let runs = ["127.0.0.1:41.|0x7f: 3 of 3", "127.0.0.1:42.|0x8a: 3 of 3"];
        assert_eq!(
            compared(&runs),
            ("⟨127.0.0.1:41⟩.|⟨0x7f⟩: 3 of 3".into(), 1)
        );
        // Streams have no order among each other.
        assert_eq!(compared(&["a|!b", "!b|a"]), ("a|b".into(), 1));
    }
}
