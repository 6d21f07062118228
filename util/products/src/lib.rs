//! The products database of listings 6.15 and 8.11. It has brands, products, their colours and
//! sizes, and the stock-keeping units (SKUs) of each product.
//!
//! It is an embedded SQLite file in the folder for temporary files, or the PostgreSQL database that
//! `DATABASE_URL` names (`postgres://user:password@host/name`). If its tables are missing, they are
//! created and filled, with the same rows each time.

use std::env;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection};
use url::Url;

/// How long a database server may take to accept a connection.
const REACH_TIMEOUT: Duration = Duration::from_secs(5);

/// The number in the name changes with the schema or the rows.
const FILE: &str = "products-1.sqlite";

/// The lock that a creator of the tables holds in PostgreSQL. The number is arbitrary, but must not
/// be used elsewhere.
const LOCK: &str = "SELECT pg_advisory_xact_lock(615)";

const SCHEMA: [&str; 6] = [
    "CREATE TABLE IF NOT EXISTS brand (
        brand_id INTEGER PRIMARY KEY,
        brand_name TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS product (
        product_id INTEGER PRIMARY KEY,
        product_name TEXT NOT NULL,
        brand_id INTEGER NOT NULL REFERENCES brand(brand_id))",
    "CREATE TABLE IF NOT EXISTS product_color (
        product_color_id INTEGER PRIMARY KEY,
        product_color_name TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS product_size (
        product_size_id INTEGER PRIMARY KEY,
        product_size_name TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sku (
        sku_id INTEGER PRIMARY KEY,
        product_id INTEGER NOT NULL REFERENCES product(product_id),
        product_size_id INTEGER NOT NULL REFERENCES product_size(product_size_id),
        product_color_id INTEGER NOT NULL REFERENCES product_color(product_color_id))",
    "CREATE INDEX IF NOT EXISTS sku_product ON sku (product_id)",
];

/// A hundred brands, a thousand products, a hundred thousand SKUs. The multipliers have no factor
/// in common with the number of rows, so every row is used, in a mixed order.
const ROWS: [&str; 5] = [
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
     INSERT INTO brand SELECT i, 'Brand ' || i FROM n",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     INSERT INTO product SELECT i, 'Product ' || i, 1 + (i * 37) % 100 FROM n",
    "INSERT INTO product_color VALUES (1, 'Blue'), (2, 'Black')",
    "INSERT INTO product_size VALUES (1, 'Small'), (2, 'Medium'), (3, 'Large')",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
     INSERT INTO sku SELECT i, 1 + (i * 389) % 1000, 1 + i % 3, 1 + (i / 3) % 2 FROM n",
];

/// The products database, ready for queries.
#[derive(Clone, Debug)]
pub struct Products {
    options: AnyConnectOptions,
}

impl Products {
    /// Opens the database that `DATABASE_URL` names, or else the embedded one; creates and fills
    /// what is missing.
    ///
    /// # Errors
    /// If `DATABASE_URL` is not a PostgreSQL URL or its server cannot be reached, or if the file
    /// cannot be made.
    pub async fn open() -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        match env::var("DATABASE_URL") {
            Ok(url) => Self::server(&url).await,
            Err(env::VarError::NotPresent) => {
                let path = env::temp_dir().join(FILE);
                Self::embedded(&path)
                    .await
                    .with_context(|| format!("cannot make the database {}", path.display()))
            }
            Err(error) => Err(error).context("DATABASE_URL"),
        }
    }

    async fn embedded(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            // Filled under another name, so that no one finds half a database.
            let directory = path.parent().unwrap_or(Path::new("."));
            let mut file = tempfile::Builder::new();
            file.suffix(".part");
            // The umask decides who can read it, as for any other file.
            #[cfg(unix)]
            file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
            let file = file.tempfile_in(directory)?;
            let mut connection = sqlite(file.path())?.connect().await?;
            fill(&mut connection, false).await?;
            connection.close().await?;
            file.persist(path)?;
        }
        let options = sqlite(path)?;
        Ok(Self { options })
    }

    async fn server(url: &str) -> anyhow::Result<Self> {
        let mut shown = Url::parse(url).context("DATABASE_URL is not a URL")?;
        // Messages must not show the password.
        if shown.password().is_some() {
            let _ = shown.set_password(Some("…"));
        }
        if !matches!(shown.scheme(), "postgres" | "postgresql") {
            bail!("DATABASE_URL '{shown}' is not a PostgreSQL URL (postgres://user@host/name)");
        }
        let open = async {
            let options = AnyConnectOptions::from_str(url)?;
            let mut connection = tokio::time::timeout(REACH_TIMEOUT, options.connect())
                .await
                .context("it does not answer")??;
            fill(&mut connection, true).await?;
            connection.close().await?;
            anyhow::Ok(Self { options })
        };
        open.await
            .with_context(|| format!("DATABASE_URL '{shown}' cannot be used"))
    }

    /// A pool of connections for one event loop, like `asyncpg.create_pool`.
    ///
    /// # Errors
    /// If it cannot connect.
    pub async fn pool(&self, max_connections: u32) -> anyhow::Result<AnyPool> {
        AnyPoolOptions::new()
            .max_connections(max_connections)
            // Testing whether a connection still lives costs as much as a query here.
            .test_before_acquire(false)
            .connect_with(self.options.clone())
            .await
            .context("cannot connect to the products database")
    }
}

