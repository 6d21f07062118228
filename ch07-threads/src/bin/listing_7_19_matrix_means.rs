//! Listing 7.19: The mean of each row, a job for each.
//!
//! Listing 7.18 has `chunks`, this one `par_chunks`. rayon's threads share the rows, and the means
//! come in the order of the rows. Threads help as long as the memory keeps up. As in 7.17, there is
//! no event loop.
//!
//! In Python: `run_in_executor`. Here: `par_chunks`. Takes 1 s.

use std::time::Instant;

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

/// With this many columns, fifty rows fill a gibibyte.
const COLUMNS: usize = (1 << 30) / 50 / size_of::<i64>();

fn mean_for_row(row: &[i64]) -> f64 {
    row.iter().sum::<i64>() as f64 / row.len() as f64
}

fn main() {
    let rows = 50;
    let columns = util::args("[COLUMNS]").number(COLUMNS, 1..=1_000_000_000);
    let matrix: Vec<i64> = (0..(rows * columns) as i64).collect();
    let start = Instant::now();

    let means: Vec<f64> = matrix.par_chunks(columns).map(mean_for_row).collect();

    println!("Means took {:.4} seconds", start.elapsed().as_secs_f64());
    println!("{means:?}");
}
