//! Pages by role, as a browser meets them: everywhere let in where the table says so and nowhere else,
//! and nothing offered that would be refused.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use regulars_server::access::{Right, Role};
use regulars_server::pages;
use serde_json::json;

use crate::shop::Shop;

const PASSWORD: &str = "boots for everybody";
/// What only the page of a refusal says.
const REFUSED: &str = "is for these roles:";

/// A browser that is signed in.
pub(crate) struct Browser {
    address: SocketAddr,
    cookies: String,
}

/// Status, head and body of an answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn refused(&self) -> bool {
        self.status == 403 && self.body.contains(REFUSED)
    }

    /// The values of all attributes of this name, as far as they are paths of ours.
    fn paths(&self, attribute: &str) -> BTreeSet<String> {
        let begins = format!("{attribute}=\"");
        let values = self.body.split(begins.as_str()).skip(1);
        let values = values.filter_map(|rest| rest.split('"').next());
        values
            .filter(|value| value.starts_with('/'))
            .map(|value| value.replace("&amp;", "&"))
            .collect()
    }

    pub(crate) fn token(&self) -> String {
        let rest = self.body.split("name=\"_csrf\" value=\"").nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    fn sign_in(address: SocketAddr, user: &str) -> Self {
        let mut browser = Self { address, cookies: String::new() };
        let form = browser.get("/sign-in");
        browser.keep_cookies(&form);
        let fields = format!("_csrf={}&name={user}&password={PASSWORD}", form.token());
        let answer = browser.post("/sign-in", &fields);
        assert_eq!(answer.status, 303, "{user} cannot sign in");
        browser.keep_cookies(&answer);
        browser
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for line in answer.head.lines() {
            if let Some(set) = line.strip_prefix("set-cookie: ") {
                self.cookies += &format!("{}; ", set.split(';').next().unwrap());
            }
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    pub(crate) fn post(&self, path: &str, fields: &str) -> Answer {
        self.send("POST", path, &fields.replace(' ', "+"))
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.cookies,
            body.len(),
        );
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }
}

fn keep(shop: &Shop, user: &str, role: Role, password: Option<&str>) -> u16 {
    let body = json!({ "user": user, "role": role, "password": password }).to_string();
    shop.ask("POST", "/api/v1/users", Some(&shop.admin), &body).0
}

/// A shop with somebody of every role, and a browser of each.
pub(crate) fn staffed() -> (Shop, Vec<(Role, Browser)>) {
    let shop = Shop::open();
    let browsers = Role::ALL.into_iter().enumerate().map(|(number, role)| {
        let user = format!("user{number}");
        assert_eq!(keep(&shop, &user, role, Some(PASSWORD)), 200);
        (role, Browser::sign_in(shop.address, &user))
    });
    let browsers = browsers.collect();
    (shop, browsers)
}

#[test]
fn each_role_gets_in_where_it_may_and_nowhere_else() {
    let (shop, browsers) = staffed();
    let stranger = Browser { address: shop.address, cookies: String::new() };
    for (method, pattern, right) in pages::doors() {
        let pieces =
            pattern.split('/').map(|piece| if piece.starts_with('{') { "p1" } else { piece });
        let path = pieces.collect::<Vec<_>>().join("/");
        let Some(right) = right else { continue };
        let outside = stranger.send(method, &path, "");
        let led = outside.head.contains("location: /sign-in");
        assert!(outside.status == 303 && led, "{method} {pattern} lets a stranger in");
        for (role, browser) in &browsers {
            // No form's token comes along: whoever is let in changes nothing either.
            let answer = browser.send(method, &path, "");
            let told = format!("{method} {pattern} as {role:?}: {}", answer.status);
            assert_eq!(answer.refused(), !role.may(right), "{told}");
        }
    }
}

#[test]
fn nothing_is_offered_that_would_be_refused() {
    let (shop, browsers) = staffed();
    let (_, found) = shop.ask("POST", "/api/v1/people/find", Some(&shop.reader), &shop.whom());
    let person = format!("/people/{}", found["person"]["id"].as_str().unwrap());
    for (role, browser) in &browsers {
        let mut todo: Vec<String> =
            vec!["/today".to_owned(), person.clone(), "/segments/of/buyers".to_owned()];
        let (mut seen, mut forms) = (BTreeSet::new(), BTreeSet::new());
        while let Some(path) = todo.pop() {
            let path = path.split('#').next().unwrap().to_owned();
            if !seen.insert(path.clone()) || seen.len() > 60 {
                continue;
            }
            let page = browser.get(&path);
            assert!(!page.refused(), "{role:?} is led to {path} and refused");
            assert!(page.status < 500, "{path}: {}", page.status);
            forms.extend(page.paths("method=\"post\" action"));
            todo.extend(
                page.paths("href").into_iter().filter(|path| !path.starts_with("/assets/")),
            );
        }
        assert!(seen.len() > 25, "{role:?} was shown {seen:?}");
        for action in &forms {
            let answer = browser.post(action, "");
            assert!(!answer.refused(), "{role:?} is offered {action} and refused");
        }
        let offered = |what: &str| forms.iter().any(|action| action.contains(what));
        assert_eq!(offered("/sending/pause"), role.may(Right::Switch), "{role:?}");
        assert_eq!(offered("/erase"), role.may(Right::Erase), "{role:?}");
        assert_eq!(offered("/quarantine/"), role.may(Right::Repair), "{role:?}");
    }
}

#[test]
fn a_form_without_a_button_is_refused_and_noted_and_changes_nothing() {
    let (shop, browsers) = staffed();
    let whom = shop.whom();
    let find = || shop.ask("POST", "/api/v1/people/find", Some(&shop.reader), &whom);
    let person = find().1["person"]["id"].as_str().unwrap().to_owned();
    for (role, browser) in &browsers {
        if role.may(Right::Erase) {
            continue;
        }
        let token = browser.get("/today").token();
        let fields = format!("_csrf={token}&sure=yes");
        assert!(browser.post(&format!("/people/{person}/erase"), &fields).refused());
        assert_eq!(find().0, 200, "erased by {role:?}");
    }
    let (_, told) = shop.ask("GET", "/api/v1/users", Some(&shop.admin), "");
    let acts = told["acts"].as_array().unwrap();
    let refused: Vec<&str> = acts
        .iter()
        .filter(|act| act["outcome"] == "refused" && act["right"] == "erase")
        .map(|act| act["what"].as_str().unwrap())
        .collect();
    assert_eq!(refused, ["POST /people/{id}/erase"; 3], "{told}");
    assert!(!told.to_string().contains(&person), "an act names nobody");
}

#[test]
fn a_role_a_password_and_a_removal_act_on_the_next_request() {
    let (shop, browsers) = staffed();
    let browser = |role| &browsers.iter().find(|(of, _)| *of == role).unwrap().1;
    let (marketer, analyst) = (browser(Role::Marketer), browser(Role::Analyst));
    assert!(analyst.get("/new-journey").refused());
    assert_eq!(keep(&shop, "user3", Role::Marketer, None), 200);
    assert_eq!(analyst.get("/new-journey").status, 200, "the new role counts at once");
    assert_eq!(keep(&shop, "user0", Role::Analyst, None), 409, "the last owner stays one");
    assert_eq!(keep(&shop, "user1", Role::Marketer, Some("another sentence")), 200);
    assert_eq!(marketer.get("/today").status, 303, "whoever knew the old password is out");
    let gone = json!({ "user": "user3" }).to_string();
    let key = Some(shop.admin.as_str());
    assert_eq!(shop.ask("POST", "/api/v1/users/remove", key, &gone).0, 200);
    assert_eq!(analyst.get("/today").status, 303, "whoever was removed is out");
    let last = json!({ "user": "user0" }).to_string();
    assert_eq!(shop.ask("POST", "/api/v1/users/remove", key, &last).0, 409);
}

#[test]
fn owners_manage_users_on_the_page_and_everybody_their_own_password() {
    let (_shop, browsers) = staffed();
    let owner = &browsers[0].1;
    let token = owner.get("/users").token();
    let act = |verb: &str, fields: &str| {
        owner.post(&format!("/users/{verb}"), &format!("_csrf={token}&{fields}"))
    };
    assert_eq!(act("add", "name=eva&role=analyst&password=short").status, 422);
    assert_eq!(act("add", "name=eva&role=analyst&password=a long sentence").status, 303);
    assert_eq!(act("add", "name=eva&role=owner&password=a long sentence").status, 422);
    assert_eq!(act("role", "name=user0&role=analyst").status, 422, "the last owner stays one");
    assert_eq!(act("role", "name=eva&role=service desk").status, 303);
    assert_eq!(act("remove", "name=eva").status, 303);
    assert!(owner.get("/users").body.contains("removed eva"), "what was done is shown");
    let analyst = &browsers[3].1;
    let token = analyst.get("/account").token();
    let change = |old: &str| {
        analyst
            .post("/account", &format!("_csrf={token}&old_password={old}&password=a new sentence"))
    };
    assert_eq!(change("not mine").status, 422);
    assert_eq!(change(PASSWORD).status, 303);
    assert_eq!(analyst.get("/today").status, 303, "the old session is over");
    let token = owner.get("/today").token();
    assert_eq!(owner.post("/sign-out", &format!("_csrf={token}")).status, 303);
    assert_eq!(owner.get("/today").status, 303, "whoever signs out is out");
}
