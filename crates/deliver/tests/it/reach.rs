//! No URL leads a request into a network of one's own, however it is written and whoever answers for
//! its name.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use regulars_deliver::http::{
    HttpClient, Limits, Names, Reach, Reply, Request, Target, Unanswered,
};
use regulars_deliver::sent::Cause;

use crate::web_server::{Does, WebServer};

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    content: Duration::from_secs(5),
    verdict: Duration::from_secs(5),
    connections_max: 4,
};

/// Addresses that are no part of the world: special ranges, their edges, clouds' metadata.
const INSIDE: &str = "\
    0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.1.2.3 10.255.255.255 100.64.0.1 \
    100.100.100.200 100.127.255.254 127.0.0.1 127.0.0.2 127.1.1.1 127.255.255.254 \
    168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 169.254.255.254 172.16.0.1 \
    172.17.0.1 172.31.255.254 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 \
    192.168.1.1 192.168.255.254 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 224.0.0.1 \
    239.255.255.250 240.0.0.1 255.255.255.255 [::] [::1] [::2] [::127.0.0.1] \
    [::ffff:0.0.0.0] [::ffff:127.0.0.1] [::ffff:10.0.0.1] [::ffff:169.254.169.254] \
    [::ffff:192.168.0.1] [64:ff9b::127.0.0.1] [64:ff9b::169.254.169.254] [64:ff9b:1::1] \
    [100::1] [2001::1] [2001:db8::1] [2002:7f00:1::1] [2002:a9fe:a9fe::1] [3fff::1] \
    [fc00::1] [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1]";

/// This machine, written otherwise; and what is no URL that is called.
const OTHERWISE: &str = r"
    https://2130706433/ https://0x7f000001/ https://0x7f.1/ https://0177.0.0.1/
    https://017700000001/ https://127.1/ https://127.0.1/ https://0/ https://0x0/
    https://0x7F.0x0.0x0.0x1/ https://127.0.0.1./ https://127.000.000.001/ https://１２７.０.０.１/
    https://127。0。0。1/ https://①②⑦.⓪.⓪.①/ https://%31%32%37.0.0.1/ https://3232235521/
    https://0xa9fea9fe/ https://2852039166/ https://0251.0376.0251.0376/
    https://[0:0:0:0:0:0:0:1]/ https://[::0001]/ https://[0000::1]/ https://[::ffff:7f00:1]/
    https://[0:0:0:0:0:ffff:127.0.0.1]/ https://[::ffff:a9fe:a9fe]/ https://[64:ff9b::7f00:1]/
    https://localhost/ https://LOCALHOST/ https://localhost./ https://LocalHost:8443/
    https://a.localhost/ https://localhost.localdomain/ https://ｌｏｃａｌｈｏｓｔ/
    https://printer.local/ https://db.internal/ https://metadata.google.internal/
    https://metadata.google.internal./computeMetadata/v1/ https://router.home.arpa/
    https://nas.lan/ https://wiki.intranet/ https://wiki.corp/ https://intranet/
    https://metadata/ https://kubernetes/ https://redis:6379/ http://127.0.0.1/
    http://169.254.169.254/latest/meta-data/ http://shop.example/hook http://localhost/
    http://[::1]/ HTTP://127.0.0.1/ https://user@shop.example/ https://user:pass@shop.example/
    https://:pass@shop.example/ https://shop.example@127.0.0.1/ https://127.0.0.1@shop.example/
    https://shop.example%40127.0.0.1/ https://127.0.0.1#@shop.example/
    https://127.0.0.1?@shop.example/ https://127.0.0.1\@shop.example/ https:127.0.0.1
    https:/127.0.0.1/ https:\\127.0.0.1\ //127.0.0.1/ 127.0.0.1 ftp://127.0.0.1/
    file:///etc/passwd gopher://127.0.0.1:6379/_INFO ws://127.0.0.1/ data:text/plain,x
    javascript:alert(1) unix:///var/run/docker.sock https:// https:/// https://[fe80::1%25eth0]/
    https://[fe80::1%eth0]/
";

/// What no URL may hold.
const ODD: [&str; 3] = [
    "https://127.0.0.1/\u{9}",
    "https://shop.example/\r\nHost: localhost",
    "https://shop.example/ x",
];

/// What a name may be answered with that leads inside, alone or among others.
const ANSWERS: &str = "\
    127.0.0.1 127.0.0.53 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 \
    224.0.0.1 255.255.255.255 168.63.129.16 198.18.0.1 ::1 :: fe80::1 fc00::1 fd00:ec2::254 \
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1::1 2001::1 ff02::1 \
    ::127.0.0.1 1.1.1.1|127.0.0.1 127.0.0.1|1.1.1.1 1.1.1.1|1.0.0.1|10.0.0.1 \
    2606:4700::1111|::1 1.1.1.1|::ffff:127.0.0.1 1.1.1.1|169.254.169.254";

