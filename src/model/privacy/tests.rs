//! Tests of how names and email addresses are treated.

use proptest::prelude::*;

use super::*;

fn column(personal: Personal, nullable: bool) -> ColumnInfo {
    let (name, source, doc, ty) = ("c", "-", ".", Type::Text);
    ColumnInfo { name, source, doc, ty, nullable, lenient: false, personal, volatile: false }
}

fn hashing() -> Privacy {
    Privacy::with_key(b"0123456789abcdef").unwrap()
}

#[test]
fn the_same_text_gives_the_same_hash_and_another_key_another() {
    let whole = column(Personal::Whole, true);
    let other = Privacy::with_key(b"0123456789abcdeX").unwrap();
    let hash = hashing().treat(&whole, "ada@shop.example").unwrap();
    // Computed with `openssl dgst -sha256 -hmac`.
    assert_eq!(
        hash,
        "hmac-sha256:6d52948d1f19b994c4269c1bd81b42d1\
                      5699daa94d43f825d44cd7250fd3310e"
    );
    assert_eq!(hashing().treat(&whole, &hash).unwrap(), hash, "a hash is not hashed again");
    assert_ne!(other.treat(&whole, "ada@shop.example").unwrap(), hash);
    assert_eq!(hashing().treat(&column(Personal::No, true), "ada").unwrap(), "ada");
}

#[test]
fn what_is_dropped_is_null_where_that_may_be() {
    assert_eq!(Privacy::Drop.treat(&column(Personal::Whole, true), "ada"), None);
    assert_eq!(Privacy::Drop.treat(&column(Personal::Whole, false), "ada").unwrap(), "");
    assert_eq!(Privacy::Keep.treat(&column(Personal::Whole, true), "ada").unwrap(), "ada");
}

#[test]
fn addresses_are_replaced_wherever_they_stand() {
    let mentions = column(Personal::Mentions, true);
    let treat = |text| Privacy::Drop.treat(&mentions, text).unwrap();
    assert_eq!(treat(r#"["member/a.b+c@d.example:token/*"]"#), r#"["member/dropped:token/*"]"#);
    assert_eq!(treat("[A B](mailto:a@b.example) did"), "[A B](mailto:dropped) did");
    assert_eq!(treat("a@b, @ and a@ or @b; ü@é"), "dropped, @ and a@ or @b; dropped");
    assert_eq!(treat("x@y@z"), "dropped");
    assert_eq!(treat("ask ada@x.example."), "ask dropped.");
    assert_eq!(treat(r#"{"a":"ada\u0040x.example"}"#), r#"{"a":"dropped"}"#);
    assert_eq!(treat("/users/ada%40x.example/hooks"), "/users/dropped/hooks");
}

#[test]
fn a_text_without_people_is_the_same_in_every_mode() {
    let mentions = column(Personal::Mentions, true);
    let text = "hmac-sha256:ask ada@x.example, or [b@y.example]";
    let treat = |privacy: Privacy| privacy.treat(&mentions, text).unwrap();
    let texts = [text.to_owned(), treat(hashing()), treat(Privacy::Drop)];
    let without = texts.map(|text| Privacy::without_people(&text));
    assert_eq!(without, ["hmac-sha256:ask dropped, or [dropped]"; 3]);
}

#[test]
fn a_short_key_is_refused_and_none_is_shown() {
    let error = Privacy::with_key(b"hush-hush").unwrap_err();
    assert_eq!(error.kind(), crate::error::Kind::Usage);
    assert!(!error.to_string().contains("hush"));
    assert_eq!(format!("{:?}", hashing()), "hash");
}

proptest! {
    #[test]
    fn no_address_survives_in_any_text(before in ".*", after in ".*", name in "[a-z.]{1,9}") {
        let address = format!("{name}@shop.example");
        let text = format!("{before} {address} {after}");
        for privacy in [Privacy::Drop, hashing()] {
            let treated = privacy.treat(&column(Personal::Mentions, true), &text).unwrap();
            prop_assert!(!treated.contains(&address), "{treated}");
        }
    }
}
