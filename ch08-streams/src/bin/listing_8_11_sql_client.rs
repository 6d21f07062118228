//! Listing 8.11: An SQL client that runs queries while you type.
//!
//! Like 8.10, but with queries to the products database. Several run at once, each on a connection
//! from the pool. Try `SELECT * FROM product`, or `SELECT nonsense`. `DATABASE_URL` names another
//! database.
//!
//! In Python: `asyncpg`. Here: `sqlx`. Needs a terminal.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::rc::Rc;

use ch08_streams::cursor::{
    delete_line, move_to_bottom_of_screen, move_to_top_of_screen, restore_cursor_position,
    save_cursor_position,
};
use ch08_streams::message_store::MessageStore;
use ch08_streams::read_line::read_line;
use crossterm::event::EventStream;
use sqlx::{AnyPool, AssertSqlSafe};
use tokio::task::spawn_local;
use util_products::Products;
use util_terminal::RawMode;

async fn run_query(
    query: String,
    pool: AnyPool,
    message_store: Rc<MessageStore>,
) -> io::Result<()> {
    // The user writes the SQL, so there is nothing to inject.
    let result = sqlx::query(AssertSqlSafe(query.as_str())).fetch_all(&pool);
    message_store.append(match result.await {
        Ok(rows) => format!("Fetched {} rows from: {query}", rows.len()),
        Err(error) => format!("Got exception {error} from: {query}"),
    })
}

fn redraw_output(items: &VecDeque<String>) -> io::Result<()> {
    save_cursor_position()?;
    move_to_top_of_screen()?;
    for item in items {
        delete_line()?;
        print!("{}\r\n", item.replace(char::is_control, "?"));
    }
    restore_cursor_position()?;
    io::stdout().flush()
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let pool = Products::open().await?.pool(6).await?;
    let _raw_mode = RawMode::enter()?;
    let rows = move_to_bottom_of_screen()?;
    let messages = Rc::new(MessageStore::new(redraw_output, rows - 1));
    let mut stdin_reader = EventStream::new();
    while let Some(query) = read_line(&mut stdin_reader).await? {
        spawn_local(run_query(query, pool.clone(), Rc::clone(&messages)));
    }
    Ok(())
}
