//! A comparison as bars: a program's is as long as it takes, and the last is what is possible.

use super::kit::{Svg, series};
use crate::data::{Comparison, Machine, Role, seconds};
use crate::rows::{Row, of_comparison};
use crate::text::{length, shorten, time};

const WIDTH: f64 = 760.0;
const BARS: f64 = 240.0;
const ROW: f64 = 24.0;
const TOP: f64 = 8.0;

/// The width of a character, about, and the most of a name, for the labels' column.
const CHARACTER: f64 = 7.0;
const NAME: usize = 30;

/// A bar that is longer than so many of ours is cut off, so that ours can be seen.
const CUT: f64 = 2.0;

/// Draws a comparison.
pub fn draw(comparison: &Comparison, machine: &Machine) -> String {
    let rows = of_comparison(comparison, machine);
    let words: Vec<String> = rows.iter().map(Row::sentence).collect();
    let title = format!("{}: {}", comparison.name, words.join("; "));
    let roles = comparison.programs.iter().map(|program| program.role);
    let bars = roles.zip(&rows).map(|(role, row)| {
        let (name, colour) = match role {
            Role::Baseline => (format!("Rust {}", row.name), series(2)),
            Role::Contender => (format!("Rust {}", row.name), series(0)),
            Role::Peer | Role::Book => (row.name.clone(), series(1)),
        };
        (name, colour, row.seconds, row.result())
    });
    let mut bars: Vec<_> = bars.collect();
    let ours = bars.iter().filter(|(_, colour, ..)| *colour != series(1));
    let longest = ours.map(|(_, _, seconds, _)| *seconds).fold(0.0, f64::max);
    let all = bars.iter().map(|(_, _, seconds, _)| *seconds);
    let whole = all.fold(0.0, f64::max).min(CUT * longest);
    if let Some(seconds) = shortest(comparison, machine) {
        let name = "possible".to_owned();
        bars.push((name, "pale".to_owned(), seconds, time(seconds)));
    }
    let names = bars.iter().map(|(name, ..)| length(name)).max();
    let left = 16.0 + CHARACTER * names.unwrap_or(0).min(NAME) as f64;
    let mut svg = Svg::default();
    for (index, (name, colour, seconds, text)) in bars.iter().enumerate() {
        svg.origin(left, TOP + ROW * index as f64);
        svg.anchored("", "end", -8.0, 14.0, &shorten(name, NAME));
        let length = (BARS * seconds / whole).clamp(1.5, BARS);
        svg.rect(colour, 0.0, 3.0, length, 14.0);
        let cut = if *seconds > whole { "… " } else { "" };
        svg.text("", length + 8.0, 14.0, &format!("{cut}{text}"));
    }
    svg.finish(&title, WIDTH, TOP * 2.0 + ROW * bars.len() as f64)
}

/// The seconds that the best contender can take at best.
fn shortest(comparison: &Comparison, machine: &Machine) -> Option<f64> {
    let contenders = comparison.programs.iter();
    let contenders = contenders.filter(|program| program.role == Role::Contender);
    let possible = contenders.filter_map(|it| comparison.possible(it, machine.cores));
    let baseline = seconds(&comparison.baseline()?.runs)?;
    Some(baseline / possible.max_by(f64::total_cmp)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::{machine, program, requests};

    #[test]
    fn each_program_is_a_bar_with_its_words_and_what_is_possible_another() {
        let mut comparison = requests();
        let slow = program(Role::Book, "Python & co.", 1.0, &[22.0]);
        comparison.programs.push(slow);
        let svg = draw(&comparison, &machine());
        assert_eq!(svg.matches("<rect ").count(), 5);
        for text in [
            "<title>1,000 requests: 4.6 (sequential): 2.20 s; ",
            ">35.0 ms, 62.9 × faster, 100 possible, 0.20 cores busy</text>",
            ">Rust 4.6</text>",
            ">Python &amp; co.</text>",
            ">possible</text>",
            ">22.0 ms</text>",
            // It is cut off at twice the longest of ours.
            "width=\"240.0\" height=\"14.0\"/>\n<text class=\"\" x=\"411.0\" y=\"94.0\">… 22.0 s</text>",
            "width=\"120.0\" height=\"14.0\"/>",
        ] {
            assert!(svg.contains(text), "{text} is not in {svg}");
        }
    }
}
