//! Lists of PostgreSQL as JSON:
//! <https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::Value;

use super::value::Reading;

/// The JSON of a list's text; `None` where it is not such a text.
pub(super) fn json(text: &str, element: &Reading) -> Option<String> {
    // The bounds of a list that does not start at 1 come first: `[0:1]={a,b}`.
    let start = text.find('{')?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text.get(start..)?.chars().peekable();
    push_list(&mut rest, element, &mut out)?;
    rest.next().is_none().then_some(out)
}

/// Appends a list; a list in it may be one of a table's dimensions.
fn push_list(rest: &mut Peekable<Chars<'_>>, element: &Reading, out: &mut String) -> Option<()> {
    rest.next_if_eq(&'{')?;
    out.push('[');
    if rest.next_if_eq(&'}').is_none() {
        loop {
            push_one(rest, element, out)?;
            match rest.next()? {
                ',' => out.push(','),
                '}' => break,
                _ => return None,
            }
        }
    }
    out.push(']');
    Some(())
}

fn push_one(rest: &mut Peekable<Chars<'_>>, element: &Reading, out: &mut String) -> Option<()> {
    if rest.peek() == Some(&'{') {
        return push_list(rest, element, out);
    }
    let is_quoted = rest.next_if_eq(&'"').is_some();
    let text = if is_quoted { quoted(rest)? } else { bare(rest) };
    if !is_quoted && text.eq_ignore_ascii_case("null") {
        out.push_str("null");
    } else {
        out.push_str(&value(&text, element));
    }
    Some(())
}

/// The text up to the closing quote. A backslash escapes the character after it.
fn quoted(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\\' => text.push(rest.next()?),
            other => text.push(other),
        }
    }
}

fn bare(rest: &mut Peekable<Chars<'_>>) -> String {
    std::iter::from_fn(|| rest.next_if(|one| !matches!(one, ',' | '}'))).collect()
}

/// A value as JSON: numbers digit for digit, and what JSON does not have as a text.
fn value(text: &str, element: &Reading) -> String {
    let is_finite = || text.ends_with(|last: char| last.is_ascii_digit());
    match element {
        Reading::Bool => (text == "t").to_string(),
        Reading::Json => text.to_owned(),
        Reading::Int | Reading::Numeric | Reading::Real if is_finite() => text.to_owned(),
        Reading::Padded => Value::from(text.trim_end_matches(' ')).to_string(),
        _ => Value::from(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_list_is_read() {
        for (element, text, expected) in [
            (Reading::Text, "{}", "[]"),
            (Reading::Text, "{a,\"b c\",\"d\\\"e\\\\\",\"\"}", r#"["a","b c","d\"e\\",""]"#),
            (Reading::Text, "{NULL,\"NULL\",null}", r#"[null,"NULL",null]"#),
            (Reading::Text, "{\"a,b\",\"{c}\"}", r#"["a,b","{c}"]"#),
            (Reading::Int, "[0:1]={1,-2}", "[1,-2]"),
            (Reading::Numeric, "{12345678901234567890.10}", "[12345678901234567890.10]"),
            (Reading::Real, "{1e+20,NaN,-Infinity}", r#"[1e+20,"NaN","-Infinity"]"#),
            (Reading::Bool, "{{t,f},{NULL,t}}", "[[true,false],[null,true]]"),
            (Reading::Json, "{\"{\\\"a\\\":1}\"}", r#"[{"a":1}]"#),
        ] {
            assert_eq!(json(text, &element).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_is_none() {
        for text in ["", "a", "{", "{a", "{a}b", "{\"a}", "{a,}x", "{{a}"] {
            assert_eq!(json(text, &Reading::Text), None, "{text}");
        }
    }
}
