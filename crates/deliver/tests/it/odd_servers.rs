//! Mail servers that write odd answers, of which each has a plain meaning, and connections that break at
//! every byte.

use std::sync::{Arc, Mutex};

use regulars_deliver::email::{Email, SmtpClient, SmtpSettings};
use regulars_deliver::sent::{Cause, ResponseClass, Sent, Stage};
use regulars_deliver::{Mailbox, Message};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::message::message;
use crate::server::{Encrypts, Server, Takes};

/// What a server answers: to the first word of what it is told, with whatever bytes.
type Answers = &'static [(&'static str, &'static [u8])];

/// How answers travel.
#[derive(Clone, Copy, Debug)]
enum Travels {
    Whole,
    /// Each byte in a packet of its own.
    ByteByByte,
}

const USUAL: Answers = &[
    ("", b"220 ready\r\n"),
    ("EHLO", b"250-here\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME\r\n"),
    ("MAIL", b"250 fine\r\n"),
    ("RCPT", b"250 fine\r\n"),
    ("DATA", b"354 go on\r\n"),
    ("RSET", b"250 fine\r\n"),
    (".", b"250 2.0.0 Ok: queued as 4ABC123\r\n"),
];

/// A server with these answers before the usual ones; what it was told stands in the list.
async fn odd(answers: Answers, travels: Travels) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let told = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(talk(stream, answers, travels, &shared).await);
        }
    });
    (url, told)
}

async fn talk(
    stream: TcpStream,
    answers: Answers,
    travels: Travels,
    told: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    // Of several answers to one word each is given once, the last for ever.
    let mut left: Vec<(&str, &[u8])> = answers.iter().chain(USUAL).copied().collect();
    let (mut line, mut content) = (String::new(), false);
    loop {
        let word = if content { "." } else { line.get(..4).unwrap_or_default() };
        if !content || line == ".\r\n" {
            let of_word = |held: &(&str, &[u8])| held.0 == word;
            let at =
                left.iter().position(of_word).or_else(|| left.iter().position(|_| word == "QUIT"));
            let answer = at.map_or(&b"500 what?\r\n"[..], |at| left[at].1);
            if let Some(at) = at.filter(|_| left.iter().filter(|held| of_word(held)).count() > 1) {
                left.remove(at);
            }
            let pieces = match travels {
                Travels::Whole => answer.chunks(answer.len().max(1)),
                Travels::ByteByByte => answer.chunks(1),
            };
            for piece in pieces {
                stream.get_mut().write_all(piece).await?;
            }
            content = word == "DATA" && answer.starts_with(b"3");
        }
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        told.lock().unwrap().push(line.trim_end().to_owned());
    }
}

async fn sent_over(url: &str, message: &Message) -> Sent {
    let client = SmtpClient::new(SmtpSettings::parse(url).unwrap()).unwrap();
    client.send(&Email::build(message).unwrap()).await
}

fn accepted(provider_id: Option<&str>) -> Sent {
    Sent::Accepted {
        provider_id: provider_id.map(str::to_owned),
        response_class: ResponseClass::Server { code: 250 },
    }
}

#[tokio::test]
async fn a_yes_is_a_yes_however_it_is_written() {
    let ways: [(Answers, Option<&str>); 5] = [
        (&[], Some("4ABC123")),
        // Without any words: the code alone is an answer.
        (
            &[
                ("", b"220\r\n"),
                ("EHLO", b"250\r\n"),
                ("MAIL", b"250\r\n"),
                ("RCPT", b"250\r\n"),
                ("DATA", b"354\r\n"),
                (".", b"250\r\n"),
            ],
            None,
        ),
        // In the letters of an old alphabet.
        (
            &[
                ("", b"220 \xa1Bienvenido!\r\n"),
                ("RCPT", b"250 Mar\xeda, s\xed\r\n"),
                (".", b"250 aceptado \xe1\r\n"),
            ],
            None,
        ),
        // In several lines, with ends of lines as on Unix.
        (
            &[
                ("", b"220-shop\n220-\n220 ready\n"),
                ("EHLO", b"250-here\n250 8BITMIME\n"),
                ("DATA", b"354-go\n354 on\n"),
                (".", b"250-2.0.0 taken\n250 2.0.0 queued as 4XYZ9\n"),
            ],
            Some("4XYZ9"),
        ),
        // By a server from before there was EHLO.
        (&[("EHLO", b"502 what?\r\n"), ("HELO", b"250 hello\r\n")], Some("4ABC123")),
    ];
    for (answers, id) in ways {
        for travels in [Travels::Whole, Travels::ByteByByte] {
            let (url, told) = odd(answers, travels).await;
            assert_eq!(sent_over(&url, &message()).await, accepted(id), "{answers:?} {travels:?}");
            assert!(told.lock().unwrap().contains(&".".to_owned()));
        }
    }
}

#[tokio::test]
async fn a_no_is_a_no_whatever_digits_stand_behind_the_first() {
    let ways: [(Answers, Stage, u16); 4] = [
        (&[("MAIL", b"571 5.7.1 you\r\n")], Stage::Sender, 571),
        (&[("RCPT", b"591 not taken\r\n")], Stage::Recipient, 591),
        (&[("DATA", b"480\r\n")], Stage::Data, 480),
        (&[(".", b"569 no \xe1\r\n")], Stage::Content, 569),
    ];
    for (answers, at, said) in ways {
        let (url, _) = odd(answers, Travels::Whole).await;
        let outcome = sent_over(&url, &message()).await;
        let Sent::Refused { permanent, code, stage, .. } = outcome else {
            panic!("{at:?}: {outcome:?}");
        };
        // A sender that is not taken is a setting.
        assert_eq!((permanent, code, stage), (said >= 500 && at != Stage::Sender, said, at));
    }
}

