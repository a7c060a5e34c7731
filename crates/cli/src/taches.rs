//! The task runner beside the server.

use std::sync::Arc;

use app::Plateforme;
use tokio::sync::watch;

/// Works until the stop.
pub async fn run(app: Arc<Plateforme>, stop: watch::Receiver<bool>) {
    crate::ecoute::attendre(stop).await;
    drop(app);
}
