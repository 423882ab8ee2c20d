//! `import`: a second time changes nothing; rows that are none are kept; figures of a real file.

use std::path::PathBuf;

use crate::program::{Shop, examples};

const MAPPING: &str = "\
source: till-export
rows: lines
kind: order
columns:
  order_id: receipt
  occurred_at: {column: time, zone: Europe/Madrid}
  email: email
  sku: sku
  quantity: pieces
  price: price
return when: {column: pieces, below: 0}
complete_through: latest
";
const RECEIPTS: &str = "\
receipt,time,email,sku,pieces,price
1,2026-11-20 10:00:00,ana@example.com,BOOTS,1,89.90
1,2026-11-20 10:00:00,ana@example.com,SOCKS,2,5.00
1,2026-11-20 10:00:00,ana@example.com,SOCKS,2,5.00
2,2026-11-20 10:05:00,,CAP,1,15.00
3,2026-11-20 11:00:00,ana@example.com,SOCKS,-2,5.00
4,yesterday,ana@example.com,SOCKS,1,5.00
";

#[test]
fn a_table_is_counted_and_a_second_import_changes_nothing() {
    let shop = Shop::new();
    shop.file("mapping.yaml", MAPPING);
    shop.file("receipts.csv", RECEIPTS);
    let words = ["import", "receipts.csv", "--mapping", "mapping.yaml", "--json"];
    let first = shop.run(&words).well();
    assert!(first.talk.contains("receipts.csv:7: \"time\" is not a time"), "{}", first.talk);
    let first = first.json();
    let figures = ["documents", "lines", "returns", "return_lines", "customers", "quarantined"];
    assert_eq!(figures.map(|name| first[name].as_u64().unwrap()), [3, 5, 1, 1, 1, 1]);
    assert_eq!(
        (&first["sold"]["EUR"], &first["returned"]["EUR"]),
        (&"124.90".into(), &"10.00".into())
    );
    assert_eq!(first["accepted"], 4); // Three documents and the word that the file is complete.
    let second = shop.run(&words).json();
    assert_eq!((&second["accepted"], &second["duplicates"]), (&0.into(), &4.into()));
    let stats = shop.run(&["stats", "--json"]).json();
    assert_eq!((&stats["events"], &stats["persons"]), (&4.into(), &1.into()));
}

#[test]
fn events_are_imported_once_packed_or_not_and_a_dry_run_writes_nothing() {
    let shop = Shop::new();
    let events = examples().join("shop/maria.ndjson");
    let events = events.to_str().unwrap();
    let rehearsed = shop.run(&["import", events, "--dry-run", "--json"]).json();
    assert!(!shop.path("store").exists());
    let first = shop.run(&["import", events, "--json"]).json();
    assert_eq!(rehearsed["accepted"], first["accepted"]);
    let packed = std::process::Command::new("gzip").args(["-c", events]).output().unwrap().stdout;
    std::fs::write(shop.path("maria.ndjson.gz"), packed).unwrap();
    let second = shop.run(&["import", "maria.ndjson.gz", "--json"]).json();
    assert_eq!((&second["accepted"], &second["duplicates"]), (&0.into(), &first["accepted"]));
}

#[test]
fn a_feed_is_complete_as_far_as_somebody_says() {
    let shop = Shop::new();
    let line = r#"{"type":"track","event":"Store Visited","messageId":"1","userId":"ana","timestamp":"2026-01-05T10:00:00Z"}"#;
    shop.file("visits.ndjson", line);
    let words = [
        "import",
        "visits.ndjson",
        "--source",
        "pos",
        "--feed",
        "till-1",
        "--complete-through",
        "2026-01-06T00:00:00Z",
    ];
    shop.run(&words).well();
    let serving = shop.serve_with_key();
    let (status, sources) = serving.ask("GET /api/v1/sources");
    assert_eq!(status, 200);
    let feed = &sources["sources"][0]["feeds"][0];
    assert_eq!(
        (&feed["feed"], &feed["complete_through"]),
        (&"till-1".into(), &"2026-01-06T00:00:00Z".into())
    );
    serving.stop();
}

