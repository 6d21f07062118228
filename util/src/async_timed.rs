//! Listing 2.16: A decorator for timing coroutines.
//!
//! Python wraps the function in another one. In Rust, `#[tracing::instrument]` marks the function
//! with a span, and a subscriber decides what to do with spans: this one prints when a span opens
//! and how long it lived when it closes. A function pays next to nothing while nobody listens.
//! `main` cannot be marked, because nobody listens before it runs: `let _main = async_timed();`
//! opens a span for it, which closes when `main` ends, however it ends.
//!
//! In Python: `functools.wraps`. Here: `tracing::instrument`, a `Layer`.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::time::Instant;
use tracing::span::{Attributes, Id};
use tracing::{Span, Subscriber, info_span};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::fields::arguments;

/// The time of `main`; printed when this is dropped.
#[derive(Debug)]
#[must_use = "dropping it ends the timing of main"]
pub struct AsyncTimed(#[expect(dead_code, reason = "its drop closes the span")] Span);

impl AsyncTimed {
    pub(crate) fn start() -> Self {
        LISTENING.store(true, Ordering::Relaxed);
        Self(info_span!("main"))
    }
}

static LISTENING: AtomicBool = AtomicBool::new(false);

/// The layer behind [`async_timed`](crate::async_timed()): silent until that is called.
#[derive(Debug)]
pub struct TimingLayer;

struct Started(Instant);

impl<S> Layer<S> for TimingLayer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && LISTENING.load(Ordering::Relaxed)
        {
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
