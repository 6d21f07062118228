//! A timeline in the terminal: a row for each span, full blocks where it ran, a thin line where
//! it waited.

use crate::text::{length, shorten};
use crate::timeline::{Poll, Span, Timeline, human};

/// The right column: how long it ran, of how long it lived.
const TIMES: usize = 20;

/// No narrower bars than this, whatever the terminal.
const LEAST: usize = 10;

/// Draws the timeline in this many columns.
pub fn draw(timeline: &Timeline, columns: usize) -> String {
    let (rows, more) = timeline.shown();
    let longest = rows.iter().map(|row| length(&label(row)));
    let half = columns.saturating_sub(TIMES) / 2;
    let names = longest.max().unwrap_or(0).min(half.max(8));
    let width = columns.saturating_sub(names + TIMES + 3).max(LEAST);
    let mut text = String::new();
    for row in rows {
        let times = format!("{} of {}", human(row.ran()), human(row.lived(timeline.end)));
        let name = shorten(&label(row), names);
        let bar = bar(row, timeline.end, width);
        text += &format!("{name:names$} {bar} {times:>TIMES$}\n");
    }
    let end = width.saturating_sub(1);
    text += &format!("{:names$} 0{:>end$}\n", "", human(timeline.end));
    if more > 0 {
        text += &format!("and {more} more\n");
    }
    text
}

fn label(row: &Span) -> String {
    format!("{}{}", "  ".repeat(row.depth), row.name)
}

fn bar(row: &Span, end: u64, width: usize) -> String {
    let last = width - 1;
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
            Some(_) => block.to_owned(),
        };
    }
    // Still there when the recording ended.
    bar + if row.close.is_none() { "…" } else { " " }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, open: u64, close: Option<u64>, polls: &[[u64; 2]]) -> Span {
        let thread = 0;
        let polls = polls.iter().map(|&[from, to]| Poll { from, to, thread });
        let (name, polls, depth) = (name.into(), polls.collect(), 0);
        Span {
            name,
            depth,
            open,
            close,
            polls,
        }
    }

    fn timeline() -> Timeline {
        let rows = vec![
            row("wait()", 0, Some(1000), &[[0, 10], [990, 1000]]),
            row("work()", 200, Some(600), &[[200, 600]]),
            row("hang()", 500, None, &[[500, 501]]),
        ];
        let (threads, end) = (vec!["main".into()], 1000);
        Timeline { rows, threads, end }
    }

    #[test]
    fn cells_say_what_happened_in_their_time() {
        let bars = timeline().rows;
        let bars = bars.iter().map(|row| bar(row, 1000, 10));
        assert_eq!(
            Vec::from_iter(bars),
            ["▌────────▌ ", "  ████     ", "     ▌────…"]
        );
    }

    #[test]
    fn every_width_is_fitted() {
        let mut timeline = timeline();
        let text = draw(&timeline, 40);
        assert!(
            text.starts_with("wait() ▌─────────▌    0.02 µs of 1.00 µs"),
            "{text}"
        );
        timeline.rows[0].name = "a".repeat(100);
        for width in [50, 80, 200] {
            let text = draw(&timeline, width);
            assert!(text.lines().all(|line| length(line) <= width), "{text}");
        }
        // Too narrow for all that: still no panic, and every row is there.
        assert!(draw(&timeline, 1).lines().count() >= 3);
    }
}
