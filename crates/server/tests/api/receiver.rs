//! A program that takes calls: it answers as it is told, and keeps what came.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Inbox, Sender, channel};
use std::time::Duration;

/// How it answers one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// With this status.
    Answers(u16),
    /// Not at all, though it has read everything.
    HangsUp,
}

/// A call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Arrived {
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    arrived: Inbox<Arrived>,
    script: Sender<Does>,
}

impl Receiver {
    /// Takes calls; each is answered by the next word of the script.
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, arrived) = channel();
        let (script, next) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // Whoever has no more to say lets the test end.
                let Ok(does) = next.recv() else { return };
                if serve(stream.unwrap(), does, &tell).is_none() {
                    return;
                }
            }
        });
        Self { address, arrived, script }
    }

    /// Answers the next call so.
    pub(crate) fn will(&self, does: Does) {
        self.script.send(does).unwrap();
    }

    /// The next call that comes.
    pub(crate) fn next(&self) -> Arrived {
        self.arrived.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    /// Whether a call has come that nobody has looked at.
    pub(crate) fn has_more(&self) -> bool {
        self.arrived.try_recv().is_ok()
    }
}

fn serve(stream: TcpStream, does: Does, tell: &Sender<Arrived>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut fields = Vec::new();
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        fields.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = fields.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.unwrap().1.parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    if let Does::Answers(status) = does {
        let head = "content-length: 5\r\nconnection: close\r\n\r\nnoted";
        let answer = format!("HTTP/1.1 {status} Said\r\n{head}");
        reader.get_mut().write_all(answer.as_bytes()).ok()?;
    }
    tell.send(Arrived { fields, body: String::from_utf8(body).unwrap() }).ok()
}
