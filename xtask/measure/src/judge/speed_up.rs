//! How many times faster one program is than another.

use crate::data::{Cost, Entry, Load, Server};
use crate::stats::{Interval, median, ratios};

/// The median of the rounds' ratios, and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The median.
    pub median: f64,
    /// Where it lies.
    pub interval: Interval,
}

impl Ratio {
    /// Of these pairs.
    pub fn of(numerators: &[f64], denominators: &[f64]) -> Self {
        let ratios = ratios(numerators, denominators);
        Self {
            median: median(&ratios),
            interval: Interval::of(&ratios),
        }
    }

    /// Whether the rounds do not tell the two apart.
    pub fn is_even(&self) -> bool {
        self.interval.count > 1 && self.interval.holds(1.0)
    }
}

/// How many times faster `fast` is than `slow`, round by round: the timed parts, where both tell
/// them, or the whole processes.
pub fn speed_up(slow: &Entry, fast: &Entry) -> Ratio {
    let alike = slow.has_part() == fast.has_part();
    let time = |run: &Cost| if alike { run.time() } else { run.wall };
    let times = |entry: &Entry| -> Vec<f64> { entry.runs.iter().map(time).collect() };
    Ratio::of(&times(slow), &times(fast))
}

/// How many times as much a server did as the one that it is compared with.
pub fn relation(load: &Load, server: &Server) -> Option<Ratio> {
    let reference = &load.reference(server)?.trips_per_second;
    Some(Ratio::of(&server.trips_per_second, reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_median_of_the_pairs() {
        let ratio = Ratio::of(&[2.0, 4.0, 2.0], &[1.0, 2.0, 2.0]);
        assert_eq!(ratio.median, 2.0);
        assert_eq!((ratio.interval.low, ratio.interval.high), (1.0, 2.0));
        assert!(ratio.is_even());
        // One round tells nothing apart, and does not claim that the two are even.
        assert!(!Ratio::of(&[1.0], &[1.0]).is_even());
        // The drift of a slow minute that both met is not in it.
        let drifting = Ratio::of(&[2.0, 4.0, 8.0], &[1.0, 2.0, 4.0]);
        assert_eq!((drifting.interval.low, drifting.interval.high), (2.0, 2.0));
    }

    #[test]
    fn a_server_is_compared_with_the_last_listing_at_its_connections() {
        let server = |connections, reference, trips: &[f64]| Server {
            connections,
            reference,
            trips_per_second: trips.to_vec(),
            ..Server::default()
        };
        let load = Load {
            servers: vec![
                server(1, true, &[1.0, 2.0, 3.0]),
                server(50, false, &[40.0, 50.0, 60.0]),
                server(50, true, &[20.0, 20.0, 20.0]),
            ],
            ..Load::default()
        };
        let ratio = relation(&load, &load.servers[1]).unwrap();
        assert_eq!(ratio.median, 2.5);
        assert_eq!((ratio.interval.low, ratio.interval.high), (2.0, 3.0));
    }
}
