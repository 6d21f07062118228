//! Medians, spreads, and the interval of a speed-up.

/// The middle value, or the mean of the two in the middle; NaN of nothing.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => f64::NAN,
        (length, half) if length % 2 == 1 => sorted[half],
        (_, half) => f64::midpoint(sorted[half - 1], sorted[half]),
    }
}

/// The median absolute deviation from the median: half of the values are no farther away.
#[must_use]
pub fn deviation(values: &[f64]) -> f64 {
    let middle = median(values);
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    median(&distances)
}

/// How often the bootstrap draws.
const RESAMPLES: usize = 2000;

/// The 95 % bootstrap interval of the median: what the median would have been, had other rounds
/// of the same kind been drawn. The draws are the same in every run.
///
/// With fewer than five values it is their whole range, the widest that they can show.
#[must_use]
pub fn interval(values: &[f64]) -> (f64, f64) {
    if values.len() < 5 {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        return (least, most);
    }
    let mut random = fastrand::Rng::with_seed(0);
    let mut medians: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn: Vec<f64> = (0..values.len())
                .map(|_| values[random.usize(..values.len())])
                .collect();
            median(&drawn)
        })
        .collect();
    medians.sort_by(f64::total_cmp);
    (
        medians[RESAMPLES / 40],
        medians[RESAMPLES - 1 - RESAMPLES / 40],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[7.0]), 7.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn one_outlier_does_not_move_the_deviation() {
        assert_eq!(deviation(&[1.0, 2.0, 3.0, 4.0, 100.0]), 1.0);
        assert_eq!(deviation(&[5.0, 5.0, 5.0]), 0.0);
    }

    #[test]
    fn few_values_give_their_range() {
        assert_eq!(interval(&[2.0, 1.0, 3.0]), (1.0, 3.0));
    }

    #[test]
    fn the_interval_holds_the_median_and_narrows_with_more_values() {
        let few: Vec<f64> = (0..10).map(|n| 1.0 + f64::from(n % 5) / 10.0).collect();
        let many: Vec<f64> = (0..1000).map(|n| 1.0 + f64::from(n % 5) / 10.0).collect();
        let width = |values: &[f64]| {
            let (low, high) = interval(values);
            assert!(low <= median(values) && median(values) <= high);
            assert!(low >= 1.0 && high <= 1.4);
            high - low
        };
        assert!(width(&many) < width(&few));
    }

    #[test]
    fn equal_values_have_no_width() {
        assert_eq!(interval(&[2.0; 8]), (2.0, 2.0));
    }
}
