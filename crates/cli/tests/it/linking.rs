//! `identity link`: real files in, clusters and reasons out.

use serde_json::{Value, json};

use crate::program::Shop;

const PEOPLE: &str = "\
id,first_name,surname,dob,email,postcode,person
1,Elizabeth,Holloway,1978-11-05,liz@shop.example,89132,a
2,Lizzie,Holloway,1978-11-05,liz@shop.example,89132,a
3,Boris,Jankov,1961-02-28,boris@shop.example,10115,b
4,Boris,Jankow,1961-02-28,,10115,b
5,Carla,Moreau,1990-07-17,carla@shop.example,75001,c
";

#[test]
fn people_are_found_in_a_file() {
    let shop = Shop::new();
    let file = shop.file("people.csv", PEOPLE);
    let clusters = shop.path("clusters.csv");
    let said = shop
        .run(&[
            "identity",
            "link",
            file.to_str().unwrap(),
            "--truth",
            "person",
            "--clusters",
            clusters.to_str().unwrap(),
            "--json",
        ])
        .well();
    let value = said.json();
    assert_eq!(value["clusters"], 3, "{value}");
    assert_eq!(value["f1"], 1.0, "{value}");
    assert_eq!(
        (&value["sure"], &value["possible"]),
        (&2.into(), &0.into()),
        "what is sure is more"
    );
    assert!(
        said.talk.contains("dob=birth_date") && said.talk.contains("person=ignore"),
        "{}",
        said.talk
    );
    let clusters = std::fs::read_to_string(clusters).unwrap();
    assert_eq!(clusters, "id,cluster\n1,1\n2,1\n3,3\n4,3\n5,5\n");
}

#[test]
fn a_pair_is_explained_with_a_model_from_before() {
    let shop = Shop::new();
    let file = shop.file("people.csv", PEOPLE);
    let (file, model) = (file.to_str().unwrap(), shop.path("people.model"));
    let model = model.to_str().unwrap();
    shop.run(&["identity", "link", file, "--save-model", model]).well();
    let said =
        shop.run(&["identity", "link", file, "--model", model, "--explain", "1", "2"]).well();
    assert!(said.out.contains("same date of birth"), "{}", said.out);
    assert!(said.out.contains("short form of the given name"), "{}", said.out);
}

#[test]
fn mistakes_name_their_place_and_cure() {
    let shop = Shop::new();
    let file = shop.file("people.csv", PEOPLE);
    let said = shop.run(&["identity", "link", file.to_str().unwrap(), "--columns", "dob=birthday"]);
    assert_eq!(said.code, 2, "{}", said.talk);
    assert!(said.talk.contains("birthday") && said.talk.contains("birth_date"), "{}", said.talk);
    let broken = shop.file("broken.csv", "id,name\n1,Ana\n2,Bea,Lisbon\n");
    let said = shop.run(&["identity", "link", broken.to_str().unwrap()]);
    assert_eq!(said.code, 1, "{}", said.talk);
    assert!(said.talk.contains("line 3") && said.talk.contains("cure"), "{}", said.talk);
}

/// As a spreadsheet of a shop in Spain writes it: semicolons, a page of Windows, rows that end early.
#[test]
fn a_file_is_read_as_it_comes_and_what_was_not_plain_is_told() {
    let shop = Shop::new();
    let file = shop.path("clientes.csv");
    let rows = b"Nombre;Apellidos;Tel\xe9fono\nAna;Mu\xf1oz;612345678\nBea;Garc\xeda\n;;\n";
    std::fs::write(&file, rows).unwrap();
    let said = shop.run(&["--json", "identity", "link", file.to_str().unwrap()]).well();
    assert_eq!(said.json()["records"], 2);
    for told in [
        "Nombre=given,Apellidos=surname,Teléfono=phone",
        "read as Windows-1252, values parted by \";\"",
        "line 3 has fewer values",
        "1 empty row left out",
    ] {
        assert!(said.talk.contains(told), "{told}: {}", said.talk);
    }
}

const GIVEN: [&str; 12] = [
    "Ana", "Boris", "Carla", "Diego", "Elena", "Felix", "Gloria", "Hugo", "Irene", "Jorge",
    "Karin", "Luis",
];
const SURNAMES: [&str; 15] = [
    "Abascal", "Bermejo", "Cazorla", "Dorado", "Escudero", "Figueroa", "Galindo", "Herrera",
    "Iglesias", "Jordan", "Lozano", "Montero", "Naranjo", "Ordonez", "Pizarro",
];

