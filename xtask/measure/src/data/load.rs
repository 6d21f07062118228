//! Servers that were under load.

use serde::{Deserialize, Serialize};
use xtask::workspace::tables::Behaviour;

use super::machine::Disturbance;

/// A comparison of servers and what was measured of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Load {
    /// The chapter's package.
    pub chapter: String,
    /// Its name.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// What the clients did.
    pub clients: Behaviour,
    /// An entry for each number of connections and server.
    pub servers: Vec<Server>,
    /// What others did on the machine meanwhile, where the system tells.
    pub disturbance: Option<Disturbance>,
    /// What was left out, with the reasons.
    pub notes: Vec<String>,
}

/// One server at one number of connections. Rounds have the same place in all lists.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Server {
    /// The number of clients.
    pub connections: usize,
    /// The server.
    pub server: String,
    /// The server that it is compared with, the last of the chapter's own.
    pub reference: bool,
    /// How many clients got an answer at all, in the worst round.
    pub served: usize,
    /// Round trips per second, or messages delivered.
    pub trips_per_second: Vec<f64>,
    /// The seconds of the shortest measurement.
    pub window: f64,
    /// Half of the round trips took no longer, in microseconds.
    pub p50_us: f64,
    /// Of a hundred round trips ninety-nine took no longer, in microseconds.
    pub p99_us: f64,
    /// What each idle connection added to the server's memory, in bytes, where the system tells.
    pub memory_per_connection: Option<f64>,
    /// The most memory that the server held under load, in bytes, where the system tells.
    pub peak_memory: Option<u64>,
    /// The server's CPU time for each round trip or delivery, in microseconds, where the system
    /// tells.
    pub cpu_us_per_trip: Option<f64>,
}

impl Load {
    /// What is counted.
    pub fn what(&self) -> &'static str {
        match self.clients {
            Behaviour::Echo => "round trips",
            Behaviour::Chat => "deliveries",
        }
    }

    /// The server that the others are compared with, at the same number of connections.
    pub fn reference(&self, server: &Server) -> Option<&Server> {
        let mut servers = self.servers.iter();
        servers.find(|it| it.reference && it.connections == server.connections)
    }
}
