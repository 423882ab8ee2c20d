//! A client of one request a connection, so that the test speaks to the server as the world does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

/// One request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'r> {
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    pub(crate) key: Option<&'r str>,
    pub(crate) content_type: Option<&'r str>,
    pub(crate) body: &'r str,
}

/// Sends it; the status and the body, which is JSON whatever happened.
pub(crate) fn answer(address: SocketAddr, request: &Request<'_>) -> (u16, Value) {
    let Request { method, path, key, content_type, body } = request;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if let Some(key) = key {
        head += &format!("Authorization: Bearer {key}\r\n");
    }
    if let Some(content_type) = content_type {
        head += &format!("Content-Type: {content_type}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let json = serde_json::from_str(body);
    (status, json.unwrap_or_else(|_| panic!("{method} {path} answers {status}: {body}")))
}
