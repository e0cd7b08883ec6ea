//! "Did you mean …?"

/// The name that is most like `text`, if one is.
pub fn closest<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let scored =
        names.into_iter().map(|name| (strsim::normalized_damerau_levenshtein(text, name), name));
    let best = scored.filter(|(score, _)| *score >= 0.5);
    best.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, name)| name)
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
