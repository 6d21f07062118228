//! The sessions of the listings that talk to somebody while they are recorded.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;
use xtask::output::read;
use xtask::workspace::Workspace;

/// The sessions of `sessions.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    session: BTreeMap<String, Session>,
}

/// How a listing runs when it is recorded.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Session {
    /// Its arguments; `{server}` stands for the address of [`server`](Self::server).
    pub args: Vec<String>,
    /// The binary of a server that runs beside it.
    pub server: Option<String>,
    /// What happens, in turn.
    pub steps: Vec<Step>,
}

/// Something that happens to a listing that runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// A client connects, and has this name from now on.
    Connect(String),
    /// A client sends a text.
    Send(String, String),
    /// A client closes its connection.
    Close(String),
    /// A line with this text has come, or it is on the terminal's screen.
    Wait(String),
    /// Nothing happens for this many milliseconds.
    Pause(u64),
    /// Somebody presses Ctrl-C.
    Interrupt,
    /// Somebody types.
    Keys(String),
    /// The screen is kept, with a caption.
    Screen(String),
}

impl Sessions {
    /// Reads `sessions.toml`.
    ///
    /// # Errors
    /// If it is missing or wrong.
    pub fn read(workspace: &Workspace) -> anyhow::Result<Self> {
        let path = workspace.root.join("xtask/site/sessions.toml");
        toml::from_str(&read(&path)?).with_context(|| format!("in {}", path.display()))
    }

    /// How `binary` runs.
    pub fn of(&self, binary: &str) -> Session {
        self.session.get(binary).cloned().unwrap_or_default()
    }

    /// The servers that run beside other listings.
    pub fn servers(&self) -> impl Iterator<Item = &str> {
        let sessions = self.session.values();
        sessions.filter_map(|session| session.server.as_deref())
    }
}
