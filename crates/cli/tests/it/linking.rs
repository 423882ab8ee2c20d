//! `identity link`: real files in, clusters and reasons out.

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
    let broken = shop.file("broken.csv", "id,name\n1,Ana\n2\n");
    let said = shop.run(&["identity", "link", broken.to_str().unwrap()]);
    assert_eq!(said.code, 1, "{}", said.talk);
    assert!(said.talk.contains("line 3") && said.talk.contains("cure"), "{}", said.talk);
}
