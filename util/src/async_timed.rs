//! Listing 2.16: A decorator for timing coroutines.
//!
//! `#[tracing::instrument]` on a function opens a span for each call, which closes when the call
//! ends. A subscriber decides what to do with spans. This layer of a subscriber prints a line when
//! a span opens and, when it closes, how long it lived. Without a subscriber, a decorated function
//! costs next to nothing. You cannot decorate `main`, because there is no subscriber before it
//! runs. `let _main = async_timed();` opens a span for it instead, which closes on every way out of
//! `main`.
//!
//! In Python: `functools.wraps`. Here: `Layer::on_new_span`, `Layer::on_close`.

use tokio::time::Instant;
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::fields::arguments;

/// The layer behind [`async_timed`](crate::async_timed()).
#[derive(Debug)]
pub struct TimingLayer;

struct Start(Instant);

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for TimingLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        println!("starting {}({})", span.name(), arguments(attributes));
        span.extensions_mut().insert(Start(Instant::now()));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        if let Some(Start(start)) = span.extensions().get() {
            let total = start.elapsed().as_secs_f64();
            println!("finished {} in {total:.4} second(s)", span.name());
        }
    }
}
