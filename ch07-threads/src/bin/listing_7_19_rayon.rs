//! Listing 7.19 (rayon): The mean of each row, a job for each.
//!
//! `par_chunks` where 7.18 has `chunks`, and the means come in the same order.
//!
//! Takes 1 s.

use std::time::Instant;

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

const COLUMNS: usize = (1 << 30) / 50 / size_of::<i64>();

fn mean_for_row(row: &[i64]) -> f64 {
    row.iter().sum::<i64>() as f64 / row.len() as f64
}

fn main() {
    let columns = util::args("[COLUMNS]").number(COLUMNS, 1..=1_000_000_000);
    let data_points = 50 * columns as i64;
    let matrix: Vec<i64> = (0..data_points).collect();
    let start = Instant::now();

    let means: Vec<f64> = matrix.par_chunks(columns).map(mean_for_row).collect();

    println!("Means took {:.4} seconds", start.elapsed().as_secs_f64());
    println!("{means:?}");
}
