//! A timeline in Chrome's trace format, which Perfetto and `chrome://tracing` open.

use serde_json::{Value, json};
use xtask::timeline::Timeline;

/// Draws the timeline: threads with what ran on them, and each span's life above.
///
/// # Errors
/// Never, but for a bug in JSON's own library.
pub fn draw(timeline: &Timeline) -> anyhow::Result<String> {
    // Microseconds, as the format wants them.
    let time = |nanoseconds: u64| nanoseconds as f64 / 1000.0;
    let mut events: Vec<Value> = timeline
        .threads
        .iter()
        .enumerate()
        .map(|(index, name)| {
            json!({
                "ph": "M", "pid": 1, "tid": index + 1,
                "name": "thread_name", "args": { "name": name },
            })
        })
        .collect();
    for (index, row) in timeline.rows.iter().enumerate() {
        let close = row.close.unwrap_or(timeline.end);
        for (phase, at) in [("b", row.open), ("e", close)] {
            events.push(json!({
                "ph": phase, "cat": "life", "id": index, "pid": 1, "tid": 1,
                "name": row.name, "ts": time(at),
            }));
        }
        for poll in &row.polls {
            events.push(json!({
                "ph": "X", "cat": "run", "pid": 1, "tid": poll.thread + 1,
                "name": row.name, "ts": time(poll.from), "dur": time(poll.to - poll.from),
            }));
        }
    }
    let trace = json!({ "displayTimeUnit": "ms", "traceEvents": events });
    Ok(serde_json::to_string(&trace)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use xtask::timeline::{Poll, Span};

    #[test]
    fn threads_lives_and_runs_are_events() {
        let timeline = Timeline {
            rows: vec![Span {
                name: "delay()".into(),
                depth: 0,
                open: 1000,
                close: None,
                polls: vec![Poll {
                    from: 2000,
                    to: 3500,
                    thread: 0,
                }],
            }],
            threads: vec!["main".into()],
            end: 9000,
        };
        let trace: Value = serde_json::from_str(&draw(&timeline).unwrap()).unwrap();
        let events = trace["traceEvents"].as_array().unwrap();
        assert_eq!(events.len(), 4);
        assert_eq!(events[0]["args"]["name"], "main");
        assert_eq!(
            (&events[1]["ph"], &events[1]["ts"]),
            (&json!("b"), &json!(1.0))
        );
        assert_eq!(
            (&events[2]["ph"], &events[2]["ts"]),
            (&json!("e"), &json!(9.0))
        );
        assert_eq!(
            (&events[3]["ts"], &events[3]["dur"]),
            (&json!(2.0), &json!(1.5))
        );
    }
}
