//! A comparison as bars: a program's is as long as it takes, and the last is what is possible.

use super::kit::{ROW, TOP, file, rect, series, text};
use crate::data::{Comparison, Machine, Role, seconds};
use crate::rows::{Row, of_comparison};
use crate::text::{length, shorten, time};

/// The length of the longest bar.
const BARS: f64 = 240.0;

/// The width of a character, about, and the most of a name, for the labels' column.
const CHARACTER: f64 = 7.0;
const NAME: usize = 30;

/// Draws a comparison.
pub fn draw(comparison: &Comparison, machine: &Machine) -> String {
    let rows = of_comparison(comparison, machine);
    let words: Vec<String> = rows.iter().map(Row::sentence).collect();
    let title = format!("{}: {}", comparison.name, words.join("; "));
    let longest = rows.iter().map(|row| row.seconds).fold(0.0, f64::max);
    let bars = comparison.programs.iter().zip(rows).map(|(program, row)| {
        let (language, colour) = match program.role {
            Role::Baseline => ("Rust ", series(2)),
            Role::Contender => ("Rust ", series(0)),
            Role::Peer | Role::Book => ("", series(1)),
        };
        let name = shorten(&format!("{language}{}", row.name), NAME);
        (name, colour, row.seconds, row.result())
    });
    let possible = shortest(comparison, machine);
    let possible = possible.map(|it| ("possible".to_owned(), "pale".to_owned(), it, time(it)));
    let bars: Vec<_> = bars.chain(possible).collect();
    let names = bars.iter().map(|(name, ..)| length(name)).max();
    let left = 16.0 + CHARACTER * names.unwrap_or(0) as f64;
    let mut body = String::new();
    for (index, (name, colour, seconds, words)) in bars.iter().enumerate() {
        let top = TOP + ROW * index as f64;
        let length = (BARS * seconds / longest).max(1.5);
        body += &text("", "end", [left - 8.0, top + 14.0], name);
        body += &rect(colour, [left, top + 3.0], [length, 14.0]);
        body += &text("", "start", [left + length + 8.0, top + 14.0], words);
    }
    file(&title, TOP * 2.0 + ROW * bars.len() as f64, &body)
}

/// The seconds that the best contender can take at best.
fn shortest(comparison: &Comparison, machine: &Machine) -> Option<f64> {
    let programs = comparison.programs.iter();
    let possible = programs.filter_map(|it| comparison.possible(it, machine.cores));
    let baseline = seconds(&comparison.baseline()?.runs)?;
    Some(baseline / possible.max_by(f64::total_cmp)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::{machine, requests};

    #[test]
    fn each_program_is_a_bar_with_its_words_and_what_is_possible_another() {
        let svg = draw(&requests(), &machine());
        assert_eq!(svg.matches("<rect ").count(), 4);
        for text in [
            "aria-label=\"1,000 requests: 4.6 (sequential): 2.20 s; ",
            ">35.0 ms, 62.9 × faster, 100 possible, 0.20 cores busy</text>",
            ">Rust 4.6</text>",
            ">Python 4.6</text>",
            ">possible</text>",
            ">22.0 ms</text>",
            "width=\"240.0\" height=\"14.0\"/>",
        ] {
            assert!(svg.contains(text), "{text} is not in {svg}");
        }
    }
}
