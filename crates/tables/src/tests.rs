//! Files as people have them.

use std::io::Write;

use super::*;

struct Read {
    columns: Vec<String>,
    paths: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

fn read(name: &str, bytes: impl AsRef<[u8]>) -> Result<Read, TableError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut table = open(&path)?;
    let columns = std::mem::take(&mut table.columns);
    let rows = table.by_ref().collect::<Result<_, _>>()?;
    Ok(Read { columns, rows, notes: table.notes(), paths: table.paths })
}

fn wrong(name: &str, text: &str) -> String {
    let error = read(name, text).err().unwrap();
    let place = error.to_string();
    let (_, what) = place.split_once(", ").unwrap();
    format!("{what}; {}", error.cure())
}

const PEOPLE: [[&str; 2]; 2] = [["1", "Ana"], ["2", "Boris, the elder"]];

#[test]
fn csv_headers_lose_the_blanks_around_them() {
    let file = read("a.csv", "\u{feff}id, name\n1, Ana\n2,\"Boris, the elder\"\n").unwrap();
    assert_eq!(file.columns, ["id", "name"]);
    assert_eq!(file.rows, PEOPLE);
    assert!(file.notes.is_empty());
}

#[test]
fn the_header_tells_what_parts_values() {
    for (sign, note) in [
        (";", "values parted by \";\""),
        ("|", "values parted by \"|\""),
        ("\t", "values parted by tabs"),
    ] {
        let text =
            format!("id{sign}\"name; or, what|ever\"\n1{sign}Ana\n2{sign}\"Boris, the elder\"\n");
        let file = read("a.csv", text).unwrap();
        assert_eq!(file.columns, ["id", "name; or, what|ever"], "{sign}");
        assert_eq!(file.rows, PEOPLE, "{sign}");
        assert_eq!(file.notes, [format!("read as {note}")]);
    }
    assert_eq!(
        read("a.csv", "sep=;\r\nname\r\nAna, or Anna\r\n").unwrap().rows,
        [["Ana, or Anna"]]
    );
    assert_eq!(
        read("a.tsv", "id\tname\n1\tAna \"the first\"\n").unwrap().rows,
        [["1", "Ana \"the first\""]]
    );
}

#[test]
fn letters_are_read_in_what_they_were_written_in() {
    let text = "id;name\n1;Muñoz\n2;Łukasz Иванов\n";
    let rows = [["1", "Muñoz"], ["2", "Łukasz Иванов"]];
    let little = text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let marked = |mark: [u8; 2], bytes: &[u8]| [&mark, bytes].concat();
    for bytes in [marked([0xff, 0xfe], &little), marked([0xfe, 0xff], &big), little, big] {
        let file = read("a.csv", bytes).unwrap();
        assert_eq!(file.rows, rows);
        assert_eq!(file.notes, ["read as UTF-16, values parted by \";\""]);
    }
    let western = read("a.csv", b"id,name\n1,Mu\xf1oz\n2,Jos\xe9 \x80\n").unwrap();
    assert_eq!(western.rows, [["1", "Muñoz"], ["2", "José €"]]);
    assert_eq!(western.notes, ["read as Windows-1252"]);
    let cyrillic = read("a.csv", b"\xe8\xec\xff,id\n\xc0\xed\xed\xe0,1\n").unwrap();
    assert_eq!((cyrillic.columns[0].as_str(), cyrillic.rows[0][0].as_str()), ("имя", "Анна"));
    assert_eq!(cyrillic.notes, ["read as Windows-1251"]);
}

/// What was looked at first may be plain ASCII: the text that is no UTF-8 comes late.
#[test]
fn a_late_text_that_is_no_utf_8_is_read_and_told() {
    let mut bytes = b"id,name\n".to_vec();
    for number in 0..40_000 {
        bytes.extend_from_slice(format!("{number},Ana Silva\n").as_bytes());
    }
    bytes.extend_from_slice(b"40000,Mu\xf1oz\n");
    let file = read("a.csv", bytes).unwrap();
    assert_eq!(file.rows.last().unwrap(), &["40000", "Muñoz"]);
    assert_eq!(file.notes, ["line 40002 holds a text that is no UTF-8, read as a page of Windows"]);
}

