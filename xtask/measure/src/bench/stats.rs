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

/// How many times as large the median of `new` is as that of `old`, and the 95 % bootstrap
/// interval of that. The two need not be of one length: they were not measured in turn.
///
/// With fewer than five values on a side that side's whole range counts.
#[must_use]
pub fn relation(old: &[f64], new: &[f64]) -> (f64, (f64, f64)) {
    let ((old_low, old_high), (new_low, new_high)) = (interval(old), interval(new));
    let middle = median(new) / median(old);
    (middle, (new_low / old_high, new_high / old_low))
}

/// The places of the values that are far from the others: by more than a fifth of the median, and
/// by more than five of the deviations that the others have.
#[must_use]
pub fn outliers(values: &[f64]) -> Vec<usize> {
    // Of four values nobody can say which is the odd one.
    if values.len() < 5 {
        return Vec::new();
    }
    let middle = median(values);
    let far = (5.0 * deviation(values)).max(middle / 5.0);
    let indexed = values.iter().enumerate();
    indexed
        .filter(|(_, value)| (*value - middle).abs() > far)
        .map(|(index, _)| index)
        .collect()
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

    #[test]
    fn a_relation_of_equal_values_is_one() {
        assert_eq!(relation(&[2.0; 5], &[2.0; 9]), (1.0, (1.0, 1.0)));
        let (middle, (low, high)) = relation(&[1.0, 1.1], &[2.0, 2.2, 2.1]);
        assert!((middle - 2.0).abs() < 1e-9, "{middle}");
        assert!((low - 2.0 / 1.1).abs() < 1e-9 && (high - 2.2).abs() < 1e-9);
    }

    #[test]
    fn an_outlier_is_far_from_values_that_agree() {
        assert_eq!(outliers(&[1.0, 1.01, 2.0, 0.99, 1.0]), [2]);
        assert!(outliers(&[1.0, 1.01, 1.1, 0.99, 1.0]).is_empty());
        // Where all scatter, none is odd.
        assert!(outliers(&[1.0, 2.0, 3.0, 4.0, 5.0]).is_empty());
        assert!(outliers(&[1.0, 9.0]).is_empty());
    }
}
