use std::fs;

use super::*;
use crate::system::interrupt::Interrupt;

/// The rows of a source, each as its cells in Rust's notation.
fn rows(name: &str, content: &[u8], wanted: &[&str]) -> Result<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let source: Source = path.to_str().unwrap().parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let opened = source.open(&Selected::All, &Interrupt::default()).await?;
        let wanted: Vec<_> = wanted.iter().map(|name| (*name).to_owned()).collect();
        let mut rows = Vec::new();
        opened
            .read(&wanted, &mut |cells| {
                rows.push(format!("{cells:?}"));
                Ok(())
            })
            .await?;
        Ok(rows)
    })
}

#[test]
fn csv_has_texts_without_types_and_no_null() {
    let found =
        rows("a.csv", b"\xef\xbb\xbfid,name\n1,\"a,\"\"b\"\n2,\n", &["name", "id"]).unwrap();
    let expected = [r#"[Untyped("a,\"b"), Untyped("1")]"#, r#"[Untyped(""), Untyped("2")]"#];
    assert_eq!(found, expected);
    assert!(rows("a.csv", b"id,name\n1\n", &["id"]).is_err());
}

#[test]
fn json_lines_have_types_and_each_line_its_members() {
    let text = concat!(
        "{\"a\":1,\"b\":\"x\\ny\"}\n\n",
        "{\"b\":null,\"a\":1.5}\r\n",
        "{\"a\":{\"c\":[1]}}\n",
        "{\"a\":true}"
    );
    let found = rows("a.jsonl", text.as_bytes(), &["a", "b"]).unwrap();
    assert_eq!(
        found,
        [
            "[Int(1), Text(\"x\\ny\")]",
            "[Real(1.5), Null]",
            "[Json(\"{\\\"c\\\":[1]}\"), Absent]",
            "[Bool(true), Absent]",
        ]
    );
    for broken in ["{\"a\":1}\n{\"a\":tru", "[1]", "{} {}"] {
        let error = rows("a.jsonl", broken.as_bytes(), &["a"]).unwrap_err();
        assert!(error.to_string().contains("is no JSON object"), "{error}");
    }
}

#[test]
fn an_address_has_a_scheme_or_a_known_ending() {
    for text in [
        "csv:a.csv",
        "a.csv",
        "jsonl:-",
        "sqlite:w.db",
        "w.sqlite3",
        "parquet:s3://b/p",
        "postgres://u@h/d",
        "postgresql://u@h",
    ] {
        text.parse::<Source>().unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    for text in [
        "",
        "csv:",
        "a.txt",
        "sqlite:-",
        "parquet:-",
        "postgres:h/d",
        "postgres://u@h/d?sslmode=on",
        "http://a.csv",
    ] {
        assert!(text.parse::<Source>().is_err(), "{text}");
    }
}

#[test]
fn a_database_needs_a_table_or_a_query_and_only_a_database_takes_one() {
    let open = |source: &str, selected: &Selected| {
        let source: Source = source.parse().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime
            .block_on(async { source.open(selected, &Interrupt::default()).await.map(drop) })
            .unwrap_err()
            .to_string()
    };
    assert!(open("sqlite:w.db", &Selected::All).contains("what to read"));
    let table = Selected::Table("t".to_owned());
    assert!(open("csv:a.csv", &table).contains("for databases"));
}
