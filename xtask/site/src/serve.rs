//! Serves the site on this machine.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use axum::Router;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

/// Serves `folder` on `address` until Ctrl-C.
///
/// # Errors
/// If `address` is taken.
pub fn serve(folder: &Path, address: SocketAddr) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("cannot listen on {address}"))?;
        println!("Serving on http://{}/ until Ctrl-C", listener.local_addr()?);
        let site = Router::new().fallback_service(ServeDir::new(folder));
        let stop = async {
            // Without a handler for it, Ctrl-C would end the program as well.
            let _ = tokio::signal::ctrl_c().await;
        };
        axum::serve(listener, site)
            .with_graceful_shutdown(stop)
            .await?;
        Ok(())
    })
}
