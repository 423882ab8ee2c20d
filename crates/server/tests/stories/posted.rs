//! A server on this machine that messages are posted to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// A request that was read whole.
pub(crate) struct Posted {
    /// Where it went.
    pub(crate) path: String,
    /// Its fields, names in lower case.
    pub(crate) fields: Vec<(String, String)>,
    /// What it carried.
    pub(crate) body: Vec<u8>,
}

/// Listens for as long as the tests run. `said` gives a status with its fields, and what is said.
pub(crate) fn listen(
    said: impl Fn(Posted) -> (String, String) + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let said = Arc::new(said);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let said = Arc::clone(&said);
            // It ends when the client hangs up.
            std::thread::spawn(move || while talk(&stream, &*said).is_some() {});
        }
    });
    address
}

fn talk(mut stream: &TcpStream, said: &impl Fn(Posted) -> (String, String)) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        let read = reader.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    };
    let path = line()?.split(' ').nth(1)?.to_owned();
    let mut fields = Vec::new();
    while let Some((name, value)) = line()?.split_once(": ") {
        fields.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = fields.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (head, text) = said(Posted { path, fields, body });
    let answer = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{text}", text.len());
    stream.write_all(answer.as_bytes()).ok()
}
