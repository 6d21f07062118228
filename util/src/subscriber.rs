//! What becomes of the spans of this process: nothing, unless [`async_timed`] or `TIMELINE` asks.

use std::env;
use std::sync::Once;

use tracing::Subscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

use crate::async_timed::{AsyncTimed, TimingLayer};
use crate::timeline::Recorder;

// A reader's listing should not have to know that it can be recorded, and the first span may open
// with the first line of `main`: so recording begins before it.
ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn record_if_asked() {
        if env::var_os("TIMELINE").is_some() {
            install();
        }
    }
}

/// From here on, prints `starting name(arguments)` and `finished name in 1.2345 second(s)` for
/// each call of a function marked `#[tracing::instrument]`, and likewise for `main`: its end is
/// that of the guard which this returns.
///
/// ```
/// let main = util::async_timed(); // prints "starting main()"
/// drop(main); // prints "finished main in 0.0001 second(s)"
/// ```
pub fn async_timed() -> AsyncTimed {
    install();
    AsyncTimed::start()
}

/// Installs the subscriber of this process, once: the timing layer, and the recorder if asked for.
fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let recorder = env::var_os("TIMELINE").and_then(|path| {
            Recorder::create(path.as_ref())
                .inspect(Recorder::flush_at_exit)
                .inspect_err(|error| eprintln!("no timeline: {}: {error}", path.display()))
                .ok()
        });
        // A listing that brings a subscriber of its own has been first, and keeps it.
        let _ = tracing::subscriber::set_global_default(subscriber(recorder));
    });
}

/// Libraries mark their spans `debug` or `trace`: those are left out, and cost nothing.
pub(crate) fn subscriber(recorder: Option<Recorder>) -> impl Subscriber + Send + Sync {
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(TimingLayer)
        .with(recorder)
}
