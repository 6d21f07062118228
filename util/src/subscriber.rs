//! Handles the spans of this process. Without [`async_timed`] or `TIMELINE`, nothing happens to
//! them.

use std::env;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::{Metadata, Span, Subscriber, info_span};
use tracing_subscriber::filter::{LevelFilter, dynamic_filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::async_timed::TimingLayer;
use crate::timeline::Recorder;

/// Whether the timing layer prints. In a listing that is only recorded, it does not.
static PRINTS: AtomicBool = AtomicBool::new(false);

// A listing should not have to know that it can be recorded, and the first line of `main` may open
// the first span. So recording begins before `main`.
ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn record_if_asked() {
        if env::var_os("TIMELINE").is_some() {
            install();
        }
    }
}

/// From here on, prints `starting name(arguments)` and `finished name in 1.2345 second(s)` for each
/// call of a function marked `#[tracing::instrument]`. It does the same for `main`, whose span this
/// returns.
///
/// Spans with `target = "timeline"` are recorded only.
///
/// ```
/// {
///     let _main = util::async_timed(); // prints "starting main()"
/// } // prints "finished main in 0.0001 second(s)"
/// ```
#[must_use = "dropping it ends the timing of main"]
pub fn async_timed() -> Span {
    print_spans();
    info_span!("main")
}

/// The same for a listing whose `main` the book does not decorate.
pub fn print_spans() {
    install();
    PRINTS.store(true, Ordering::Relaxed);
}

/// Installs the subscriber of this process, once. It has the timing layer and, if requested, the
/// recorder.
fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let recorder = env::var_os("TIMELINE").and_then(|path| {
            Recorder::create(path.as_ref())
                .inspect_err(|error| eprintln!("no timeline: {}: {error}", path.display()))
                .ok()
        });
        // A listing that has already set its own subscriber keeps it.
        let _ = tracing::subscriber::set_global_default(subscriber(recorder));
    });
}

/// Libraries mark their spans `debug` or `trace`. Those are left out, and cost nothing.
pub(crate) fn subscriber(recorder: Option<Recorder>) -> impl Subscriber + Send + Sync {
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(TimingLayer.with_filter(dynamic_filter_fn(|span, _| is_printed(span))))
        .with(recorder)
}

fn is_printed(span: &Metadata<'_>) -> bool {
    PRINTS.load(Ordering::Relaxed) && span.target() != "timeline"
}
