//! Listing 7.15: A user interface on the main thread, an event loop on another.
//!
//! The event loop runs forever in a thread that ends with `main`, as a daemon thread does. The user
//! interface needs only its `Handle` to start requests there.
//!
//! In Python: `loop.run_forever` in a `Thread`. Here: `event_loop.block_on`, `thread::spawn`.
//! Needs a terminal.

use std::future::pending;
use std::io::stdout;
use std::thread;

use ch07_threads::load_tester::LoadTester;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::runtime;
use util_terminal::RawMode;
use util_web::ExampleSite;

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let event_loop = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = event_loop.handle().clone();
    thread::spawn(move || event_loop.block_on(pending::<()>()));

    let mut app = LoadTester::new(handle, site.url(), 10_000);
    let _raw_mode = RawMode::alternate_screen()?;
    app.mainloop(&mut Terminal::new(CrosstermBackend::new(stdout()))?)
}
