//! Medians, spreads and exact intervals.

/// The middle value, or the mean of the two in the middle; NaN of nothing.
pub fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    match sorted.len() {
        0 => f64::NAN,
        count => f64::midpoint(sorted[(count - 1) / 2], sorted[count / 2]),
    }
}

/// The median of what all samples tell; nothing where one does not.
pub fn median_of<T>(samples: &[T], of: impl Fn(&T) -> Option<f64>) -> Option<f64> {
    let known: Option<Vec<f64>> = samples.iter().map(of).collect();
    known.filter(|it| !it.is_empty()).map(|it| median(&it))
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The median absolute deviation from the median: half of the values are no farther away.
pub fn deviation(values: &[f64]) -> f64 {
    let middle = median(values);
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    median(&distances)
}

/// The median of some values, and where that of all possible values lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The median.
    pub median: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether it covers the true median in at least 95 of 100 cases. With fewer than six values
    /// nothing does, and it is their whole range.
    pub exact: bool,
    /// How many values there were.
    pub count: usize,
}

impl Interval {
    /// The order-statistic interval of the median: the sign test, turned round. It assumes
    /// nothing about how the values are distributed.
    pub fn of(values: &[f64]) -> Self {
        let sorted = sorted(values);
        let count = sorted.len();
        let cut = values_cut_off(count);
        let cut_off = cut.unwrap_or(0);
        let within = &sorted[cut_off..count - cut_off];
        let end = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
        Self {
            median: median(values),
            low: end(within.first()),
            high: end(within.last()),
            exact: cut.is_some(),
            count,
        }
    }

    /// Whether ratios with this median do not tell two things apart.
    pub fn is_one(&self) -> bool {
        self.count > 1 && self.low <= 1.0 && self.high >= 1.0
    }
}

/// How many values may be cut off at each end so that the rest still holds the median in at least
/// 95 % of the cases; `None` where even all of them do not.
fn values_cut_off(count: usize) -> Option<usize> {
    // Each value is below the true median with probability one half. The interval misses it when
    // at most `cut` values lie on one of its sides. Logarithms, because 1 in 2^1075 is no number.
    let mut missed = 0.0;
    let mut ways = count as f64 * 0.5f64.ln();
    let mut cut = None;
    for below in 0..count / 2 {
        missed += 2.0 * ways.exp();
        if missed > 0.05 {
            break;
        }
        cut = Some(below);
        ways += ((count - below) as f64 / (below + 1) as f64).ln();
    }
    cut
}

/// How many values are far from the others: by more than a fifth of the median, and by more than
/// five of the deviations that the others have.
pub fn outliers(values: &[f64]) -> usize {
    let middle = median(values);
    let far = (5.0 * deviation(values)).max(middle / 5.0);
    let outliers = values.iter().filter(|value| (*value - middle).abs() > far);
    outliers.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_and_one_outlier_moves_no_deviation() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan() && Interval::of(&[]).low.is_nan());
        assert_eq!(deviation(&[1.0, 2.0, 3.0, 4.0, 100.0]), 1.0);
    }

    #[test]
    fn intervals_begin_with_six_values_and_cut_off_what_tables_say() {
        // From a table of the sign test, two-sided, 5 %.
        for (count, cut) in [
            (5, None),
            (6, Some(0)),
            (9, Some(1)),
            (50, Some(17)),
            // Half the count, less 1.96 times half its root.
            (1074, Some(504)),
            (1075, Some(504)),
            (3000, Some(1445)),
        ] {
            assert_eq!(values_cut_off(count), cut, "{count}");
        }
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        let interval = Interval::of(&ten);
        assert_eq!((interval.low, interval.high), (2.0, 9.0));
        assert!(interval.exact && interval.count == 10);
    }

    /// Draws from a skewed distribution whose median is 1.
    fn draw(random: &mut u64) -> f64 {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        let uniform = (*random >> 11) as f64 / (1u64 << 53) as f64;
        (2.0 * uniform).powi(3)
    }

    #[test]
    fn an_interval_holds_the_true_median_as_often_as_it_says() {
        let mut random = 88_172_645_463_325_252;
        for (count, draws) in [(6, 4000), (10, 4000), (1000, 600), (3000, 200)] {
            let held = (0..draws).filter(|_| {
                let values: Vec<f64> = (0..count).map(|_| draw(&mut random)).collect();
                Interval::of(&values).is_one()
            });
            let part = held.count() as f64 / f64::from(draws);
            assert!((0.92..0.99).contains(&part), "{count}: {part}");
        }
    }

    #[test]
    fn an_outlier_is_far_from_values_that_agree() {
        assert_eq!(outliers(&[1.0, 1.01, 2.0, 0.99, 1.0]), 1);
        // Where all scatter, none is odd.
        assert_eq!(outliers(&[1.0, 2.0, 3.0, 4.0, 5.0]), 0);
    }
}
