//! Listing 8.11: An SQL client that runs queries while one types.
//!
//! As 8.10 with queries to the products database; several run at once, each on a connection of the
//! pool. Try `SELECT * FROM product`, or `SELECT nonsense`. `DATABASE_URL` names another database.
//!
//! In Python: `asyncpg`. Here: `sqlx`. Needs a terminal.

use std::rc::Rc;

use ch08_streams::read_line::LineReader;
use ch08_streams::screen::{Screen, terminated};
use sqlx::{AnyPool, AssertSqlSafe};
use tokio::task::spawn_local;
use util_products::Products;

async fn run_query(query: String, pool: AnyPool, screen: Rc<Screen>) -> anyhow::Result<()> {
    // What the user types is what shall be run: there is nothing to inject into.
    let rows = sqlx::query(AssertSqlSafe(query.as_str()))
        .fetch_all(&pool)
        .await;
    match rows {
        Ok(rows) => screen.append(format!("Fetched {} rows from: {query}", rows.len()))?,
        Err(error) => screen.append(format!("Got exception {error} from: {query}"))?,
    }
    Ok(())
}

async fn read_queries(screen: Rc<Screen>, pool: AnyPool) -> anyhow::Result<()> {
    let mut reader = LineReader::default();
    while let Some(query) = screen.read_line(&mut reader).await? {
        if !query.trim().is_empty() {
            spawn_local(run_query(query, pool.clone(), Rc::clone(&screen)));
        }
    }
    Ok(())
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let pool = Products::open().await?.pool(6).await?;
    let screen = Rc::new(Screen::take()?);
    tokio::select! {
        ended = read_queries(screen, pool) => Ok(ended?),
        terminated = terminated() => Ok(terminated?),
    }
}
