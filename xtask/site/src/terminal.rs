//! Runs a listing in a terminal, and keeps what its screen showed.

use std::process::Command;

use anyhow::{Context, bail};
use util_testing::Terminal;

use crate::compare::Printed;

use crate::recording::Source;
use crate::running::now;
use crate::sessions::{Session, Step};

/// Runs `command` with the keys and screens of its session.
///
/// # Errors
/// If the session has a step for clients, or the listing does not show what the session waits for.
pub fn run(command: &Command, session: &Session) -> anyhow::Result<(Vec<Printed>, i32)> {
    let text = |text: &std::ffi::OsStr| text.to_str().map(str::to_owned).context("not UTF-8");
    let program = text(command.get_program())?;
    let args: Vec<String> = command
        .get_args()
        .map(text)
        .collect::<anyhow::Result<_>>()?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let variables: Vec<(String, String)> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_str()?.into(), value?.to_str()?.into())))
        .collect();
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();

    let mut terminal = Terminal::start_with(&program, &args, &variables)?;
    let mut printed = Vec::new();
    let mut say = |source, text: String| {
        printed.push(Printed {
            at: now(),
            source,
            text,
        })
    };
    for step in &session.steps {
        match step {
            Step::Keys(keys) => {
                say(Source::Sent, names(keys));
                terminal.keys(keys);
            }
            Step::Wait(text) => {
                terminal.try_wait_for(&format!("'{text}'"), |screen| screen.contains(text))?;
            }
            Step::Pause(milliseconds) => {
                std::thread::sleep(std::time::Duration::from_millis(*milliseconds));
            }
            Step::Screen(caption) => {
                say(Source::Caption, caption.clone());
                let screen = terminal.contents();
                for row in screen.trim_end().lines() {
                    say(Source::Screen, row.trim_end().to_owned());
                }
            }
            _ => bail!("a terminal has neither clients nor signals, but keys"),
        }
    }
    let status = i32::try_from(terminal.try_wait()?)?;
    Ok((printed, status))
}

/// What was typed, with the names of the keys that are no characters.
fn names(keys: &str) -> String {
    let mut words = vec![String::new()];
    for key in keys.chars() {
        let name = match key {
            '\r' => "Enter",
            '\t' => "Tab",
            '\x1b' => "Esc",
            '\x7f' => "Backspace",
            '\x03' => "Ctrl-C",
            '\x04' => "Ctrl-D",
            '\x15' => "Ctrl-U",
            other => {
                words.last_mut().expect("there is one always").push(other);
                continue;
            }
        };
        words.extend([format!("[{name}]"), String::new()]);
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_names() {
        assert_eq!(
            names("Eric\r\x15now\x04"),
            "Eric [Enter] [Ctrl-U] now [Ctrl-D]"
        );
    }
}