/// Where nobody should ever knock: the same port of this machine, in both families.
async fn traps() -> Vec<WebServer> {
    let first = WebServer::listen("127.0.0.1:0", Does::HangsUp, false).await;
    let port = first.address.port();
    // Where IPv6 is turned off there is nothing to reach.
    let bound = tokio::net::TcpListener::bind(format!("[::1]:{port}")).await.is_ok();
    let mut traps = vec![first];
    if bound {
        traps.push(WebServer::listen(&format!("[::1]:{port}"), Does::HangsUp, false).await);
    }
    traps
}

fn request(target: &Target) -> Request<'_> {
    Request { target, content_type: "application/json", fields: Vec::new(), body: b"{}".to_vec() }
}

/// Tries to post to a URL, with a table of names; whether that was forbidden.
async fn forbidden(client: &HttpClient, url: &str) -> bool {
    let Ok(target) = Target::parse(url, &Reach::World) else { return true };
    match client.post(request(&target)).await {
        Ok(_) => false,
        Err(Unanswered { cause, perhaps_received, .. }) => {
            assert!(!perhaps_received, "{url}");
            cause == Cause::Forbidden
        }
    }
}

/// A client for which every name has these addresses.
fn client(answers: &str) -> HttpClient {
    let parsed: Vec<IpAddr> = answers.split('|').map(|answer| answer.parse().unwrap()).collect();
    let names = Names::Table(Box::new(move |_| parsed.clone()));
    HttpClient::new(Reach::World, LIMITS).with_names(names)
}

#[tokio::test]
async fn no_url_leads_inside() {
    let traps = traps().await;
    let port = traps[0].address.port();
    let mut tried = 0;
    // Whoever names a host that is not refused by its looks finds this machine there.
    let inside = client("127.0.0.1");
    for host in INSIDE.split_whitespace() {
        let url = format!("https://{host}:{port}/hook");
        assert!(forbidden(&inside, &url).await, "{url}");
        tried += 1;
    }
    for address in INSIDE.split_whitespace().take(30) {
        let url = format!("http://{address}:{port}/hook");
        assert!(forbidden(&inside, &url).await, "{url}");
        tried += 1;
    }
    for url in OTHERWISE.split_whitespace().chain(ODD) {
        assert!(forbidden(&inside, url).await, "{url}");
        tried += 1;
    }
    for answers in ANSWERS.split_whitespace() {
        let url = format!("https://shop.example:{port}/hook");
        assert!(forbidden(&client(answers), &url).await, "{answers}");
        tried += 1;
    }
    assert_eq!(tried, 200);
    assert!(traps.iter().all(|trap| trap.seen().connections == 0));
}

/// A name that answers differently each time it is asked.
fn rebinding(first: &str, then: &str) -> (Names, Arc<AtomicUsize>) {
    let (first, then): (IpAddr, IpAddr) = (first.parse().unwrap(), then.parse().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let table =
        move |_: &str| vec![if count.fetch_add(1, Ordering::Relaxed) == 0 { first } else { then }];
    (Names::Table(Box::new(table)), asked)
}

#[tokio::test]
async fn a_name_that_changes_its_mind_leads_nowhere_else() {
    // 127.0.0.2 stands for the world: it alone may be reached.
    let world = WebServer::listen("127.0.0.2:0", Does::Answers(200, "", "{}"), false).await;
    let port = world.address.port();
    let trap = WebServer::listen(&format!("127.0.0.1:{port}"), Does::HangsUp, false).await;
    let reach = Reach::Only(vec!["127.0.0.2".parse().unwrap()]);
    let target = Target::parse(&format!("http://shop.example:{port}/hook"), &reach).unwrap();

    let (names, asked) = rebinding("127.0.0.2", "127.0.0.1");
    let client = HttpClient::new(reach.clone(), LIMITS).with_names(names);
    let answer = client.post(request(&target)).await;
    assert!(matches!(answer, Ok(Reply { status: 200, .. })), "{answer:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 1, "what was checked is what is called");
    client.close();
    let answer = client.post(request(&target)).await;
    assert!(matches!(answer, Err(Unanswered { cause: Cause::Forbidden, .. })), "{answer:?}");

    let (names, _) = rebinding("127.0.0.1", "127.0.0.2");
    let client = HttpClient::new(reach, LIMITS).with_names(names);
    let answer = client.post(request(&target)).await;
    assert!(matches!(answer, Err(Unanswered { cause: Cause::Forbidden, .. })), "{answer:?}");
    assert_eq!((world.seen().connections, trap.seen().connections), (1, 0));
}

#[tokio::test]
async fn a_field_cannot_smuggle_another() {
    let server = WebServer::start(Does::Answers(200, "", "{}")).await;
    let reach = Reach::this_machine();
    let target = Target::parse(&format!("http://{}/hook", server.address), &reach).unwrap();
    let client = HttpClient::new(reach, LIMITS);
    let mut request = request(&target);
    request.fields = vec![("x-key", "a\r\nx-other: b".to_owned())];
    let answer = client.post(request).await;
    assert!(matches!(answer, Err(Unanswered { cause: Cause::Unsupported, .. })), "{answer:?}");
    assert_eq!(server.seen().connections, 0);
}
