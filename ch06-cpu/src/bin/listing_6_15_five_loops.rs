//! Listing 6.15: Five event loops in five threads.
//!
//! An event loop runs on one thread. When the answers of a database keep it busy, other cores need
//! their own loops. Here five threads each have a loop, a pool of connections and 10,000 queries.
//! Python needs five processes.
//!
//! Rust has an easier way: tokio's multi-thread runtime runs one loop on all cores.
//! `#[tokio::main]` without a flavor starts it.
//!
//! The database is embedded, unless `DATABASE_URL` names a PostgreSQL server. With the embedded
//! database, five loops gain next to nothing, because its own threads already keep the cores busy
//! for a single loop.
//!
//! In Python: `ProcessPoolExecutor`, `asyncpg`. Here: `thread::scope`, `sqlx`. Takes 1 s.

use std::thread;

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
    let _main = util::async_timed();
    let num_queries = util::args("[QUERIES]").number(10_000, 0..=1_000_000);
    // Created and filled once, before five loops need it.
    let event_loop = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let products = event_loop.block_on(Products::open())?;

    thread::scope(|scope| {
        let threads: Vec<_> = (0..5)
            .map(|_| scope.spawn(|| run_in_new_loop(&products, num_queries)))
            .collect();

        let mut total_queries = 0;
        for thread in threads {
            total_queries += thread.join().expect("no loop panics")?.len();
        }
        println!("Retrieved {total_queries} products the product database.");
        Ok(())
    })
}
