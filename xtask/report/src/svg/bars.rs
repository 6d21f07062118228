//! A comparison as bars: a program is as long as it takes.

use super::kit::{Svg, series};
use crate::data::{Comparison, Machine, Program, Role, seconds};
use crate::rows::{Row, of_comparison};
use crate::text::length;

const WIDTH: f64 = 760.0;
const BARS: f64 = 240.0;
const ROW: f64 = 24.0;
const TOP: f64 = 8.0;

/// The width of a character, about, for the labels' column.
const CHARACTER: f64 = 7.0;

/// The colour of a program: those of other languages, the baseline's, the contenders'.
fn colour(program: &Program) -> String {
    series(match program.role {
        Role::Peer | Role::Book => 1,
        Role::Baseline => 2,
        Role::Contender => 0,
    })
}

/// Draws a comparison. A mark shows how short a contender's bar can be at best.
pub fn draw(comparison: &Comparison, machine: &Machine) -> String {
    let rows = of_comparison(comparison, machine);
    let longest = rows.iter().map(|row| length(&row.name)).max().unwrap_or(0);
    let left = 16.0 + CHARACTER * longest.min(30) as f64;
    let largest = rows.iter().map(|row| row.size).fold(0.0, f64::max);
    let x = |seconds: f64| BARS * seconds / largest;
    let baseline = comparison.baseline().and_then(|it| seconds(&it.runs));
    let mut svg = Svg::default();
    for (index, (row, program)) in rows.iter().zip(&comparison.programs).enumerate() {
        svg.origin(left, TOP + ROW * index as f64);
        svg.anchored("", "end", -8.0, 14.0, &row.name);
        svg.rect(&colour(program), 0.0, 3.0, x(row.size).max(1.5), 14.0);
        let possible = comparison.possible(program, machine.cores);
        let contends = program.role == Role::Contender;
        if let (Some(all), Some(possible), true) = (baseline, possible, contends) {
            let at = x(all / possible);
            svg.line("whisker", (at, 0.0), (at, 20.0));
        }
        let text = format!("{}, {}", row.value, row.compared());
        svg.text(
            "",
            x(row.size) + 8.0,
            14.0,
            text.trim_end_matches([',', ' ']),
        );
    }
    let words: Vec<String> = rows.iter().map(Row::sentence).collect();
    let title = format!("{}: {}", comparison.name, words.join("; "));
    svg.finish(&title, WIDTH, TOP * 2.0 + ROW * rows.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::tests::{machine, requests};

    #[test]
    fn each_program_is_a_bar_with_its_words_and_what_is_possible_a_mark() {
        let svg = draw(&requests(), &machine());
        assert_eq!(svg.matches("<rect ").count(), 3);
        assert_eq!(svg.matches("class=\"whisker\"").count(), 1);
        let words = "35.0 ms, 62.9 × faster of 100 possible, 0.20 cores busy</text>";
        assert!(svg.contains(words), "{svg}");
        assert!(
            svg.contains("<title>100 requests: 4.6 (sequential): 2.20 s; "),
            "{svg}"
        );
    }
}