fn sqlite(path: &Path) -> anyhow::Result<AnyConnectOptions> {
    let path: PathBuf = std::path::absolute(path)?;
    let mut url = Url::from_file_path(&path)
        .map_err(|()| anyhow::anyhow!("{} is not a path for a URL", path.display()))?
        .to_string();
    url.replace_range(.."file".len(), "sqlite");
    Ok(AnyConnectOptions::from_str(&url)?)
}

/// Creates the tables that are missing, and the rows if there are none.
async fn fill(connection: &mut AnyConnection, shared: bool) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    if shared {
        sqlx::query(LOCK).execute(&mut *transaction).await?;
    }
    for table in SCHEMA {
        sqlx::query(table).execute(&mut *transaction).await?;
    }
    let (skus,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM sku")
        .fetch_one(&mut *transaction)
        .await?;
    if skus == 0 {
        for rows in ROWS {
            sqlx::query(rows).execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn count(pool: &AnyPool, query: &'static str) -> i64 {
        let (count,): (i64,) = sqlx::query_as(query).fetch_one(pool).await.unwrap();
        count
    }

    #[tokio::test]
    async fn every_product_has_a_hundred_skus() {
        sqlx::any::install_default_drivers();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a b?.sqlite");
        for _ in 0..2 {
            let products = Products::embedded(&path).await.unwrap();
            let pool = products.pool(2).await.unwrap();
            assert_eq!(count(&pool, "SELECT COUNT(*) FROM brand").await, 100);
            assert_eq!(count(&pool, "SELECT COUNT(*) FROM product").await, 1_000);
            let skus = "SELECT COUNT(*) FROM sku WHERE product_id = 100";
            assert_eq!(count(&pool, skus).await, 100);
            let brands = "SELECT COUNT(DISTINCT brand_id) FROM product";
            assert_eq!(count(&pool, brands).await, 100);
            pool.close().await;
        }
        // No temporary file is left.
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn several_that_make_it_at_the_same_time_all_have_it() {
        sqlx::any::install_default_drivers();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("products.sqlite");
        let (first, second) = tokio::join!(Products::embedded(&path), Products::embedded(&path));
        assert!(first.is_ok() && second.is_ok(), "{first:?}, {second:?}");
    }

    #[tokio::test]
    async fn a_pool_has_as_many_connections_as_it_may() {
        sqlx::any::install_default_drivers();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("products.sqlite");
        let pool = Products::embedded(&path).await.unwrap().pool(3).await;
        let pool = pool.unwrap();
        let mut connections = Vec::new();
        for _ in 0..3 {
            connections.push(pool.acquire().await.unwrap());
        }
        assert!(pool.try_acquire().is_none());
    }

    #[tokio::test]
    async fn a_wrong_url_is_told_without_its_password() {
        sqlx::any::install_default_drivers();
        for (url, error) in [
            ("nonsense", "DATABASE_URL is not a URL"),
            ("mysql://me:secret@host/x", "not a PostgreSQL URL"),
            // Port 1 is reserved, so nothing listens there.
            ("postgres://me:secret@127.0.0.1:1/x", "cannot be used"),
        ] {
            let told = format!("{:#}", Products::server(url).await.unwrap_err());
            assert!(told.contains(error), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
    }
}
