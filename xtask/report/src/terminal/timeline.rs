//! A timeline in the terminal: a row for each span, full blocks where it ran, a thin line where
//! it waited.

use std::fmt::Write;

use crate::text::{length, shorten};
use crate::timeline::{self, Poll, Span, Timeline, human, ticks};

/// The colours of the threads, as ANSI codes that both dark and light terminals show.
const COLOURS: [u8; 6] = [36, 33, 35, 32, 34, 31];

/// The right column: how long it ran, of how long it lived.
const TIMES: usize = 20;

/// No narrower bars than this, whatever the terminal.
const LEAST: usize = 10;

/// Draws the timeline in this many columns; with `colours`, each thread has its own.
pub fn draw(timeline: &Timeline, columns: usize, colours: bool) -> String {
    let (rows, more) = timeline.shown();
    let longest = rows.iter().map(|row| length(&label(row)));
    let half = columns.saturating_sub(TIMES) / 2;
    let names = longest.max().unwrap_or(0).min(half.max(8));
    let width = columns.saturating_sub(names + TIMES + 3).max(LEAST);
    let mut text = String::new();
    for row in rows {
        let times = format!("{} of {}", human(row.ran()), human(row.lived(timeline.end)));
        let name = shorten(&label(row), names);
        let bar = bar(row, timeline, width, colours);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:names$} {bar} {times:>TIMES$}");
    }
    text += &axis(timeline.end, names, width);
    if more > 0 {
        let _ = writeln!(text, "and {more} more");
    }
    if timeline.threads.len() > 1 {
        let threads = timeline.threads.iter().enumerate();
        let threads = threads.map(|(index, it)| coloured(it, index, colours));
        let threads: Vec<_> = threads.collect();
        let _ = writeln!(text, "threads: {}", threads.join(", "));
    }
    text
}

fn label(row: &Span) -> String {
    format!("{}{}", "  ".repeat(row.depth), row.name)
}

fn bar(row: &Span, timeline: &Timeline, width: usize, colours: bool) -> String {
    let (end, last) = (timeline.end, width - 1);
    let close = row.close.unwrap_or(end);
    let time = |cell: usize| (u128::from(end) * cell as u128 / width as u128) as u64;
    let mut bar = String::new();
    for cell in 0..width {
        let (from, to) = (time(cell), time(cell + 1).max(time(cell) + 1));
        // Half-open cells; what ends or begins with the whole is in its last.
        let within = |start: u64, stop: u64| {
            start < to && (stop > from || start >= from)
                || (cell == last && start >= from && start <= to)
        };
        let mut polls = row.polls.iter().filter(|poll| within(poll.from, poll.to));
        let ran = |poll: &Poll| poll.to.min(to).saturating_sub(poll.from.max(from));
        let ran: u64 = polls.clone().map(ran).sum();
        let block = if ran * 2 >= to - from { "█" } else { "▌" };
        bar += &match polls.next_back() {
            _ if !within(row.open, close) => " ".to_owned(),
            None => "─".to_owned(),
            Some(poll) => coloured(block, poll.thread, colours),
        };
    }
    // Still there when the recording ended.
    bar + if row.close.is_none() { "…" } else { " " }
}

fn coloured(text: &str, thread: usize, colours: bool) -> String {
    if colours {
        format!("\x1b[{}m{text}\x1b[0m", COLOURS[thread % COLOURS.len()])
    } else {
        text.to_owned()
    }
}

/// The ticks below the bars, those whose labels have room.
fn axis(end: u64, names: usize, width: usize) -> String {
    let mut line = vec![' '; width + 12];
    let mut free = 0;
    for tick in ticks(end) {
        let column = (u128::from(tick) * width as u128 / u128::from(end.max(1))) as usize;
        let label: Vec<char> = format!("╵{}", timeline::label(tick)).chars().collect();
        let end = column + label.len();
        if column >= free && end <= line.len() {
            line[column..end].copy_from_slice(&label);
            free = end + 1;
        }
    }
    let line: String = line.into_iter().collect();
    format!("{:names$} {}\n", "", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, open: u64, close: Option<u64>, polls: &[(u64, u64, usize)]) -> Span {
        Span {
            name: name.into(),
            depth: 0,
            open,
            close,
            polls: polls
                .iter()
                .map(|&(from, to, thread)| Poll { from, to, thread })
                .collect(),
        }
    }

    fn timeline() -> Timeline {
        Timeline {
            rows: vec![
                row("wait()", 0, Some(1000), &[(0, 10, 0), (990, 1000, 0)]),
                row("work()", 200, Some(600), &[(200, 600, 1)]),
                row("hang()", 500, None, &[(500, 501, 0)]),
            ],
            threads: vec!["main".into(), "worker".into()],
            end: 1000,
        }
    }

    #[test]
    fn running_is_a_block_waiting_a_line_and_the_rest_empty() {
        let text = draw(&timeline(), 40, false);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "wait() ▌─────────▌          0 µs of 1 µs");
        assert!(
            lines.iter().all(|line| line.chars().count() <= 40),
            "{text}"
        );
    }

    #[test]
    fn cells_say_what_happened_in_their_time() {
        let timeline = timeline();
        let bar = |row: usize| bar(&timeline.rows[row], &timeline, 10, false);
        assert_eq!(bar(0), "▌────────▌ ");
        assert_eq!(bar(1), "  ████     ");
        assert_eq!(bar(2), "     ▌────…");
    }

    #[test]
    fn colours_are_for_those_who_want_them() {
        assert!(draw(&timeline(), 60, true).contains("\x1b[33m█"));
        assert!(!draw(&timeline(), 60, false).contains('\x1b'));
    }

    #[test]
    fn every_width_is_fitted() {
        let mut timeline = timeline();
        timeline.rows[0].name = "a".repeat(100);
        for width in [50, 80, 200] {
            let text = draw(&timeline, width, false);
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
        // Too narrow for all that: still no panic, and every row is there.
        assert!(draw(&timeline, 1, false).lines().count() >= 3);
    }
}
