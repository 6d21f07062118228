//! Listing 2.16: A decorator for timing coroutines.
//!
//! Python wraps the function in another one. In Rust, `#[tracing::instrument]` marks the function
//! with a span, and a subscriber decides what to do with spans: this one prints when a span opens
//! and how long it lived when it closes. A function pays next to nothing while nobody listens. The
//! price is length: a span has no `args` to print, so a visitor asks it for its fields.
//!
//! In Python: `functools.wraps`. Here: `tracing::instrument`, a `Layer`.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::time::Instant;
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::timeline;

static PRINTING: AtomicBool = AtomicBool::new(false);

/// From here on, prints `starting name(arguments)` and `finished name in 1.2345 second(s)` for
/// each call of a function marked `#[tracing::instrument]`.
pub fn async_timed() {
    PRINTING.store(true, Ordering::Relaxed);
    timeline::install();
}

/// The layer behind [`async_timed`]: silent until that is called.
pub struct AsyncTimed;

struct Started(Instant);

impl<S> Layer<S> for AsyncTimed
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if PRINTING.load(Ordering::Relaxed) {
            println!("starting {}({})", span.name(), arguments(attributes));
            span.extensions_mut().insert(Started(Instant::now()));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        if let Some(Started(at)) = span.extensions().get() {
            let seconds = at.elapsed().as_secs_f64();
            println!("finished {} in {seconds:.4} second(s)", span.name());
        }
    }
}

/// A span's fields as Python would show keyword arguments: `seconds=2, name="a"`.
pub(crate) fn arguments(attributes: &Attributes<'_>) -> String {
    let mut arguments = Arguments(String::new());
    attributes.record(&mut arguments);
    arguments.0
}

struct Arguments(String);

impl Visit for Arguments {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let separator = if self.0.is_empty() { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{separator}{field}={value:?}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::info_span;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    struct Seen(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Seen {
        fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
            self.0.lock().unwrap().push(arguments(attributes));
        }
    }

    #[test]
    fn arguments_read_like_keyword_arguments() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let subscriber = tracing_subscriber::registry().with(Seen(Arc::clone(&seen)));
        tracing::subscriber::with_default(subscriber, || {
            info_span!("none");
            info_span!("one", seconds = 2);
            info_span!("two", seconds = 2, name = "a");
        });
        assert_eq!(
            *seen.lock().unwrap(),
            ["", "seconds=2", "seconds=2, name=\"a\""]
        );
    }
}