#[tokio::test]
async fn name_and_password_are_given_as_the_server_asks_for_them() {
    let ways: [(Answers, &[&str]); 3] = [
        (
            &[
                ("EHLO", b"250-here\r\n250 AUTH=LOGIN\r\n"),
                ("AUTH", b"334 VXNlcm5hbWU6\r\n"),
                ("c2hv", b"334 UGFzc3dvcmQ6\r\n"),
                ("c2Vj", b"235 welcome\r\n"),
            ],
            &["AUTH LOGIN", "c2hvcA==", "c2VjcmV0"],
        ),
        (&[("AUTH", b"235\r\n")], &["AUTH PLAIN AHNob3AAc2VjcmV0"]),
        (
            &[("AUTH", b"334 \r\n"), ("AHNo", b"235 welcome\r\n")],
            &["AUTH PLAIN AHNob3AAc2VjcmV0", "AHNob3AAc2VjcmV0"],
        ),
    ];
    for (answers, said) in ways {
        let (url, told) = odd(answers, Travels::Whole).await;
        let url = url.replace("//", "//shop:secret@");
        assert!(matches!(sent_over(&url, &message()).await, Sent::Accepted { .. }), "{said:?}");
        assert_eq!(told.lock().unwrap()[1..=said.len()], *said);
    }
    let (url, _) = odd(&[("EHLO", b"250-here\r\n250 AUTH CRAM-MD5\r\n")], Travels::Whole).await;
    let outcome = sent_over(&url.replace("//", "//shop:secret@"), &message()).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Authentication, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_domain_beyond_ascii_reaches_every_server() {
    let (url, told) = odd(&[], Travels::Whole).await;
    let to = |address: &str| Message { to: Mailbox::parse("", address).unwrap(), ..message() };
    assert_eq!(sent_over(&url, &to("ana@españa.example")).await, accepted(Some("4ABC123")));
    assert!(told.lock().unwrap().contains(&"RCPT TO:<ana@xn--espaa-rta.example>".to_owned()));
    let outcome = sent_over(&url, &to("añá@españa.example")).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Unsupported, .. }), "{outcome:?}");
    let (url, told) = odd(&[("EHLO", b"250-here\r\n250 SMTPUTF8\r\n")], Travels::Whole).await;
    assert_eq!(sent_over(&url, &to("añá@españa.example")).await, accepted(Some("4ABC123")));
    let told = told.lock().unwrap().clone();
    assert!(told.contains(&"MAIL FROM:<news@oakleaf.example> SMTPUTF8".to_owned()), "{told:?}");
    assert!(told.contains(&"RCPT TO:<añá@xn--espaa-rta.example>".to_owned()), "{told:?}");
}

/// Which way a connection breaks.
#[derive(Clone, Copy, Debug)]
enum Way {
    ToServer,
    FromServer,
}

/// Somebody between us and a server who passes on so many bytes one way, and then hangs up.
async fn cutting(server: &Server, way: Way, bytes: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, server) = (format!("smtp://{}", listener.local_addr().unwrap()), server.address);
    tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        let mut far = TcpStream::connect(server).await.unwrap();
        let ((near_in, mut near_out), (far_in, mut far_out)) = (near.split(), far.split());
        let (up, down) = match way {
            Way::ToServer => (bytes, u64::MAX),
            Way::FromServer => (u64::MAX, bytes),
        };
        let (mut near_in, mut far_in) = (near_in.take(up), far_in.take(down));
        tokio::select! {
            _ = tokio::io::copy(&mut near_in, &mut far_out) => {}
            _ = tokio::io::copy(&mut far_in, &mut near_out) => {}
        }
        // What was passed on arrives before the end does.
        drop((near_out.shutdown().await, far_out.shutdown().await));
    });
    url
}

/// A message that was taken is never said not to have gone, and one that is said to have gone was taken.
#[tokio::test]
async fn wherever_a_connection_breaks_nothing_false_is_said() {
    let mut short = message();
    (short.html, short.text) = ("<p>x</p>".to_owned(), "x".to_owned());
    for takes in [Takes::OneByOne, Takes::Together] {
        let mut kinds = std::collections::BTreeSet::new();
        let mut server = Server::start_taking(takes, Encrypts::Never, Vec::new()).await;
        let content = Email::build(&short).unwrap().bytes().len();
        let told = u64::try_from(content).unwrap() + 150;
        let cuts = (0..400).map(|at| (Way::FromServer, at));
        let cuts = cuts.chain(
            (0..told)
                .filter(|at| at % 13 == 0 || *at > told - 60 || *at < 60)
                .map(|at| (Way::ToServer, at)),
        );
        for (number, (way, bytes)) in cuts.enumerate() {
            let before = server.seen().messages.len();
            let url = cutting(&server, way, bytes).await;
            let sent = sent_over(&url, &short).await;
            server.ended(number + 1).await;
            let taken = server.seen().messages.len() - before;
            match &sent {
                Sent::Accepted { .. } => assert_eq!(taken, 1, "{takes:?} {way:?} {bytes}"),
                Sent::NotSent { .. } | Sent::Refused { .. } => {
                    assert_eq!(taken, 0, "{takes:?} {way:?} {bytes}: {sent:?}");
                }
                Sent::Uncertain { .. } => {}
            }
            kinds.insert((sent.surely_not_delivered(), taken));
        }
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), [(false, 0), (false, 1), (true, 0)]);
    }
}