#[test]
fn packed_files_are_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"id,name\n1,Ana\n2,\"Boris, the elder\"\n").unwrap();
    assert_eq!(read("a.csv.gz", packed.finish().unwrap()).unwrap().rows, PEOPLE);
}

#[test]
fn a_row_may_end_early_and_be_told_of() {
    let file = read("a.csv", "id,name,town\n1,Ana\n2,Boris,Porto,,\n\n   \n3\n").unwrap();
    assert_eq!(file.rows, [["1", "Ana", ""], ["2", "Boris", "Porto"], ["3", "", ""]]);
    assert_eq!(
        file.notes,
        [
            "2 lines, from line 2 on, each has fewer values than the header has columns: the last ones are empty"
        ]
    );
}

#[test]
fn what_is_wrong_is_named_with_its_cure() {
    for (name, text, told) in [
        (
            "a.csv",
            "id,name\n1,Ana\n2,Boris,the elder\n",
            "line 3: 3 values where the header names 2 columns; put quotes around values that hold what parts them, or take out what is too much",
        ),
        (
            "a.csv",
            "Customers of June\nid,name\n1,Ana\n",
            "line 2: 2 values where the header names 1 column; the first line must name the columns: take out what stands above it",
        ),
        (
            "a.csv",
            "id,name,town\n1,\"Ana,Porto\n2,Boris,Lisbon\n",
            "line 2: a quote is opened that is not closed in its row; close the quote; a quote within a quoted value is written twice",
        ),
        (
            "a.csv",
            "",
            "line 1: no column has a name; write the names of the columns into the first line",
        ),
        (
            "a.ndjson",
            "{}\n[1]\n",
            "line 2: a value that is no object; write one JSON object a line, such as {\"name\": \"Ana\"}",
        ),
        (
            "a.ndjson",
            "{\"id\": 1}\n{\"id\": 2\n",
            "line 2: column 8 is not JSON; write one JSON object a line, such as {\"name\": \"Ana\"}",
        ),
        (
            "a.json",
            "[{\"id\": 1}, 2]",
            "line 2: a value of the list that is no object; write a list of objects, such as [{\"name\": \"Ana\"}]",
        ),
        (
            "a.json",
            "[{\"id\": 1},\n {\"id\" 2}]",
            "line 2: column 8 is not JSON; write a list of objects, or one object a line",
        ),
    ] {
        assert_eq!(wrong(name, text), told);
    }
}

#[test]
fn objects_may_lack_keys_and_nest() {
    let text = "{\"id\": 1, \"name\": \"Ana\"}\n\n{\"id\": 2, \"more\": [{\"city\": \"Porto\"}, {\"city\": \"Faro\"}]}\n";
    let file = read("a.ndjson", text).unwrap();
    assert_eq!(file.columns, ["id", "name", "city"]);
    assert_eq!(file.rows, [["1", "Ana", ""], ["2", "", "Porto"]]);
}

#[test]
fn values_of_one_name_in_two_places_are_two_columns() {
    let text = "{\"customer\": {\"email\": \"ana@shop.example\", \"city\": \"Porto\"}, \"store\": {\"email\": \"porto@shop.example\"}}\n";
    let file = read("a.ndjson", text).unwrap();
    assert_eq!(file.columns, ["city", "customer.email", "store.email"]);
    assert_eq!(file.paths, ["customer.city", "customer.email", "store.email"]);
    assert_eq!(file.rows, [["Porto", "ana@shop.example", "porto@shop.example"]]);
}