#[test]
fn a_table_without_a_mapping_and_a_mapping_with_mistakes_are_refused() {
    let shop = Shop::new();
    shop.file("receipts.csv", RECEIPTS);
    let said = shop.run(&["import", "receipts.csv"]);
    assert_eq!(said.code, 2);
    assert!(said.talk.contains("cure: name a mapping file with --mapping"), "{}", said.talk);
    shop.file("mapping.yaml", &MAPPING.replace("sku: sku", "skoo: sku").replace("lines", "lins"));
    let said = shop.run(&["import", "receipts.csv", "--mapping", "mapping.yaml"]);
    assert_eq!(said.code, 2);
    assert!(
        said.talk.contains("mapping.yaml:2:7: ") && said.talk.contains("mapping.yaml:8:3: "),
        "{}",
        said.talk
    );
}

/// Where larger data for checks is; says so where there is none.
fn check_data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("REGULARS_CHECK_DATA").map(PathBuf::from);
    let path = folder.map(|folder| folder.join(file)).filter(|path| path.exists());
    if path.is_none() {
        eprintln!("skipped: set REGULARS_CHECK_DATA to a folder with {file}");
    }
    path
}

#[test]
fn a_wholesalers_year_comes_in_with_the_published_figures() {
    let Some(file) = check_data("online-retail/online_retail.csv.gz") else { return };
    let shop = Shop::new();
    let mapping = examples().join("mappings/online-retail.yaml");
    let words =
        ["import", file.to_str().unwrap(), "--mapping", mapping.to_str().unwrap(), "--json"];
    let first = shop.run(&words).json();
    let figures =
        ["lines", "documents", "customers", "return_lines", "lines_without_person", "quarantined"];
    assert_eq!(
        figures.map(|name| first[name].as_u64().unwrap()),
        [541_909, 25_900, 4_372, 9_288, 135_080, 0]
    );
    assert_eq!(
        (&first["sold"]["GBP"], &first["net"]["GBP"]),
        (&"10644560.42".into(), &"9747747.93".into())
    );
    let second = shop.run(&words).json();
    assert_eq!((&second["accepted"], &second["duplicates"]), (&0.into(), &first["accepted"]));
    assert_eq!(shop.run(&["stats", "--json"]).json()["persons"], 4_372);
}

/// Orders as an interface answers with them: a list of objects, each with its lines.
#[test]
fn orders_in_json_are_mapped_like_a_table() {
    let shop = Shop::new();
    let mapping = shop.file(
        "map.yaml",
        "source: shop\nrows: lines\nkind: order\ndelimiter: \";\"\ncolumns:\n  order_id: number\n  occurred_at: created_at\n  \
         email: customer.email\n  sku: sku\n  quantity: quantity\n  price: line_items.price\n  currency: currency\n",
    );
    let orders = r#"{"orders": [
      {"number": 1, "created_at": "2026-11-20T10:00:00Z", "currency": "EUR", "customer": {"email": "ana@example.com"},
       "store": {"email": "porto@shop.example"}, "price": "9.00",
       "line_items": [{"sku": "A;1", "quantity": 2, "price": "2.50"}, {"sku": "B", "quantity": 1, "price": "4.00"}]},
      {"number": 2, "created_at": "yesterday", "currency": "EUR", "customer": {"email": "bea@example.com"},
       "store": {"email": "porto@shop.example"}, "price": "1.00",
       "line_items": [{"sku": "C", "quantity": 1, "price": "1.00"}]}
    ]}"#;
    let orders = shop.file("orders.json", orders);
    let (orders, mapping) = (orders.to_str().unwrap(), mapping.to_str().unwrap());
    let said = shop.run(&["--json", "import", orders, "--mapping", mapping]).well();
    let found = said.json();
    assert_eq!((&found["documents"], &found["lines"]), (&1.into(), &2.into()), "{found}");
    assert_eq!(found["sold"]["EUR"], "9.00");
    assert_eq!(found["quarantined"], 1);
    assert!(said.talk.contains("orders.json, row 3: "), "{}", said.talk);
    let again = shop.run(&["--json", "import", orders, "--mapping", mapping]).well().json();
    assert_eq!((&again["accepted"], &again["duplicates"]), (&0.into(), &1.into()));
}

