//! Listing 8.1: An HTTP request as a protocol.
//!
//! Each method is called when something has happened, and what is known so far is kept in fields
//! between the calls. The result arrives through a oneshot channel, asyncio's future.
//!
//! In Python: `asyncio.Protocol`. Here: `transport::Protocol`, `oneshot`.

use std::io;

use anyhow::Context;
use tokio::sync::oneshot;

use crate::http_get::{Page, check_length, check_whole};
use crate::transport::{Protocol, Transport};

/// Asks for one page.
#[derive(Debug)]
pub struct HttpGetClientProtocol {
    page: Page,
    transport: Option<Transport>,
    response_buffer: Vec<u8>,
    /// Taken when the result is known.
    result: Option<oneshot::Sender<anyhow::Result<Vec<u8>>>>,
}

impl HttpGetClientProtocol {
    /// A request for `page`, and where its answer will arrive: all that came, head and body.
    #[must_use]
    pub fn new(page: Page) -> (Self, oneshot::Receiver<anyhow::Result<Vec<u8>>>) {
        let (result, response) = oneshot::channel();
        let protocol = Self {
            page,
            transport: None,
            response_buffer: Vec::new(),
            result: Some(result),
        };
        (protocol, response)
    }

    fn set_result(&mut self, result: anyhow::Result<Vec<u8>>) {
        if let Some(sender) = self.result.take() {
            // Whoever dropped the receiver does not want the answer.
            let _ = sender.send(result);
        }
    }
}

impl Protocol for HttpGetClientProtocol {
    fn connection_made(&mut self, transport: Transport) {
        println!("Connection made to {}", self.page.host);
        transport.write(self.page.request());
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        println!("Data received!");
        self.response_buffer.extend(data);
        if let Err(error) = check_length(&self.response_buffer) {
            self.set_result(Err(error));
            // Nothing more of it is wanted.
            self.transport = None;
        }
    }

    fn eof_received(&mut self) {
        let response = std::mem::take(&mut self.response_buffer);
        self.set_result(check_whole(&response).map(|()| response));
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        match error {
            None => println!("Connection closed without error."),
            Some(error) => self.set_result(Err(error).context("the connection broke")),
        }
    }
}
