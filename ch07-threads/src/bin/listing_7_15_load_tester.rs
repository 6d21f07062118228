//! Listing 7.15: A user interface on the main thread, an event loop on another.
//!
//! The event loop runs forever in a thread that ends with `main`, as a daemon thread does. The user
//! interface needs only its `Handle` to start requests there.
//!
//! In Python: `loop.run_forever` in a `Thread`. Here: `event_loop.block_on`, `thread::spawn`.
//! Needs a terminal.

use std::future::pending;
use std::thread;

use ch07_threads::load_tester::LoadTester;
use ch07_threads::terminal::in_terminal;
use tokio::runtime;
use util_web::ExampleSite;

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let event_loop = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = event_loop.handle().clone();
    thread::spawn(move || event_loop.block_on(pending::<()>()));

    let mut app = LoadTester::new(handle, site.url(), 10_000);
    in_terminal(|terminal| app.mainloop(terminal))
}
