//! JSON text from parts that are JSON text already, so that numbers keep every digit.

use std::fmt::Write;

/// A JSON object under construction.
pub(super) struct Object {
    text: String,
}

impl Object {
    /// An empty object.
    pub fn new() -> Self {
        // Large enough for most objects: growing the buffer would cost more than the rest of
        // rendering.
        let mut text = String::with_capacity(256);
        text.push('{');
        Object { text }
    }

    /// A member whose value is JSON text.
    pub fn raw(mut self, name: &str, json: &str) -> Self {
        self.name(name);
        self.text.push_str(json);
        self
    }

    /// A string member.
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        push_string(&mut self.text, value);
        self
    }

    /// An integer member.
    pub fn integer(mut self, name: &str, value: i64) -> Self {
        self.name(name);
        let _ = write!(self.text, "{value}");
        self
    }

    /// A boolean member.
    pub fn boolean(self, name: &str, value: bool) -> Self {
        self.raw(name, if value { "true" } else { "false" })
    }

    /// A member that is an array of strings.
    pub fn texts(mut self, name: &str, values: &[String]) -> Self {
        self.name(name);
        self.text.push('[');
        for (position, value) in values.iter().enumerate() {
            self.text.push_str(if position > 0 { "," } else { "" });
            push_string(&mut self.text, value);
        }
        self.text.push(']');
        self
    }

    /// A string member, if there is one.
    pub fn text_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// An integer member, if there is one.
    pub fn integer_if(self, name: &str, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.integer(name, value),
            None => self,
        }
    }

    /// A boolean member, if there is one.
    pub fn boolean_if(self, name: &str, value: Option<bool>) -> Self {
        match value {
            Some(value) => self.boolean(name, value),
            None => self,
        }
    }

    /// A member whose value is JSON text, if there is one.
    pub fn raw_if(self, name: &str, json: Option<&str>) -> Self {
        match json {
            Some(json) => self.raw(name, json),
            None => self,
        }
    }

    /// Members whose values are JSON text.
    pub fn extra(self, members: &[(String, String)]) -> Self {
        members.iter().fold(self, |object, (name, json)| object.raw(name, json))
    }

    /// The object's text without its closing brace.
    pub fn open(self) -> String {
        self.text
    }

    /// The object's text.
    pub fn close(mut self) -> String {
        self.text.push('}');
        self.text
    }

    /// Only an object without members ends in an opening brace, as every value ends in something
    /// else.
    fn name(&mut self, name: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        push_string(&mut self.text, name);
        self.text.push(':');
    }
}

/// A `_links` object of hrefs to JSON.
pub(super) fn links<'a>(hrefs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut object = Object::new();
    for (name, href) in hrefs {
        object.name(name);
        object.text.push_str("{\"href\":");
        push_string(&mut object.text, &href);
        object.text.push_str(",\"type\":\"application/json\"}");
    }
    object.close()
}

/// An array of values that are JSON text.
pub(super) fn array(values: impl IntoIterator<Item = String>) -> String {
    let mut text = "[".to_owned();
    for value in values {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&value);
    }
    text.push(']');
    text
}

/// A string.
pub(super) fn string(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    push_string(&mut text, value);
    text
}

fn push_string(text: &mut String, value: &str) {
    text.push('"');
    let mut rest = value;
    while let Some(position) = rest.bytes().position(needs_escape) {
        // Only ASCII characters need an escape, so both indexes are character boundaries.
        let (plain, special) = rest.split_at(position);
        let (special, after) = special.split_at(1);
        text.push_str(plain);
        push_escape(text, special);
        rest = after;
    }
    text.push_str(rest);
    text.push('"');
}

fn needs_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

fn push_escape(text: &mut String, special: &str) {
    match special {
        "\"" | "\\" => {
            text.push('\\');
            text.push_str(special);
        }
        control => control.bytes().for_each(|byte| {
            let _ = write!(text, "\\u{byte:04x}");
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_string_survives() {
        let hostile = "a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}\u{2028}\u{202e}🚩é";
        assert_eq!(serde_json::from_str::<String>(&string(hostile)).unwrap(), hostile);
    }

    #[test]
    fn members_are_separated_by_commas() {
        let inner = Object::new().close();
        let object = Object::new().raw("a", &inner).text("{", "{").boolean("c", true).close();
        assert_eq!(object, r#"{"a":{},"{":"{","c":true}"#);
    }
}
