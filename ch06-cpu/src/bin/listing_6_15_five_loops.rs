//! Listing 6.15: Five event loops in five threads.
//!
//! One event loop is one thread, and when it is busy all day with what comes back from the
//! database, another core needs a loop of its own: each here has its own thread, its own pool of
//! connections, and 10,000 queries. Python needs five processes for it.
//!
//! The database is an embedded one, unless `DATABASE_URL` names a PostgreSQL server.
//!
//! In Python: `ProcessPoolExecutor`, `asyncpg`. Here: `thread::scope`, `sqlx`. Takes 1 s.

use std::thread;

use anyhow::Context;
use futures::future::try_join_all;
use sqlx::AnyPool;
use tokio::runtime;
use util_products::Products;

const PRODUCT_QUERY: &str = "
    SELECT p.product_id, p.product_name, p.brand_id,
           s.sku_id, pc.product_color_name, ps.product_size_name
    FROM product AS p
    JOIN sku AS s ON s.product_id = p.product_id
    JOIN product_color AS pc ON pc.product_color_id = s.product_color_id
    JOIN product_size AS ps ON ps.product_size_id = s.product_size_id
    WHERE p.product_id = 100
    LIMIT 1";

type Product = (i32, String, i32, i32, String, String);

async fn query_product(pool: &AnyPool) -> anyhow::Result<Product> {
    Ok(sqlx::query_as(PRODUCT_QUERY).fetch_one(pool).await?)
}

#[tracing::instrument(skip(pool))]
async fn query_products_concurrently(
    pool: &AnyPool,
    queries: usize,
) -> anyhow::Result<Vec<Product>> {
    let queries = (0..queries).map(|_| query_product(pool));
    try_join_all(queries).await
}

fn run_in_new_loop(products: &Products, num_queries: usize) -> anyhow::Result<Vec<Product>> {
    let event_loop = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    event_loop.block_on(async {
        let pool = products.pool(6).await?;
        let results = query_products_concurrently(&pool, num_queries).await;
        pool.close().await;
        results
    })
}

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[QUERIES] [LOOPS]");
    let num_queries = args.number(10_000, 0..=1_000_000);
    let loops = args.number(5, 1..=16);
    let _main = util::async_timed();
    // Created and filled once, before five loops want it.
    let event_loop = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let products = event_loop.block_on(Products::open())?;

    let results = thread::scope(|scope| {
        let threads: Vec<_> = (0..loops)
            .map(|_| scope.spawn(|| run_in_new_loop(&products, num_queries)))
            .collect();
        let joined = threads.into_iter().map(|thread| thread.join().ok());
        joined.collect::<Option<anyhow::Result<Vec<_>>>>()
    });
    let all_results = results.context("an event loop panicked")??;

    let retrieved = all_results.iter().map(Vec::len).sum::<usize>();
    println!("Retrieved {retrieved} products the product database.");
    Ok(())
}
