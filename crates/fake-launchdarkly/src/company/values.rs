//! The sets of values that flags choose from: name of the trait, then value and name of each
//! variation.

use crate::account::Variation;

type Values = &'static [(&'static str, &'static str)];

const SETS: [(&str, Values); 13] = [
    ("boolean", &[("true", ""), ("false", "")]),
    ("theme", &[("\"dark\"", "Dark"), ("\"contrast\"", "High contrast"), ("\"light\"", "Light")]),
    ("layout", &[("\"grid\"", "Grid"), ("\"carousel\"", "Carousel"), ("\"none\"", "Nothing")]),
    (
        "hero",
        &[
            (r#"{"image":"harbour.jpg","title":"Set sail 🚢","columns":2}"#, "Harbour"),
            (r#"{"image":"market.jpg","title":"Market day","columns":3}"#, "Market"),
            (r#"{"image":null,"title":"Harbour Lane","columns":1}"#, "Plain"),
        ],
    ),
    (
        "slots",
        &[
            (r#"["morning","afternoon","evening"]"#, "Three"),
            (r#"["day"]"#, "One"),
            ("[]", "No choice"),
        ],
    ),
    ("sizes", &[("48", "Large"), ("24", "Medium"), ("12", "Small")]),
    ("quality", &[("0.85", "High"), ("0.6", "Medium"), ("0.35", "Low")]),
    // One more than the largest integer that a 64-bit float can hold: read as a float, it changes.
    ("limits", &[("50000", "Usual"), ("250000", "Raised"), ("9007199254740993", "None")]),
    ("versions", &[("\"7.4.0\"", ""), ("\"7.0.0\"", ""), ("\"6.12.1\"", "")]),
    ("models", &[("\"kestrel-3\"", "Challenger"), ("\"kestrel-2\"", "Champion"), ("null", "Off")]),
    (
        "retries",
        &[
            (r#"{"attempts":3,"seconds":[5,30,300]}"#, "Patient"),
            (r#"{"attempts":1,"seconds":[2]}"#, "Once"),
        ],
    ),
    ("window", &[(r#"{"from":1,"to":4.5}"#, "Night"), (r#"{"from":22,"to":6}"#, "Long night")]),
    (
        "migration",
        &[
            ("\"live\"", "Live"),
            ("\"shadow\"", "Shadow"),
            ("\"dualwrite\"", "Dual write"),
            ("\"rampdown\"", "Ramp down"),
            ("\"complete\"", "Complete"),
            ("\"off\"", "Off"),
        ],
    ),
];

/// The values of a set, none for a set that does not exist.
pub(super) fn values(set: &str) -> impl Iterator<Item = &'static str> {
    variations(set).map(|(value, _)| value)
}

/// Gives variations the names that they have in a set.
pub(super) fn name(set: &str, named: &mut [Variation]) {
    for (variation, (_, name)) in named.iter_mut().zip(variations(set)) {
        variation.name = (!name.is_empty()).then(|| name.to_owned());
    }
}

fn variations(set: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let found = SETS.iter().find(|(name, _)| *name == set);
    found.into_iter().flat_map(|(_, values)| values.iter().copied())
}
