//! Listing 8.1: An HTTP request as a protocol.
//!
//! Each method is a callback for an event. Between the calls, fields keep the state: the protocol
//! keeps `transport`, because dropping it would end the connection's writing side. The result
//! arrives through a oneshot channel, which is asyncio's future.
//!
//! In Python: `asyncio.Protocol`. Here: `Protocol`, `oneshot`.

use std::io;

use tokio::sync::oneshot;

use crate::http_get::Page;
use crate::transport::{Protocol, Transport};

/// Asks for one page.
pub struct HttpGetClientProtocol {
    page: Page,
    future: Option<oneshot::Sender<io::Result<String>>>,
    transport: Option<Transport>,
    response_buffer: Vec<u8>,
}

impl HttpGetClientProtocol {
    /// A request for `page`, and where its answer will arrive.
    pub fn new(page: Page) -> (Self, oneshot::Receiver<io::Result<String>>) {
        let (future, response) = oneshot::channel();
        let protocol = Self {
            page,
            future: Some(future),
            transport: None,
            response_buffer: Vec::new(),
        };
        (protocol, response)
    }

    fn get_request_bytes(&self) -> Vec<u8> {
        let Page { host, path, .. } = &self.page;
        format!("GET {path} HTTP/1.1\r\nConnection: close\r\nHost: {host}\r\n\r\n").into()
    }

    fn set_result(&mut self, result: io::Result<String>) {
        if let Some(future) = self.future.take() {
            // This fails only if nothing waits for the result any longer.
            let _ = future.send(result);
        }
    }
}

impl Protocol for HttpGetClientProtocol {
    fn connection_made(&mut self, transport: Transport) {
        println!("Connection made to {}", self.page.host);
        transport.write(self.get_request_bytes());
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        println!("Data received!");
        self.response_buffer.extend(data);
    }

    fn eof_received(&mut self) {
        self.set_result(Ok(String::from_utf8_lossy(&self.response_buffer).into()));
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        match error {
            None => println!("Connection closed without error."),
            Some(error) => self.set_result(Err(error)),
        }
    }
}
