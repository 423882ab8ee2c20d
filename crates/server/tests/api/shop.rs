//! A small shop behind a real server on the loopback: definitions, a person with a cart and an
//! order, a row in quarantine, a key of each scope.

use std::net::SocketAddr;
use std::thread::JoinHandle;

use regulars_server::access::{Scope, make_api_key, make_write_key};
use regulars_server::serve::{Server, Settings, open_writer};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::client::{self, Request};

const DEFINITIONS: &str = include_str!("shop.yaml");

/// The running shop. It stops when it goes out of scope.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) address: SocketAddr,
    pub(crate) reader: String,
    pub(crate) writer: String,
    pub(crate) admin: String,
    pub(crate) write_key: String,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

/// What is asked of scores and messages.
const READ: [&str; 6] = [
    "scores",
    "scores/versions",
    "scores/rfm?from=2025-01-01",
    "measure/regret?days=7",
    "measure/journey?journey=cart&window_days=3",
    "measure/silo",
];

impl Shop {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = open_writer(folder.path()).unwrap();
        let mut key = |scope| make_api_key(writer.store(), "test", scope).unwrap();
        let [read, write, admin] = [key(Scope::Read), key(Scope::Write), key(Scope::Admin)];
        let write_key = make_write_key(writer.store(), "web").unwrap();
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            listen: "127.0.0.1:0".to_owned(),
            mail: None,
            sms: None,
            // Nobody listens there, so that nothing is asked outside of this machine.
            dns: Some("127.0.0.1:1".to_owned()),
            push_inside: Vec::new(),
            webhooks_inside: vec![std::net::Ipv4Addr::LOCALHOST.into()],
            base_url: None,
        };
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let running = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async move {
                let server = Server::start_with(writer, &settings).await.unwrap();
                tell.send(server.address).unwrap();
                // The shop was dropped, whether it said so or not.
                server.run(async move { drop(stopped.await) }).await.unwrap();
            });
        });
        let shop = Self {
            address: told.recv().unwrap(),
            reader: read,
            writer: write,
            admin,
            write_key: write_key.clone(),
            stop: Some(stop),
            running: Some(running),
            _folder: folder,
        };
        shop.fill(&shop.write_key);
        shop
    }

    /// Sends a request with a body of JSON, or none.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: &str,
    ) -> (u16, Value) {
        let content_type = (!body.is_empty()).then_some("application/json");
        client::answer(self.address, &Request { method, path, key, content_type, body })
    }

    /// Tells the shop of one event, as its web shop.
    pub(crate) fn track(&self, message: &Value) {
        let batch = json!({ "writeKey": self.write_key, "batch": [message] }).to_string();
        let (status, said) = self.ask("POST", "/v1/batch", None, &batch);
        assert_eq!((status, &said["accepted"]), (200, &1.into()), "{said}");
    }

    /// The person everything is about.
    pub(crate) fn whom(&self) -> String {
        json!({ "identifier": { "kind": "email", "value": "Maria@shop.example" }, "limit": 3 })
            .to_string()
    }

    /// Two people of whom something is said.
    pub(crate) fn two(&self) -> String {
        let login = |value: &str| json!({ "identifier": { "kind": "user_id", "value": value } });
        json!({ "one": login("maria"), "other": login("marie"), "because": "both were here" })
            .to_string()
    }

    fn fill(&self, write_key: &str) {
        let files = json!({ "files": { "shop.yaml": DEFINITIONS } }).to_string();
        let (status, said) = self.ask("PUT", "/api/v1/definitions", Some(&self.admin), &files);
        assert_eq!(status, 200, "{said}");
        let maria = |mut message: Value, id: &str| {
            message["userId"] = "maria".into();
            message["messageId"] = id.into();
            message
        };
        let product = json!({ "product_id": "tee", "sku": "TS-RED-M", "name": "T-shirt", "category": "Tops", "price": 19.99, "quantity": 1 });
        let batch = json!({ "writeKey": write_key, "batch": [
            maria(json!({ "type": "identify", "anonymousId": "anon-1", "traits": {
                "email": "maria@shop.example", "firstName": "Maria", "lastName": "Soto", "plan": "gold" } }), "1"),
            maria(json!({ "type": "page", "name": "Home", "properties": { "url": "https://shop.example/" } }), "2"),
            maria(json!({ "type": "track", "event": "Order Completed", "properties": {
                "order_id": "W-1", "total": 19.99, "currency": "EUR", "products": [product] } }), "3"),
            maria(json!({ "type": "track", "event": "Product Added", "properties": {
                "product_id": "cap", "name": "Cap", "price": 9.5, "cart_id": "c-1" } }), "4"),
            { "type": "identify", "messageId": "6", "userId": "marie",
                "traits": { "email": "marie@shop.example" } },
            // Two logins with one address, and somebody who gave it alone.
            { "type": "identify", "messageId": "7", "userId": "mario",
                "traits": { "email": "marie@shop.example" } },
            { "type": "track", "messageId": "8", "event": "Newsletter Read",
                "properties": { "email": "marie@shop.example" },
                "context": { "traits": { "email": "marie@shop.example" } } },
            { "type": "track", "messageId": "5" },
        ]});
        let (status, said) = self.ask("POST", "/v1/batch", None, &batch.to_string());
        assert_eq!((status, &said["accepted"], &said["quarantined"]), (200, &7.into(), &1.into()));
        self.fit();
    }

    /// Lets the scores be fitted, and waits until they are.
    fn fit(&self) {
        let (status, said) = self.ask("POST", "/api/v1/scores/fit", Some(&self.admin), "");
        assert_eq!(status, 200, "{said}");
        for _ in 0..3_000 {
            let (_, said) = self.ask("GET", "/api/v1/scores", Some(&self.admin), "");
            if said["model"]["people"].as_u64().is_some_and(|people| people >= 2) {
                return;
            }
            std::thread::yield_now();
        }
        panic!("the scores were not fitted");
    }

    /// A request for every call, each of which is answered well. What takes away comes last.
    pub(crate) fn requests(&self) -> Vec<(&'static str, String, String)> {
        let whom = self.whom();
        let buyer = json!({ "segment": "buyers",
            "identifier": { "kind": "email", "value": "maria@shop.example" } })
        .to_string();
        let files = json!({ "files": { "shop.yaml": DEFINITIONS } }).to_string();
        let wrong = json!({ "files": { "shop.yaml": "jurney: cart" } }).to_string();
        let word =
            json!({ "source": "web", "complete_through": "2026-01-01T00:00:00Z" }).to_string();
        let (_, rows) = self.ask("GET", "/api/v1/quarantine", Some(&self.reader), "");
        let ids = json!({ "ids": [rows["quarantine"][0]["id"]] }).to_string();
        let rest = [
            ("POST", "people/find", whom.as_str()),
            ("POST", "people/search", r#"{"text":"Maria"}"#),
            ("POST", "people/timeline", &whom),
            ("POST", "people/decisions", &whom),
            ("POST", "people/why", &whom),
            ("POST", "people/scores", &whom),
            ("POST", "scores/fit", ""),
            ("POST", "measure/silo", ""),
            ("GET", "decisions", ""),
            ("GET", "decisions?journey=cart&limit=1", ""),
            ("POST", "sources", r#"{"name":"app"}"#),
            ("POST", "sources/secret", r#"{"name":"web"}"#),
            ("POST", "sources/watermark", &word),
            ("POST", "sources/heartbeat", &word),
            ("GET", "sources", ""),
            ("GET", "definitions", ""),
            ("POST", "definitions/check", &files),
            ("POST", "definitions/check", &wrong),
            ("PUT", "definitions", &files),
            ("GET", "segments", ""),
            ("GET", "segments/show?segment=buyers", ""),
            ("GET", "segments/members?segment=buyers&limit=1", ""),
            ("POST", "segments/preview", r#"{"condition":"orders at least 1"}"#),
            ("POST", "segments/preview", r#"{"condition":"orders at lest 1"}"#),
            ("POST", "segments/complete", r#"{"before":"cart is op"}"#),
            ("POST", "segments/count", r#"{"condition":"has ordered"}"#),
            ("POST", "segments/explain", &buyer),
            ("POST", "lists", r#"{"list":"vips-2026","rows":"email\nmaria@shop.example\nnobody","known_only":true}"#),
            ("GET", "lists", ""),
            ("GET", "quarantine?source=web&limit=1", ""),
            ("POST", "quarantine/replay", &ids),
            ("POST", "quarantine/dismiss", &ids),
            ("GET", "totals", ""),
            ("GET", "pace", ""),
        ]
        .into_iter()
        .chain(READ.map(|path| ("GET", path, "")))
        .map(|(method, path, body)| (method, path, body.to_owned()));
        let ready = OF_USERS.into_iter().chain(OF_OFFERS).chain(OF_JOURNEYS);
        let ready = ready.chain(OF_WEBHOOKS).chain(OF_TEMPLATES);
        let ready = ready.map(|(method, path, body)| (method, path, body.to_owned()));
        let all = self.about_channels().into_iter().chain(ready).chain(rest);
        let all = all.chain(self.about_identity());
        all.map(|(method, path, body)| (method, format!("{}/{path}", crate::BASE), body)).collect()
    }

    /// Calls about who is who; the last takes somebody away.
    fn about_identity(&self) -> Vec<(&'static str, &'static str, String)> {
        let (whom, two) = (self.whom(), self.two());
        let (_, said) = self.ask("POST", "/api/v1/people/not-the-same", Some(&self.writer), &two);
        let undone = json!({ "statement": said["statement"] }).to_string();
        [
            ("POST", "people/compare", two.as_str()),
            ("POST", "people/how", &whom),
            ("POST", "identity/undo", &undone),
            ("POST", "people/unsure", &two),
            ("POST", "people/not-the-same", &two),
            ("POST", "people/take-back", &two),
            ("POST", "people/live-apart", &two),
            ("POST", "people/live-together", &two),
            ("POST", "people/household", &whom),
            ("POST", "people/same", &two),
            ("POST", "people/compare", &two),
            ("GET", "identity/statements?limit=2", ""),
            ("GET", "identity/changes?after=0", ""),
            ("GET", "identity/pairs", ""),
            ("GET", "identity/health", ""),
            ("GET", "identity/rules", ""),
            ("GET", "identity/work", ""),
            ("POST", "identity/train", "{}"),
            ("POST", "identity/what-if", r#"{"model":"built in","sure":0.9,"possible":0.5}"#),
            ("GET", "identity/work", ""),
            ("POST", "identity/work/stop", "{}"),
            ("POST", "identity/apply", r#"{"model":"nobody"}"#),
            ("GET", "identity/models", ""),
            ("POST", "people/erase", &whom),
            ("GET", "identity/statements", ""),
            ("GET", "identity/changes", ""),
        ]
        .map(|(method, path, body): (_, _, &str)| (method, path, body.to_owned()))
        .into()
    }

    /// Calls about how messages leave, and what is told of them.
    fn about_channels(&self) -> Vec<(&'static str, &'static str, String)> {
        let postmark = r#"{"provider":"postmark"}"#;
        let (_, hook) = self.ask("POST", "/api/v1/hooks", Some(&self.admin), postmark);
        let hook = json!({ "id": hook["hook"]["id"] }).to_string();
        let mailgun = json!({ "provider": "mailgun", "signing_key": "0123456789abcdef" });
        let (_, signed) =
            self.ask("POST", "/api/v1/hooks", Some(&self.admin), &mailgun.to_string());
        let id = &signed["hook"]["id"];
        let renewed = json!({ "id": id, "signing_key": "fedcba9876543210" }).to_string();
        let key = r#"{"domain":"shop.example","selector":"e1","algorithm":"ed25519"}"#;
        let which = r#"{"domain":"shop.example","selector":"e1"}"#;
        let whom = self.whom();
        let list = r#"{"rows":"email\nnobody@shop.example","because":"unsubscribed"}"#;
        let own = r#"{"template":"reminder","to":"own@shop.example","language":"en"}"#;
        let removed = r#"{"domain":"shop.example","selector":"e1","force":true}"#;
        [
            ("POST", "dkim", key),
            ("POST", "dkim/use", which),
            ("GET", "dkim", ""),
            ("POST", "dkim/remove", removed),
            ("POST", "people/consents", &whom),
            ("POST", "people/disclosure", &whom),
            ("POST", "suppressions", list),
            ("POST", "hooks", postmark),
            ("GET", "channels/check", ""),
            ("GET", "channels/push", ""),
            ("POST", "channels/push", "{}"),
            ("POST", "channels/push", r#"{"replace":true,"dry_run":true}"#),
            ("GET", "hooks", ""),
            ("POST", "hooks/rotate", &renewed),
            ("POST", "hooks/rotate", &hook),
            ("GET", "hooks", ""),
            ("POST", "hooks/remove", &hook),
            ("GET", "sending", ""),
            ("PUT", "sending", r#"{"sending":"on"}"#),
            ("POST", "templates/send-test", own),
            ("PUT", "sending", r#"{"sending":"off"}"#),
        ]
        .map(|(method, path, body)| (method, path, body.to_owned()))
        .to_vec()
    }
}

/// People who shall enter a journey: one does, one does not, one is not understood.
const INVITED: &str = r#"{"journey":"invited","people":[
{"id":"r-1","identifiers":{"email":"maria@shop.example"},"data":{"list":"spring","points":3}},
{"identifiers":{"email":"bea@shop.example"},"data":{"list":"autumn"}},
{"identifiers":{"email":"nobody"}}]}"#;

/// Requests that are about people in journeys.
const OF_JOURNEYS: [(&str, &str, &str); 6] = [
    ("POST", "journeys/enroll", INVITED),
    ("POST", "journeys/move", r#"{"journey":"invited","gone":"leave","dry_run":true}"#),
    ("POST", "journeys/move", r#"{"journey":"invited"}"#),
    ("GET", "notices?open=true&limit=5", ""),
    ("POST", "notices/done", r#"{"id":1}"#),
    ("POST", "notices/done", r#"{"id":1,"done":false}"#),
];

/// Requests that are about webhooks; nobody listens where they lead.
const OF_WEBHOOKS: [(&str, &str, &str); 12] = [
    ("POST", "webhooks", r#"{"name":"crm","url":"http://127.0.0.1:1/in"}"#),
    ("POST", "webhooks/move", r#"{"name":"crm","url":"http://127.0.0.1:1/hooks"}"#),
    ("POST", "webhooks/rotate", r#"{"name":"crm"}"#),
    ("POST", "webhooks/pause", r#"{"name":"crm"}"#),
    ("GET", "webhooks", ""),
    ("POST", "webhooks/resume", r#"{"name":"crm"}"#),
    ("POST", "webhooks/test", r#"{"name":"crm"}"#),
    ("GET", "webhooks/calls?destination=crm&state=waiting&limit=5", ""),
    ("GET", "webhooks/calls?journey=invited&step=tell", ""),
    ("POST", "webhooks/again", r#"{"id":1}"#),
    ("POST", "webhooks/again", r#"{"destination":"crm"}"#),
    ("POST", "webhooks/remove", r#"{"name":"crm","force":true}"#),
];

/// Requests that are about templates.
const OF_TEMPLATES: [(&str, &str, &str); 4] = [
    ("GET", "templates", ""),
    (
        "POST",
        "templates/preview",
        r#"{"template":"reminder","person":{"identifier":{"kind":"email","value":"maria@shop.example"}}}"#,
    ),
    ("POST", "templates/preview", r#"{"template":"reminder","language":"es"}"#),
    ("POST", "templates/test", r#"{"template":"reminder"}"#),
];

/// Requests that are about who may sign in.
const OF_USERS: [(&str, &str, &str); 5] = [
    ("POST", "users", r#"{"user":"ana","role":"owner","password":"boots for Ana"}"#),
    ("POST", "users", r#"{"user":"ben","role":"service desk","password":"shoes for Ben"}"#),
    ("POST", "users", r#"{"user":"ben","role":"analyst"}"#),
    ("GET", "users", ""),
    ("POST", "users/remove", r#"{"user":"ben"}"#),
];

/// A code for Maria.
const GIFT: &str = r#"{"offer":"welcome","id":"ticket-1","lines":[{"product_id":"hat"}],
"identifier":{"kind":"email","value":"maria@shop.example"}}"#;

/// Requests that are about offers.
const OF_OFFERS: [(&str, &str, &str); 16] = [
    (
        "POST",
        "offers/codes",
        r#"{"offer":"pooled","codes":["SPRING-26-AAAA","SPRING26AAAA","no"]}"#,
    ),
    ("GET", "offers", ""),
    ("POST", "offers/validate", r#"{"code":"7Q4X-K2MB-90Z31"}"#),
    ("POST", "offers/validate", r#"{"code":"SPRING26AAAA","lines":[{"sku":"TS-RED-M"}]}"#),
    (
        "POST",
        "offers/issue",
        r#"{"offer":"welcome","dry_run":true,"identifier":{"kind":"user_id","value":"maria"}}"#,
    ),
    ("POST", "offers/issue", GIFT),
    ("POST", "offers/issue", GIFT),
    ("POST", "offers/revoke", r#"{"id":"ticket-1","dry_run":true}"#),
    ("POST", "offers/revoke", r#"{"id":"ticket-1"}"#),
    ("POST", "offers/revoke", r#"{"id":"ticket-1"}"#),
    ("POST", "offers/issue", GIFT),
    ("GET", "offers/offline", ""),
    ("GET", "offers/offline?offer=pooled", ""),
    (
        "POST",
        "offers/reconcile",
        r#"{"redemptions":[{"redemption":"r-2","code":"SPRING26AAAA","at":"2026-11-30T10:00:00Z"}]}"#,
    ),
    ("GET", "offers/report?from=2026-01-01", ""),
    ("POST", "offers/redeem", r#"{"code":"SPRING26AAAA","redemption":"r-1","order":"o-9"}"#),
];

impl Drop for Shop {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(running) = self.running.take()
            && running.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the server failed");
        }
    }
}
