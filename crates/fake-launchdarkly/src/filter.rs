//! The `filter` parameter: `field:value,field:value`, where a value may be JSON with commas of its
//! own.

use serde::Deserialize;

use super::call::{Call, Refusal};

/// The fields of one `filter`, in order.
pub(super) struct Filter(Vec<(String, String)>);

#[derive(Deserialize)]
struct Before {
    before: i64,
}

impl Filter {
    /// Reads the request's filter; an empty one where there is none, or where the server ignores
    /// it.
    pub fn parse(call: &Call) -> Result<Self, Refusal> {
        let text =
            if call.behaviour.ignore_filter { "" } else { call.query.get("filter").unwrap_or("") };
        split(text).into_iter().map(field).collect::<Result<_, _>>().map(Filter)
    }

    /// Refuses fields that the route does not have.
    pub fn only(self, known: &[&str]) -> Result<Self, Refusal> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Refusal::invalid(format!("unknown filter field {name}"))),
            None => Ok(self),
        }
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The moment in `creationDate:{"before":…}`.
    pub fn created_before(&self) -> Result<Option<i64>, Refusal> {
        let parse = |json: &str| {
            serde_json::from_str(json)
                .map(|Before { before }| before)
                .map_err(|_| Refusal::invalid("creationDate must be {\"before\": milliseconds}"))
        };
        self.get("creationDate").map(parse).transpose()
    }

    /// Whether `tags` has all the tags asked for, joined by `+`.
    pub fn has_tags(&self, tags: &[String]) -> bool {
        let asked = self.get("tags").into_iter().flat_map(|asked| asked.split('+'));
        asked.into_iter().all(|asked| tags.iter().any(|tag| tag == asked))
    }

    /// Whether one of `texts` contains the words asked for, in any case.
    pub fn has_words(&self, texts: &[&str]) -> bool {
        let Some(words) = self.get("query").map(str::to_lowercase) else { return true };
        texts.iter().any(|text| text.to_lowercase().contains(&words))
    }

    /// Whether `value` is one of those asked for under `name`, joined by `|`.
    pub fn has_one(&self, name: &str, value: &str) -> bool {
        self.get(name).is_none_or(|asked| asked.split('|').any(|one| one == value))
    }
}

fn field(text: &str) -> Result<(String, String), Refusal> {
    match text.split_once(':') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => Err(Refusal::invalid(format!("filter field {text} has no value"))),
    }
}

/// The parts between commas that are not inside braces or brackets.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let outside = |character: char| {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    };
    text.split(outside).filter(|part| !part.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_braces_do_not_separate() {
        let text = r#"creationDate:{"before":1,"after":0},state:live,query:a b"#;
        let parts = split(text);
        assert_eq!(parts, [r#"creationDate:{"before":1,"after":0}"#, "state:live", "query:a b"]);
    }
}