/// What somebody states under a name of their own: a login of the web shop, or a card of the tills.
fn stated(id: &str, who: &str, person: usize, surname: &str) -> String {
    let given = GIVEN[person % GIVEN.len()];
    let (year, month, day) = (1950 + person * 7 % 50, person * 5 % 12 + 1, person * 11 % 28 + 1);
    let (street, postcode) = (person * 13 % 90 + 1, 28_001 + person % 40);
    format!(
        r#"{{"type":"identify","messageId":"{id}",{who}"traits":{{{}"first_name":"{given}","last_name":"{surname}","birthday":"{year}-{month:02}-{day:02}","address":"Calle Mayor {street}","postcode":"{postcode}"}},"timestamp":"2026-11-20T10:00:00Z"}}"#,
        if who.is_empty() { format!(r#""loyalty_id":"card-{person}","#) } else { String::new() },
    )
}

/// A shop of 180 logins, of which each third has a card beside it whose surname bears a slip.
fn customers() -> Shop {
    let shop = Shop::new();
    let mut events = Vec::new();
    for person in 0..180 {
        let surname = SURNAMES[person / GIVEN.len()];
        let login = format!(r#""userId":"login-{person}","#);
        events.push(stated(&format!("l{person}"), &login, person, surname));
        if person % 3 == 0 {
            events.push(stated(&format!("c{person}"), "", person, &surname.replace('o', "oo")));
        }
    }
    let events = shop.file("customers.ndjson", &format!("{}\n", events.join("\n")));
    shop.run(&["import", events.to_str().unwrap(), "--source", "web"]).well();
    shop
}

/// Training, trying and applying a model leave a store that folds again to what it is.
#[test]
fn a_model_is_learned_tried_and_put_into_force() {
    let shop = customers();
    let model = shop.path("shop.model");
    let model = model.to_str().unwrap();
    let number = |value: &serde_json::Value, key: &str| value[key].as_u64().unwrap();
    assert_eq!(
        shop.run(&["identity", "why", "login-3", "card-3", "--json"]).well().json()["same_person"],
        false
    );
    let learned = shop.run(&["--json", "identity", "train", model]).well().json();
    assert_eq!(number(&learned, "records"), 240);
    let what_if = ["--json", "identity", "what-if", "--model", model];
    let tried = shop.run(&what_if).well().json();
    assert_eq!(number(&tried, "persons_before"), 240);
    assert!(number(&tried, "merges") >= 50 && number(&tried, "splits") == 0, "{tried}");
    let applied = shop.run(&["--json", "identity", "apply", "--model", model]).well().json();
    assert_eq!(applied["model"], learned["model"]);
    assert_eq!(number(&applied, "persons_after"), number(&tried, "persons_after"));
    assert_eq!(
        shop.run(&["identity", "why", "login-3", "card-3", "--json"]).well().json()["same_person"],
        true
    );
    shop.run(&["verify"]).well();
    let again = shop.run(&what_if).well().json();
    assert_eq!((number(&again, "merges"), number(&again, "splits")), (0, 0), "{again}");

    // What comes later is linked as it comes.
    let late = stated("late", "", 1, SURNAMES[0]).replace("card-1", "card-late");
    let late = shop.file("late.ndjson", &format!("{late}\n"));
    shop.run(&["import", late.to_str().unwrap(), "--source", "web"]).well();
    let persons = number(&shop.run(&what_if).well().json(), "persons_before");
    assert_eq!(persons, number(&applied, "persons_after"));
    shop.run(&["verify"]).well();

    shop.run(&["erase", "login-3", "--yes"]).well();
    assert_eq!(shop.run(&["explain", "card-3"]).code, 1, "the card was the same person's");
    shop.run(&["verify"]).well();
    // A stricter line parts whom only likeness joined, and is part of what names a model.
    let mut names = vec![applied["model"].clone()];
    for sure in ["0.9999", "0.999999"] {
        let apart = ["--json", "identity", "apply", "--sure", sure, "--possible", "0.5"];
        let applied = shop.run(&apart).well().json();
        assert!(number(&applied, "persons_after") >= persons - 1, "{applied}");
        assert!(!names.contains(&applied["model"]), "{applied}");
        names.push(applied["model"].clone());
        shop.run(&["verify"]).well();
    }
}

/// The same beside a running server: what is tried changes nothing, what is applied can be undone.
#[test]
fn a_server_learns_tries_applies_and_goes_back() {
    let shop = customers();
    let server = shop.serve_with_key();
    let work = |what: &str, body: &Value| {
        let (status, said) = server.send(&format!("POST /api/v1/identity/{what}"), body);
        assert_eq!((status, &said["began"]), (200, &true.into()), "{what}: {said}");
        loop {
            let (_, told) = server.ask("GET /api/v1/identity/work");
            if told["state"] != "running" {
                break told;
            }
        }
    };
    let persons = || server.ask("GET /api/v1/totals").1["persons"].as_u64().unwrap();
    let apply = |body: &Value| {
        let (status, _) = server.send("POST /api/v1/identity/apply", body);
        while !server.ask("GET /api/v1/identity/models").1["looking_again"].is_null() {}
        status
    };
    let before = persons();
    let learned = work("train", &Value::Null);
    assert_eq!((&learned["state"], &learned["records"]), (&"learned".into(), &240.into()));
    assert!(!learned["rounds"].as_array().unwrap().is_empty(), "{learned}");
    let tried = work("what-if", &json!({ "model": "learned" }));
    assert_eq!(tried["model"], learned["model"]);
    assert!(tried["found"]["merges"].as_u64().unwrap() >= 50, "{tried}");
    assert_eq!(persons(), before, "trying changes nothing");
    let other = apply(&json!({ "model": "built in", "name": "another" }));
    assert_eq!((other, persons()), (409, before), "only what was tried is applied");
    assert_eq!(apply(&json!({ "model": "learned", "name": tried["model"] })), 200);
    assert_eq!(tried["found"]["persons_after"].as_u64(), Some(persons()));
    let back = work("what-if", &json!({ "model": "former" }));
    assert_eq!(back["found"]["splits"], tried["found"]["merges"], "{back}");
    assert_eq!(apply(&json!({ "model": "former" })), 200);
    assert_eq!(persons(), before, "as if it had never been applied");
    server.stop();
    shop.run(&["verify"]).well();
    let again = shop.run(&["--json", "identity", "apply", "--use", "former"]).well().json();
    assert_eq!(again["persons_after"], tried["found"]["persons_after"], "there and back");
}
