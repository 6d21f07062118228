//! Listing 7.19: The mean of each row, on threads.
//!
//! Each thread borrows its rows and gives their means back: `chunks` cuts the matrix into slices
//! without copying a number, and the scope ensures that the matrix outlives its threads.
//!
//! In Python: `run_in_executor`. Here: `thread::scope`, `par_chunks`. Takes 1 s.

use std::thread;
use std::time::Instant;

use anyhow::Context;

const COLUMNS: usize = (1 << 30) / 50 / size_of::<i64>();

fn mean_for_row(row: &[i64]) -> f64 {
    row.iter().sum::<i64>() as f64 / row.len() as f64
}

fn main() -> anyhow::Result<()> {
    let columns = util::args("[COLUMNS]").number(COLUMNS, 1..=1_000_000_000);
    let data_points = 50 * columns as i64;
    let matrix: Vec<i64> = (0..data_points).collect();
    let threads = thread::available_parallelism()?.get();
    let start = Instant::now();

    let rows: Vec<&[i64]> = matrix.chunks(columns).collect();
    let means = thread::scope(|scope| {
        let threads: Vec<_> = rows
            .chunks(rows.len().div_ceil(threads))
            .map(|rows| scope.spawn(|| rows.iter().map(|row| mean_for_row(row)).collect()))
            .collect();
        let means = threads.into_iter().map(|thread| thread.join().ok());
        means.collect::<Option<Vec<Vec<f64>>>>()
    });
    let means = means.context("a thread panicked")?.concat();

    println!("Means took {:.4} seconds", start.elapsed().as_secs_f64());
    println!("{means:?}");
    Ok(())
}
