//! Resource specifiers: `proj/web:env/production:flag/new-checkout;tag1,tag2`,
//! <https://launchdarkly.com/docs/home/account/roles/role-resources>.

use std::iter;

/// The parts of a resource specifier. A part that is missing, empty or a pattern (`proj/*`) is
/// `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Specifier<'a> {
    /// Key of the project.
    pub project_key: Option<&'a str>,
    /// Key of the environment.
    pub environment_key: Option<&'a str>,
    /// Kind of the innermost resource, in the specifier's words: `flag`, `env`, `member`.
    pub resource_kind: Option<&'a str>,
    /// Its key, or the ID where resources of this kind have no key.
    pub resource_key: Option<&'a str>,
}

impl<'a> Specifier<'a> {
    /// Reads a specifier. Parts that do not have the form of a specifier are `None`.
    pub fn parse(text: &'a str) -> Self {
        let mut found = Specifier::default();
        for (kind, key) in segments(text).filter_map(parts) {
            match kind {
                "proj" => found.project_key = key,
                "env" => found.environment_key = key,
                _ => {}
            }
            (found.resource_kind, found.resource_key) = (Some(kind), key);
        }
        found
    }
}

/// The parts that colons separate: `proj/web`, `env/production`, `flag/new-checkout;tag1,tag2`.
fn segments(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text.trim());
    iter::from_fn(move || {
        let text = rest?;
        let end = text.char_indices().scan(Nesting::default(), |nesting, (position, character)| {
            Some((position, nesting.is_outside(character) && character == ':'))
        });
        let after = |position: usize| text.get(position + 1..).unwrap_or_default();
        let mut ends = end.filter(|(position, colon)| *colon && starts_segment(after(*position)));
        let (segment, following) = match ends.next() {
            Some((position, _)) => (&text[..position], Some(after(position))),
            None => (text, None),
        };
        rest = following;
        Some(segment)
    })
}

/// Whether `text` begins a segment. Model names contain colons too, so only `kind/…` counts.
fn starts_segment(text: &str) -> bool {
    let end = text.bytes().position(|byte| !is_letter(byte));
    end.is_some_and(|end| end > 0 && text[end..].starts_with('/'))
}

fn is_kind(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_letter)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// Kind and key of a segment, without tags. A kind without a key stands alone: `acct`.
fn parts(segment: &str) -> Option<(&str, Option<&str>)> {
    match segment.split_once('/') {
        Some((kind, name)) => is_kind(kind).then(|| (kind, key(name))),
        None => {
            let kind = segment.split(';').next().unwrap_or_default();
            is_kind(kind).then_some((kind, None))
        }
    }
}

/// The key in `key;tag1,tag2`, without the quotes that may be around it.
fn key(name: &str) -> Option<&str> {
    let quoted = name.strip_prefix('"').and_then(|name| name.split_once('"'));
    let key = match quoted {
        Some((key, _)) => key,
        None => name.split(';').next().unwrap_or_default().trim(),
    };
    let is_pattern = key.contains('*') || key.contains("${");
    (!key.is_empty() && !is_pattern).then_some(key)
}

/// Selectors have colons too: `env/*;{critical:true}`.
#[derive(Default)]
struct Nesting {
    braces: usize,
    quoted: bool,
}

impl Nesting {
    fn is_outside(&mut self, character: char) -> bool {
        match character {
            '"' => self.quoted = !self.quoted,
            '{' if !self.quoted => self.braces += 1,
            '}' if !self.quoted => self.braces = self.braces.saturating_sub(1),
            _ => {}
        }
        self.braces == 0 && !self.quoted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    /// Project, environment, kind and key; `-` for nothing.
    fn parsed(text: &str) -> [&str; 4] {
        let found = Specifier::parse(text);
        let parts =
            [found.project_key, found.environment_key, found.resource_kind, found.resource_key];
        parts.map(|part| part.unwrap_or("-"))
    }

    #[test]
    fn specifiers_name_a_resource_and_what_it_is_in() {
        assert_eq!(parsed("proj/a:env/b:flag/c"), ["a", "b", "flag", "c"]);
        assert_eq!(parsed("proj/a;t,u:env/b;v:segment/c;w,x"), ["a", "b", "segment", "c"]);
        assert_eq!(parsed("proj/a:env/b"), ["a", "b", "env", "b"]);
        assert_eq!(parsed("proj/a"), ["a", "-", "proj", "a"]);
        assert_eq!(parsed("proj/a:metric/m"), ["a", "-", "metric", "m"]);
        assert_eq!(parsed("member/507f:token/98ab"), ["-", "-", "token", "98ab"]);
        assert_eq!(parsed("acct"), ["-", "-", "acct", "-"]);
        assert_eq!(
            parsed("code-reference-repository/web/shop"),
            ["-", "-", "code-reference-repository", "web/shop"]
        );
    }

    #[test]
    fn patterns_name_no_resource() {
        assert_eq!(parsed("proj/*"), ["-", "-", "proj", "-"]);
        assert_eq!(parsed("proj/a:env/*;{critical:true}:flag/ops_*"), ["a", "-", "flag", "-"]);
        assert_eq!(parsed("proj/${roleAttribute/p}:env/b"), ["-", "b", "env", "b"]);
    }

    #[test]
    fn odd_input_yields_what_it_has() {
        assert_eq!(parsed(r#"proj/"a:b;c":env/"d""#), ["a:b;c", "d", "env", "d"]);
        assert_eq!(
            parsed("proj/a:ai-model-config/m-v1:0"),
            ["a", "-", "ai-model-config", "m-v1:0"]
        );
        assert_eq!(parsed("proj/:env/b:flag/;t"), ["-", "b", "flag", "-"]);
        for nothing in ["", " ", ":", "/", ";", "://", "/a", "a b/c", "\"", "{"] {
            assert_eq!(parsed(nothing), ["-"; 4], "{nothing:?}");
        }
    }

    /// What keys of projects, environments and flags may be made of.
    const KEY: &str = "[a-zA-Z0-9][a-zA-Z0-9._-]{0,30}";
    const TAGS: &str = "(;[a-z0-9._-]{1,9}(,[a-z0-9._-]{1,9}){0,3})?";

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 512,
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_key_comes_back(
            project in KEY, environment in KEY, kind in "[a-zA-Z][a-zA-Z-]{0,20}", key in KEY,
            tags in [TAGS, TAGS, TAGS],
        ) {
            prop_assume!(kind != "proj" && kind != "env");
            let [first, second, third] = &tags;
            let full = format!("proj/{project}{first}:env/{environment}{second}:{kind}/{key}{third}");
            prop_assert_eq!(parsed(&full), [&*project, &*environment, &*kind, &*key]);
            let inner = format!("proj/{project}{first}:{kind}/{key}{third}");
            prop_assert_eq!(parsed(&inner), [&*project, "-", &*kind, &*key]);
            let alone = format!("{kind}/{key}{third}");
            prop_assert_eq!(parsed(&alone), ["-", "-", &*kind, &*key]);
        }

        #[test]
        fn nothing_is_never_an_empty_key(
            text in prop_oneof![any::<String>(), r#"((proj|env|flag)?[/:;*{}", a]){0,12}"#],
        ) {
            let found = Specifier::parse(&text);
            let parts = [
                found.project_key,
                found.environment_key,
                found.resource_kind,
                found.resource_key,
            ];
            prop_assert!(!parts.contains(&Some("")), "{:?}", found);
        }
    }
}
