//! Listing 7.19 (threads): The mean of each row, on threads of the standard library.
//!
//! Each thread borrows its rows and returns their means. The scope ends after its threads, so the
//! matrix outlives them, and no number is copied.
//!
//! In Python: `run_in_executor`. Here: `thread::scope`. Takes 1 s.

use std::thread;
use std::time::Instant;

/// With this many columns, fifty rows fill a gibibyte.
const COLUMNS: usize = (1 << 30) / 50 / size_of::<i64>();

fn mean_for_row(row: &[i64]) -> f64 {
    row.iter().sum::<i64>() as f64 / row.len() as f64
}

fn main() -> anyhow::Result<()> {
    let rows: usize = 50;
    let columns = util::args("[COLUMNS]").number(COLUMNS, 1..=1_000_000_000);
    let matrix: Vec<i64> = (0..(rows * columns) as i64).collect();
    let threads = thread::available_parallelism()?.get();
    let start = Instant::now();

    let rows_of_each = rows.div_ceil(threads) * columns;
    let means: Vec<f64> = thread::scope(|scope| {
        let threads: Vec<_> = matrix
            .chunks(rows_of_each)
            .map(|rows| scope.spawn(|| rows.chunks(columns).map(mean_for_row).collect::<Vec<_>>()))
            .collect();
        let means = threads.into_iter().map(|thread| thread.join());
        means
            .flat_map(|means| means.expect("no thread panics"))
            .collect()
    });

    println!("Means took {:.4} seconds", start.elapsed().as_secs_f64());
    println!("{means:?}");
    Ok(())
}
