//! What a listing printed, as HTML.

use std::fmt::Write;

use crate::html::escape;
use crate::recording::{Line, Place, Recording, Source, VARIES};
use crate::sessions::Session;

/// What a listing printed in its session, with what moves marked.
pub fn output(recording: &Recording, session: &Session) -> String {
    let Recording { runs, orders, .. } = recording;
    let moves = recording
        .lines
        .iter()
        .any(|line| line.place != Place::Fixed);
    let varies = recording
        .lines
        .iter()
        .any(|line| line.text.contains(VARIES[0]));
    let mut said = match (recording.lines.is_empty(), moves) {
        (true, _) => format!("It prints nothing; it ran {runs} times."),
        (false, true) => format!(
            "Its lines came in {orders} orders in {runs} runs: those <span class=\"moves\">at the \
             bar</span> change place, or are missing in some."
        ),
        (false, false) => format!("Its lines came in the same order in each of {runs} runs."),
    };
    if varies {
        said += " What is <span class=\"varies\">underlined</span> differs from run to run.";
    }
    if session.server.is_none() && !session.args.is_empty() {
        said += &format!(
            " It ran with <code>{}</code>.",
            escape(&session.args.join(" "))
        );
    }
    let mut html =
        format!("<section class=\"output\"><h3>What it printed</h3><p class=\"note\">{said}</p>\n");
    if !recording.lines.is_empty() {
        html += "<pre class=\"scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"Output\">";
        for (index, line) in recording.lines.iter().enumerate() {
            let _ = writeln!(html, "{}", output_line(index, line));
        }
        if recording.left_out > 0 {
            let _ = writeln!(
                html,
                "<span class=\"line left-out\">… and {} lines more</span>",
                recording.left_out
            );
        }
        html += "</pre>";
    }
    if recording.status != 0 {
        let _ = write!(
            html,
            "<p class=\"note\">It ended with exit code {}.</p>",
            recording.status
        );
    }
    html + "</section>"
}

fn output_line(index: usize, line: &Line) -> String {
    let mut class = String::from("line");
    class += match line.source {
        Source::Output => "",
        Source::Error => " error",
        Source::Sent => " sent",
        Source::Received => " received",
        Source::Caption => " caption",
        Source::Screen => " screen",
    };
    let title = match line.place {
        Place::Fixed => "",
        Place::Moves => {
            class += " moves";
            " title=\"changes place\""
        }
        Place::Missing => {
            class += " moves";
            " title=\"missing in some runs\""
        }
    };
    let text = escape(&line.text)
        .replace(VARIES[0], "<span class=\"varies\">")
        .replace(VARIES[1], "</span>");
    format!("<span class=\"{class}\" data-line=\"{index}\"{title}>{text}</span>")
}
