//! Listing 11.15: Queries that wait for a state.
//!
//! `wait_for` calls a predicate with the state inside the lock, and calls it again after each
//! notification. Both queries wait for the connection, then run one after the other, because each
//! holds the lock.
//!
//! In Python: `Condition.wait_for`. Here: `wait_for`. Takes 9 s.

use std::time::Duration;

use ch11_sync::Condition;
use tokio::time::sleep;

#[derive(Clone, Copy, Debug, PartialEq)]
enum ConnectionState {
    WaitInit,
    Initializing,
    Initialized,
}

use ConnectionState::{Initialized, Initializing, WaitInit};

struct Connection {
    state: Condition<ConnectionState>,
}

impl Connection {
    #[tracing::instrument(skip_all)]
    async fn initialize(&self) {
        self.change_state(Initializing).await;
        println!("initialize: Initializing connection...");
        sleep(Duration::from_secs(3)).await;
        println!("initialize: Finished initializing connection");
        self.change_state(Initialized).await;
    }

    #[tracing::instrument(skip(self))]
    async fn execute(&self, query: &str) {
        let state = self.state.lock().await;
        println!("execute: Waiting for connection to initialize");
        let _state = state.wait_for(is_initialized).await;
        println!("execute: Running {query}!!!");
        sleep(Duration::from_secs(3)).await;
    }

    async fn change_state(&self, new: ConnectionState) {
        let mut state = self.state.lock().await;
        println!("change_state: State changing from {:?} to {new:?}", *state);
        *state = new;
        state.notify_all();
    }
}

fn is_initialized(state: &ConnectionState) -> bool {
    if *state != Initialized {
        println!("is_initialized: Connection not finished initializing, state is {state:?}");
        return false;
    }
    println!("is_initialized: Connection is initialized!");
    true
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let connection = Connection {
        state: Condition::new(WaitInit),
    };
    tokio::join!(
        biased;
        connection.execute("select * from table"),
        connection.execute("select * from other_table"),
        connection.initialize(),
    );
}
