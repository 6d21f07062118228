//! What a listing printed, as HTML.

use std::mem::take;

use maud::{Markup, PreEscaped, html};

use crate::record::{HEAD, KILLED};
use crate::recording::{Line, Place, Recording, Source, VARIES};
use crate::sessions::Session;

/// Of more equal lines than this, only so many at the begin and at the end are shown.
const EQUAL: usize = 12;
const EDGE: usize = 3;

/// What a listing printed in its session, with what moves marked.
pub fn output(recording: &Recording, session: &Session) -> Markup {
    let Recording { runs, lines, .. } = recording;
    let moves = lines.iter().any(|line| line.place != Place::Fixed);
    let varies = lines.iter().any(|line| line.text.contains(VARIES[0]));
    html! {
        section.output {
            h3 { @if *runs == 0 { "What the compiler says" } @else { "What it printed" } }
            p.note {
                @if lines.is_empty() {
                    "It prints nothing; it ran " (runs) " times."
                } @else if moves {
                    "Its lines came in " (recording.orders) " orders in " (runs) " runs: those "
                    span.moves { "at the bar" } " change place, or are missing in some."
                } @else if *runs > 1 {
                    "Its lines came in the same order in each of " (runs) " runs."
                }
                @if varies {
                    " What is " span.varies { "underlined" } " differs from run to run."
                }
                // The address of a server is not what a reader types.
                @if session.server.is_none() && !session.args.is_empty() {
                    " It ran with " code { (session.args.join(" ")) } "."
                }
            }
            @if !lines.is_empty() {
                pre.scrolls tabindex="0" role="region" aria-label="Output" {
                    @for line in shown(recording) { (line) "\n" }
                }
            }
            @if recording.status == KILLED {
                p.note { "It had not ended, and was stopped." }
            } @else if recording.status != 0 {
                p.note { "Its exit code was " (recording.status) "." }
            }
        }
    }
}

/// The lines, and in the place of those left out their number.
fn shown(recording: &Recording) -> Vec<Markup> {
    let (mut shown, mut more, mut index) = (Vec::new(), 0, 0);
    let note = |more| html! { span class="line left-out" { "… " (more) " more …" } };
    let gap = HEAD.min(recording.lines.len());
    let equal = |a: &Line, b: &Line| (a.source, &a.text) == (b.source, &b.text);
    for run in recording.lines.chunk_by(equal) {
        for (place, line) in run.iter().enumerate() {
            more += if index == gap { recording.left_out } else { 0 };
            if run.len() > EQUAL && (EDGE..run.len() - EDGE).contains(&place) {
                more += 1;
            } else {
                shown.extend((more > 0).then(|| note(take(&mut more))));
                shown.push(output_line(index, line));
            }
            index += 1;
        }
    }
    more += if index == gap { recording.left_out } else { 0 };
    shown.extend((more > 0).then(|| note(more)));
    shown
}

fn output_line(index: usize, line: &Line) -> Markup {
    let source = match line.source {
        Source::Output => "",
        Source::Error => "error",
        Source::Sent => "sent",
        Source::Received => "received",
        Source::Caption => "caption",
        Source::Screen => "screen",
    };
    let (moves, title) = match line.place {
        Place::Fixed => ("", None),
        Place::Moves => (" moves", Some("changes place")),
        Place::Missing => (" moves", Some("missing in some runs")),
    };
    let text = html! { (line.text) }.into_string();
    let text = text.replace(VARIES[0], "<span class=\"varies\">");
    let text = PreEscaped(text.replace(VARIES[1], "</span>"));
    html! {
        span class={ "line " (source) (moves) } data-line=(index) title=[title] { (text) }
    }
}
