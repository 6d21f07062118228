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
    let longest = rows.iter().map(|row| length(&label(row))).max();
    let names = longest.unwrap_or(0).min(columns.saturating_sub(TIMES) / 2);
    let width = columns.saturating_sub(names + TIMES + 3).max(LEAST);
    let mut text = String::new();
    for row in rows {
        let times = format!("{} of {}", human(row.ran()), human(row.lived(timeline.end)));
        let name = shorten(&label(row), names);
        let bar = bar(row, timeline.end, width);
        text += &format!("{name:names$} {bar} {times:>TIMES$}\n");
    }
    let end = width - 1;
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
    let close = row.close.unwrap_or(end);
    let time = |cell: usize| (u128::from(end) * cell as u128 / width as u128) as u64;
    let cells = (0..width).map(|cell| {
        let (from, to) = (time(cell), time(cell + 1).max(time(cell) + 1));
        let ran = |poll: &Poll| poll.to.min(to).saturating_sub(poll.from.max(from));
        match row.polls.iter().map(ran).sum::<u64>() {
            _ if to <= row.open || from >= close => ' ',
            0 => '─',
            ran if ran * 2 < to - from => '▌',
            _ => '█',
        }
    });
    // It may be still there when the recording ended.
    let last = if row.close.is_none() { '…' } else { ' ' };
    cells.chain([last]).collect()
}
