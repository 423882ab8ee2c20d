//! Asking a running server through its API, over HTTP or HTTPS.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Url;

use crate::ending::Wrong;

/// A server with the key that opens it.
pub(crate) struct Remote {
    url: Url,
    key: String,
}

/// Publishing a large shop's definitions takes a second.
const ANSWER_MAX: Duration = Duration::from_secs(60);
/// Answers are lists of changes; more is not ours.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

impl Remote {
    /// The server at a URL; nothing is sent yet.
    pub(crate) fn new(url: &str, key: &str) -> Result<Self, Wrong> {
        let wrong = || {
            let message = "the server's address is not understood";
            Wrong::called(message, "write one such as http://127.0.0.1:8080")
        };
        let url = Url::parse(url).map_err(|_| wrong())?;
        let known = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        let clean = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        match (known, clean) {
            (true, true) => Ok(Self { url, key: key.to_owned() }),
            (false, _) => Err(wrong()),
            (true, false) => {
                let cure = "make one with \"regulars key create --scope write\"";
                Err(Wrong::called("that is no API key", cure))
            }
        }
    }

    /// Sends a request and gives back the answer; an error of the API is an error here.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let bytes = runtime.block_on(async {
            tokio::time::timeout(ANSWER_MAX, self.exchange(method, path, &body.to_string()))
                .await
                .context("the server did not answer in time")?
        });
        let bytes = bytes.with_context(|| {
            format!("could not ask the server at {}", self.url.host_str().unwrap_or_default())
        })?;
        read_answer(&bytes)
    }

    async fn exchange(&self, method: &str, path: &str, body: &str) -> anyhow::Result<Vec<u8>> {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or(80);
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
        // HTTP/1.0: the answer ends with the connection, and comes in one piece.
        let request = format!(
            "{method} {}{path} HTTP/1.0\r\nHost: {host}:{port}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.url.path().trim_end_matches('/'),
            self.key,
            body.len(),
        );
        if self.url.scheme() == "https" {
            let name = ServerName::try_from(host.to_owned())?;
            let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            let config =
                ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
            let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
            return converse(stream, &request).await;
        }
        converse(stream, &request).await
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &str,
) -> anyhow::Result<Vec<u8>> {
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// The JSON of an answer whose status is good; else what the server says is wrong.
fn read_answer(bytes: &[u8]) -> anyhow::Result<Value> {
    let odd = || Wrong::failed("what answers there is not Regulars", "check the address");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(odd)?;
    let head = std::str::from_utf8(&bytes[..end]).map_err(|_| odd())?;
    let status: u16 =
        head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(odd)?;
    let body: Value = serde_json::from_slice(&bytes[end + 4..]).map_err(|_| odd())?;
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let said = |key: &str| body["error"][key].as_str().unwrap_or_default().to_owned();
    let message = format!("the server refuses ({status}): {}", said("message"));
    Err(Wrong::failed(message, said("hint")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_and_a_refusal_keeps_its_cure() {
        let good = b"HTTP/1.0 200 OK\r\ncontent-length: 13\r\n\r\n{\"changes\":1}";
        assert_eq!(read_answer(good).unwrap()["changes"], 1);
        let bad = b"HTTP/1.1 401 Unauthorized\r\n\r\n{\"error\":{\"message\":\"no key\",\"hint\":\"make one\"}}";
        let error = read_answer(bad).unwrap_err();
        assert_eq!(error.to_string(), "the server refuses (401): no key");
        assert!(read_answer(b"220 mail.example ESMTP\r\n").is_err());
    }
}
