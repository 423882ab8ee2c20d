//! How fast messages leave, set on the page as a browser does.

use regulars_server::access::Role;
use serde_json::Value;

use crate::roles::staffed;

#[test]
fn a_limit_that_is_set_on_the_page_stands_in_the_shop() {
    let (shop, browsers) = staffed();
    let (_, owner) = browsers.iter().find(|(role, _)| *role == Role::Owner).unwrap();
    let token = owner.get("/channels").token();
    let set = |form: &str, fields: &str| {
        owner.post(&format!("/channels/pace/{form}"), &format!("_csrf={token}&{fields}"))
    };
    let pace = || shop.ask("GET", "/api/v1/pace", Some(&shop.reader), "").1;
    let of = |told: &Value, to: &str| {
        let limits = told["limits"].as_array().unwrap().iter();
        let found = limits.filter(|limit| limit["to"] == to);
        found.map(|limit| limit["messages"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let minute = "per=minute&channel=email&to=Hotmail.es";
    assert_eq!(set("limit", &format!("messages=7&{minute}")).status, 303);
    assert_eq!(of(&pace(), "outlook.com"), [7]);
    assert_eq!(set("limit", &format!("messages=9&{minute}")).status, 303);
    assert_eq!(of(&pace(), "outlook.com"), [9], "it takes the place of the one before");
    for (fields, said) in [
        ("messages=0&per=hour&channel=email&to=", "from 1 to"),
        ("messages=7&per=hour&channel=email&to=a.example}, b", "That is no domain"),
        ("messages=7&per=hour&channel=sms&to=gmail.com", "go to no mailbox provider"),
    ] {
        let answer = set("limit", fields);
        assert!(answer.status == 200 && answer.body.contains(said), "{fields}: {}", answer.status);
    }
    let before = pace()["limits"].as_array().unwrap().len();
    assert_eq!(set("remove-limit", "number=0").status, 303);
    let told = pace();
    assert_eq!(told["limits"].as_array().unwrap().len(), before - 1);
    let steep = "domain=news.example&since=2026-11-30&first=10&percent=1000&full=100";
    assert!(set("warm-up", steep).body.contains("no growth from day to day"), "it is not cut down");
    let plan = "domain=news.example&since=2026-11-30&first=10&percent=50&full=100";
    assert_eq!(set("warm-up", plan).status, 303);
    let told = pace();
    let plan = &told["warm_ups"][1];
    assert_eq!((&plan["domain"], &plan["stage"]), (&"news.example".into(), &"other domain".into()));
    assert!(owner.get("/channels").body.contains("Warm-up of news.example"));
    assert_eq!(set("remove-warm-up", "number=1").status, 303);
    assert_eq!(pace()["warm_ups"].as_array().unwrap().len(), 1);
}
