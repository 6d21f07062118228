//! Runs a listing in a terminal, and keeps what its screen showed.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use util_testing::Terminal;

use crate::compare::Printed;
use crate::record::Ran;
use crate::recording::Source;
use crate::running::now;
use crate::sessions::{Session, Step};

/// Runs `command` with the keys and screens of its session, and returns what it showed and its exit
/// code.
///
/// # Errors
/// If the listing does not show what the session waits for, or the session has a step for clients.
pub fn run(command: &Command, session: &Session) -> anyhow::Result<Ran> {
    let program = command.get_program().to_str().context("not UTF-8")?;
    let args: Vec<&str> = command.get_args().filter_map(|it| it.to_str()).collect();
    let variables = command.get_envs();
    let variables: Vec<(&str, &str)> = variables
        .filter_map(|(name, value)| Some((name.to_str()?, value?.to_str()?)))
        .collect();
    let mut terminal = Terminal::start_with(program, &args, &variables)?;
    let mut printed = Vec::new();
    let mut say = |source, text| {
        let at = now();
        printed.push(Printed { at, source, text });
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
            Step::Pause(milliseconds) => thread::sleep(Duration::from_millis(*milliseconds)),
            Step::Screen(caption) => {
                say(Source::Caption, caption.clone());
                for row in terminal.contents().trim_end().lines() {
                    say(Source::Screen, row.trim_end().to_owned());
                }
            }
            _ => bail!("a terminal has neither clients nor signals, but keys"),
        }
    }
    let status = i32::try_from(terminal.try_wait()?)?;
    Ok((printed, status, None))
}

/// What was typed, with the names of the keys that are no characters.
fn names(keys: &str) -> String {
    let named = keys.chars().map(|key| match key {
        '\r' => " [Enter] ".to_owned(),
        '\t' => " [Tab] ".to_owned(),
        '\x1b' => " [Esc] ".to_owned(),
        '\x7f' => " [Backspace] ".to_owned(),
        // Ctrl-C is three, the number of its letter.
        '\x01'..'\x1b' => format!(" [Ctrl-{}] ", char::from(key as u8 + 64)),
        other => other.to_string(),
    });
    named.collect::<String>().trim().replace("  ", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_names() {
        let shown = "Eric [Enter] [Ctrl-U] now [Ctrl-D]";
        assert_eq!(names("Eric\r\x15now\x04"), shown);
    }
}
