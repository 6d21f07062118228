//! The sessions of the listings that talk to somebody while they are recorded.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;
use xtask::workspace::{Kind, Listing, Workspace};

/// The sessions of `sessions.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// The binaries that are not recorded, each with the reason.
    #[serde(default)]
    not_recorded: BTreeMap<String, String>,
    /// The binaries whose tests expect something else than they print when recorded, and why.
    #[serde(default)]
    tested_differently: BTreeMap<String, String>,
    #[serde(default)]
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
    /// Whether it runs in a terminal.
    #[serde(skip)]
    pub terminal: bool,
    /// Whether it says where it listens, and clients can connect to it.
    #[serde(skip)]
    pub serves: bool,
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
    /// If it is missing or wrong, or names a binary that does not exist.
    pub fn read(workspace: &Workspace) -> anyhow::Result<Self> {
        let path = workspace.root.join("xtask/site/sessions.toml");
        let read = || {
            let sessions: Self = toml::from_str(&std::fs::read_to_string(&path)?)?;
            let excepted = sessions
                .not_recorded
                .keys()
                .chain(sessions.tested_differently.keys());
            for binary in sessions.session.keys().chain(excepted) {
                let found = workspace.binary(binary);
                found.with_context(|| format!("there is no binary {binary}"))?;
            }
            anyhow::Ok(sessions)
        };
        read().with_context(|| format!("in {}", path.display()))
    }

    /// How `binary` runs.
    pub fn of(&self, listing: &Listing, binary: &str) -> Session {
        let session = self.session.get(binary).cloned().unwrap_or_default();
        Session {
            terminal: listing.kind() == Kind::Terminal,
            serves: listing.kind() == Kind::Server,
            ..session
        }
    }

    /// Why `binary` is not recorded, if it is not.
    pub fn reason(&self, binary: &str) -> Option<&str> {
        self.not_recorded.get(binary).map(String::as_str)
    }

    /// Whether `binary` is not recorded.
    pub fn leaves_out(&self, binary: &str) -> bool {
        self.not_recorded.contains_key(binary)
    }

    /// Whether the expected output of the tests is not that of a recorded run.
    pub fn is_tested_differently(&self, binary: &str) -> bool {
        self.tested_differently.contains_key(binary)
    }

    /// The servers that run beside other listings.
    pub fn servers(&self) -> impl Iterator<Item = &str> {
        self.session
            .values()
            .filter_map(|session| session.server.as_deref())
    }
}

impl Session {
    /// Whether the listing just runs and ends.
    pub fn is_plain(&self) -> bool {
        self.steps.is_empty() && !self.terminal && !self.serves
    }
}