/// The export of a web shop: what was sold less what came back and what was cancelled.
#[test]
fn an_export_is_reconciled_with_what_became_of_its_orders() {
    let shop = Shop::new();
    let mapping = shop.file(
        "map.yaml",
        "source: shop\nrows: events\nkind: order\ncolumns:\n  order_id: Name\n  occurred_at: Created at\n  email: Email\n  \
         total: Total\n  refunded: Refunded\n  currency: {value: EUR}\ncancelled when: {column: Cancelled at, empty: no}\n",
    );
    let orders = "Name,Email,Total,Refunded,Cancelled at,Created at\n\
                  #1,ana@example.com,30.00,12.50,,2026-11-20T10:00:00Z\n\
                  #2,ana@example.com,20.00,20.00,2026-11-21T10:00:00Z,2026-11-20T10:00:00Z\n\
                  #3,bea@example.com,10.00,0.00,,2026-11-20T10:00:00Z\n";
    let orders = shop.file("orders.csv", orders);
    let (orders, mapping) = (orders.to_str().unwrap(), mapping.to_str().unwrap());
    let found = shop.run(&["--json", "import", orders, "--mapping", mapping]).well().json();
    assert_eq!(
        (&found["sold"]["EUR"], &found["net"]["EUR"]),
        (&"60.00".into(), &"27.50".into()),
        "{found}"
    );
    assert_eq!((&found["returns"], &found["cancellations"]), (&1.into(), &1.into()));
    let again = shop.run(&["--json", "import", orders, "--mapping", mapping]).well().json();
    assert_eq!((&again["accepted"], &again["duplicates"]), (&0.into(), &5.into()));
}

/// As a shop in Russia exports it; the same file in UTF-8 holds nothing new.
#[test]
fn a_table_in_a_page_of_windows_is_mapped_and_told() {
    let shop = Shop::new();
    shop.file(
        "map.yaml",
        "source: shop\nrows: lines\nkind: order\ndelimiter: \";\"\ncolumns:\n  order_id: Номер\n  \
         occurred_at: Дата\n  email: Почта\n  name: Товар\n  price: Цена\n  currency: {value: RUB}\n",
    );
    let orders = "Номер;Дата;Почта;Товар;Цена\n1;2026-11-20T10:00:00Z;anna@example.com;Чай № 5;250\n\
                  2;2026-11-20T11:00:00Z;ivan@example.com;Ёлка;900\n";
    // Windows-1251: the alphabet from 0xc0 on, and two letters of their own.
    let page: Vec<u8> = orders
        .chars()
        .map(|letter| match letter {
            'А'..='я' => u8::try_from(u32::from(letter) - u32::from('А') + 0xc0).unwrap(),
            'Ё' => 0xa8,
            '№' => 0xb9,
            plain => u8::try_from(plain).unwrap(),
        })
        .collect();
    std::fs::write(shop.path("orders.csv"), page).unwrap();
    let words = ["--json", "import", "orders.csv", "--mapping", "map.yaml"];
    let first = shop.run(&words).well();
    assert!(first.talk.contains("note: orders.csv: read as Windows-1251"), "{}", first.talk);
    let first = first.json();
    assert_eq!((&first["documents"], &first["quarantined"]), (&2.into(), &0.into()), "{first}");
    shop.file("orders.csv", orders);
    let again = shop.run(&words).well();
    assert!(!again.talk.contains("read as"), "{}", again.talk);
    assert_eq!(again.json()["duplicates"], 2);
}

#[test]
fn a_packed_file_that_is_cut_short_names_its_cure() {
    let shop = Shop::new();
    shop.file("mapping.yaml", MAPPING);
    let lines: String = (0..4_000).map(|n| format!("{n},{},a\n", n * 7_919 % 10_007)).collect();
    let file = shop.file("receipts.csv", &format!("{RECEIPTS}{lines}"));
    let packed = std::process::Command::new("gzip").arg("-c").arg(file).output().unwrap().stdout;
    let imports: [&[&str]; 3] = [
        &["import", "cut.csv.gz", "--mapping", "mapping.yaml"],
        &["import", "cut.ndjson.gz"],
        &["import", "cut.json.gz", "--mapping", "mapping.yaml"],
    ];
    for words in imports {
        for left in [packed.len() - 9, packed.len() / 2, 30] {
            std::fs::write(shop.path(words[1]), &packed[..left]).unwrap();
            let said = shop.run(words);
            assert_eq!(said.code, 1, "{}", said.talk);
            let cure = "cure: its gzip is broken or cut short: fetch or pack the file again";
            assert!(said.talk.contains(cure), "{words:?}, {left} bytes: {}", said.talk);
        }
    }
}

/// A table whose name says so is not taken for a file of events, line by line.
#[test]
fn a_parquet_file_asks_for_its_mapping() {
    let shop = Shop::new();
    shop.file("orders.parquet", "PAR1");
    let said = shop.run(&["import", "orders.parquet"]);
    assert_eq!(said.code, 2, "{}", said.talk);
    assert!(said.talk.contains("name a mapping file with --mapping"), "{}", said.talk);
}
