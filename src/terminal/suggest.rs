//! "Did you mean …?"

/// Up to three names that are like `text`, the most similar first.
pub fn similar<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let scored = names.into_iter().map(|name| (likeness(text, name), name));
    let mut scored: Vec<_> = scored.filter(|(score, _)| *score > 0.6).collect();
    scored.sort_by(|(one, _), (next, _)| next.total_cmp(one));
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// The name that is most like `text`, if one is.
pub fn closest<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    similar(text, names).first().copied()
}

/// A hint: the name that may be meant, or else all names.
pub fn hint<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    match closest(text, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.is_empty() => "there is none".to_owned(),
        None => {
            let shown: Vec<_> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
            format!("there are: {}", shown.join(", "))
        }
    }
}

/// The similarity of two names, from 0 to 1: high for few edits, or if one contains the other.
fn likeness(text: &str, name: &str) -> f64 {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    // A letter or two are in many names.
    let is_telling = text.len().min(name.len()) > 2;
    let is_inside = is_telling && (name.contains(&text) || text.contains(&name));
    let edits = strsim::normalized_damerau_levenshtein(&text, &name);
    if is_inside { edits.max(0.7) } else { edits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_come_best_first() {
        let names = ["web", "mobile-app", "payments", "web-admin"];
        assert_eq!(similar("wbe", names), ["web"]);
        assert_eq!(similar("web-amdin", names), ["web-admin", "web"]);
        assert_eq!(similar("mobile", names), ["mobile-app"]);
        assert_eq!(similar("Payment", names), ["payments"]);
        assert!(similar("zzz", names).is_empty());
    }

    #[test]
    fn a_hint_names_one_or_all() {
        assert_eq!(hint("payment", ["web", "payments"]), "did you mean `payments`?");
        assert_eq!(hint("mobile", ["web", "b"]), "there are: `web`, `b`");
        assert_eq!(hint("web", []), "there is none");
    }
}
