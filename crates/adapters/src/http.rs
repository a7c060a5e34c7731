//! What the HTTP adapters share: secrets never travel in clear, nor elsewhere than where they were sent.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, Url, redirect};

/// An https address, or an http one of the machine itself.
pub(crate) fn address(texte: &str) -> Option<Url> {
    let url = Url::parse(texte).ok()?;
    let locale = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    (url.scheme() == "https" || (url.scheme() == "http" && locale)).then_some(url)
}

/// A client with a time limit, which follows no redirection.
pub(crate) fn client(delai: Duration) -> ClientBuilder {
    Client::builder().timeout(delai).redirect(redirect::Policy::none())
}
