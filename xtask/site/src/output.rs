//! What a listing printed, as HTML.

use maud::{Markup, PreEscaped, html};

use crate::recording::{Line, Place, Recording, Source, VARIES};
use crate::sessions::Session;

/// What a listing printed in its session, with what moves marked.
pub fn output(recording: &Recording, session: &Session) -> Markup {
    let Recording { runs, lines, .. } = recording;
    let moves = lines.iter().any(|line| line.place != Place::Fixed);
    let varies = lines.iter().any(|line| line.text.contains(VARIES[0]));
    html! {
        section.output {
            h3 { "What it printed" }
            p.note {
                @if lines.is_empty() {
                    "It prints nothing; it ran " (runs) " times."
                } @else if moves {
                    "Its lines came in " (recording.orders) " orders in " (runs) " runs: those "
                    span.moves { "at the bar" } " change place, or are missing in some."
                } @else {
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
                    @for (index, line) in lines.iter().enumerate() {
                        (output_line(index, line)) "\n"
                    }
                    @if recording.left_out > 0 {
                        span class="line left-out" { "… and " (recording.left_out) " more" } "\n"
                    }
                }
            }
            @if recording.status != 0 { p.note { "Its exit code was " (recording.status) "." } }
        }
    }
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
