//! Example: The request of listings 8.2 and 8.3, and whether an answer is whole.

use anyhow::{Context, bail, ensure};
use std::time::Duration;
use url::Url;

/// How long a site may take.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest line, or head of an answer, in bytes; asyncio's streams have the same limit.
pub const LONGEST_HEAD: usize = 64 * 1024;

/// The longest answer, in bytes.
pub const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A page, and where it is.
#[derive(Clone, Debug)]
pub struct Page {
    /// The host's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The path with its query.
    pub path: String,
}

impl Page {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// If it is none, or wants encryption, which these listings leave to others.
    pub fn parse(url: &str) -> anyhow::Result<Self> {
        let url = Url::parse(url).with_context(|| format!("'{url}' is not a URL"))?;
        ensure!(
            url.scheme() == "http",
            "this listing speaks plain HTTP: '{url}' must begin with http://"
        );
        let host = url.host_str().context("the URL names no host")?;
        let query = url
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap_or(80),
            path: format!("{}{query}", url.path()),
        })
    }

    /// The request, after which the site closes the connection.
    #[must_use]
    pub fn request(&self) -> String {
        let Self { host, path, .. } = self;
        format!("GET {path} HTTP/1.1\r\nConnection: close\r\nHost: {host}\r\n\r\n")
    }
}

/// Whether what has come so far may go on.
///
/// # Errors
/// If its head or all of it is too long.
pub fn check_length(answer: &[u8]) -> anyhow::Result<()> {
    let head_ended = || {
        answer
            .windows(4)
            .take(LONGEST_HEAD)
            .any(|end| end == b"\r\n\r\n")
    };
    ensure!(
        answer.len() <= LONGEST_HEAD || head_ended(),
        "the head of the answer is longer than {LONGEST_HEAD} bytes"
    );
    ensure!(
        answer.len() <= LONGEST_ANSWER,
        "the answer is longer than {LONGEST_ANSWER} bytes"
    );
    Ok(())
}

/// Whether an answer is all that the site wanted to send, after it has closed the connection.
///
/// # Errors
/// If it is no HTTP, or not whole.
pub fn check_whole(answer: &[u8]) -> anyhow::Result<()> {
    ensure!(
        !answer.is_empty(),
        "the server closed the connection without an answer"
    );
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(answer).context("the answer is not HTTP")?;
    let httparse::Status::Complete(head) = parsed else {
        bail!("the server closed the connection within the head of its answer");
    };
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    if let Some(length) = length {
        let length = str::from_utf8(length.value)
            .ok()
            .and_then(|text| text.parse().ok());
        let length: usize = length.context("the answer's length is not a number")?;
        let came = answer.len() - head;
        ensure!(
            came >= length,
            "the server closed the connection after {came} of {length} bytes"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let page = Page::parse("http://[::1]:8000/a/b?c=d").unwrap();
        assert_eq!((page.host.as_str(), page.port), ("::1", 8000));
        assert_eq!(
            page.request(),
            "GET /a/b?c=d HTTP/1.1\r\nConnection: close\r\nHost: ::1\r\n\r\n"
        );
        assert_eq!(Page::parse("http://www.example.com").unwrap().port, 80);
        assert!(Page::parse("https://www.example.com").is_err());
        assert!(Page::parse("nonsense").is_err());
    }

    #[test]
    fn an_answer_is_whole_or_it_is_told_why_not() {
        let told = |answer: &str| format!("{:#}", check_whole(answer.as_bytes()).unwrap_err());
        assert!(check_whole(b"HTTP/1.1 200 OK\r\n\r\nany").is_ok());
        assert!(check_whole(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nany").is_ok());
        assert!(told("").contains("without an answer"));
        assert!(told("HTTP/1.1 200 OK\r\ncontent-le").contains("within the head"));
        let short = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nany";
        assert!(told(short).contains("after 3 of 9 bytes"));
        assert!(told("SSH-2.0\r\n\r\n").contains("not HTTP"));
        let much = "HTTP/1.1 200 OK\r\ncontent-length: much\r\n\r\n";
        assert!(told(much).contains("not a number"));
    }

    #[test]
    fn an_answer_may_be_long_but_not_its_head() {
        let long = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 100_000]].concat();
        assert!(check_length(&long).is_ok());
        assert!(check_length(&vec![b'x'; 100_000]).is_err());
        assert!(check_length(&[b'x'; 100]).is_ok());
    }
}
