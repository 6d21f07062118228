//! Listing 7.15: A user interface on the main thread, an event loop on another.
//!
//! Each has a loop that must not wait for the other's, so they talk through channels: commands one
//! way, news the other; `run_commands` is the event loop's end of both. When the user interface
//! ends it drops its sender; that ends the event loop, and with it every request that is still on
//! its way.
//!
//! In Python: `loop.run_forever` in a `Thread`. Here: `Runtime::block_on` in a thread. Needs a
//! terminal.

use std::sync::mpsc;
use std::thread;

use anyhow::Context;
use ch07_threads::load_tester::{Command, LoadTester, Update};
use ch07_threads::stress_test::StressTest;
use ch07_threads::terminal::in_terminal;
use tokio::runtime::{self, Handle};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use util_web::ExampleSite;

async fn run_commands(mut commands: UnboundedReceiver<Command>, updates: mpsc::Sender<Update>) {
    let mut load_test: Option<StressTest> = None;
    while let Some(command) = commands.recv().await {
        if let Some(load_test) = load_test.take() {
            load_test.cancel();
        }
        if let Command::Start {
            test,
            url,
            requests,
        } = command
        {
            let updates = updates.clone();
            let callback = move |progress| {
                // Whoever has left needs no news.
                let _ = updates.send(Update { test, progress });
            };
            let event_loop = Handle::current();
            load_test = Some(StressTest::start(&event_loop, url, requests, callback));
        }
    }
}

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[URL] [REQUESTS]");
    let site = ExampleSite::start()?;
    let url = args.text(site.url());
    let requests = args.number(10_000, 1..=10_000_000);

    let event_loop = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (commands, commands_receiver) = unbounded_channel();
    let (updates_sender, updates) = mpsc::channel();
    let threaded_event_loop = thread::Builder::new().spawn(move || {
        event_loop.block_on(run_commands(commands_receiver, updates_sender));
    })?;

    let mut app = LoadTester::new(&url, requests, commands, updates);
    in_terminal(|terminal| app.run(terminal))?;

    drop(app);
    let joined = threaded_event_loop.join().ok();
    Ok(joined.context("the event loop panicked")?)
}