#[test]
fn a_document_is_its_list_of_objects() {
    let rows = [["1", "Ana"], ["2", "Bea"]];
    for text in [
        "[{\"id\": 1, \"name\": \"Ana\"},\n {\"id\": 2, \"name\": \"Bea\"}]",
        "{\n \"count\": 2,\n \"customers\": [{\"id\": 1, \"name\": \"Ana\"}, {\"id\": 2, \"name\": \"Bea\"}]}",
    ] {
        let file = read("a.json", text).unwrap();
        assert_eq!(file.columns, ["id", "name"]);
        assert_eq!(file.rows, rows);
    }
    assert_eq!(read("a.json", "{\n \"id\": 1\n}").unwrap().rows, [["1"]]);
}

#[test]
fn a_file_that_only_says_it_is_parquet_is_refused() {
    assert!(matches!(read("a.parquet", "id,name\n"), Err(TableError::Other { .. })));
}

#[test]
fn a_list_of_wanted_values_makes_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.ndjson");
    let orders = "{\"id\": 1, \"customer\": {\"id\": 7}, \"items\": [{\"sku\": \"A\", \"price\": 2.5}, {\"sku\": \"B\", \"price\": 3}], \"taxes\": [{\"rate\": 1}, {\"rate\": 2}]}\n\
                  {\"id\": 2, \"customer\": {\"id\": 8}, \"items\": [{\"sku\": \"C\", \"price\": 4}]}\n";
    std::fs::write(&path, orders).unwrap();
    let csv = |wanted: &[&str]| {
        let csv = as_csv(&path, b',', &|name| wanted.contains(&name)).map(String::from_utf8);
        csv.map(Result::unwrap).map_err(|error| format!("{error}; {}", error.cure()))
    };
    assert_eq!(
        csv(&["id", "customer.id", "sku", "items.price"]).unwrap(),
        "customer.id,id,items.price,sku,rate\n7,1,2.5,A,1\n7,1,3,B,1\n8,2,4,C,\n"
    );
    let told = csv(&["sku", "rate"]).unwrap_err();
    assert!(told.contains("line 1: \"items\" and \"taxes\" are lists of several values"), "{told}");
}

/// As data teams keep them: times in nanoseconds, whole numbers among broken ones, groups, gzip.
#[test]
fn parquet_is_read_as_people_write() {
    use ::parquet::basic::{Compression, GzipLevel};
    use ::parquet::column::writer::ColumnWriter;
    use ::parquet::data_type::ByteArray;
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.parquet");
    let schema = "message people { required int64 born (TIMESTAMP(NANOS,true)); required int64 seen (TIMESTAMP_MICROS); \
                  required double postcode; required group customer { optional binary city (UTF8); } }";
    let schema = Rc::new(parse_message_type(schema).unwrap());
    let compression = Compression::GZIP(GzipLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let file = std::fs::File::create(&path).unwrap();
    let mut writer =
        SerializedFileWriter::new(file, std::sync::Arc::new((*schema).clone()), properties.into())
            .unwrap();
    let mut group = writer.next_row_group().unwrap();
    let (born, seen) = (5_097_600_000_000_000, 90_061_000_000);
    let mut numbers = vec![vec![-seen, seen], vec![born, born - 1]];
    while let Some(mut column) = group.next_column().unwrap() {
        if let ColumnWriter::Int64ColumnWriter(writer) = column.untyped() {
            writer.write_batch(&numbers.pop().unwrap(), None, None).unwrap();
        } else if let ColumnWriter::DoubleColumnWriter(writer) = column.untyped() {
            writer.write_batch(&[2000.0, 2000.5], None, None).unwrap();
        } else if let ColumnWriter::ByteArrayColumnWriter(writer) = column.untyped() {
            writer.write_batch(&[ByteArray::from("Porto")], Some(&[1, 0]), None).unwrap();
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    let mut table = open(&path).unwrap();
    assert_eq!(table.columns, ["born", "seen", "postcode", "city"]);
    assert_eq!(table.paths[3], "customer.city");
    let rows: Vec<Vec<String>> = table.by_ref().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows[0], ["1970-03-01", "1969-12-30 22:58:59", "2000", "Porto"]);
    assert_eq!(rows[1], ["1970-02-28 23:59:59", "1970-01-02 01:01:01", "2000.5", ""]);
}
