//! A span's fields as text.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::span::Attributes;

/// A span's fields as Python would show keyword arguments: `seconds=2, name="a"`.
pub fn arguments(attributes: &Attributes<'_>) -> String {
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

    use tracing::span::Id;
    use tracing::{Subscriber, info_span};
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::{Context, SubscriberExt};

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
