//! Why a body is not what was expected.

use serde::de::{DeserializeOwned, IgnoredAny};

/// Why a body is not a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The JSON path, such as `items[3].creationDate`.
    pub path: String,
    /// What is wrong there, without any value from the body: it might be a secret.
    pub reason: String,
    /// Whether the body is cut short or no JSON at all, so that asking again may help.
    pub garbled: bool,
}

impl Defect {
    pub(super) fn new(path: String, error: &serde_json::Error) -> Self {
        Defect { path, reason: without_values(&error.to_string()), garbled: !error.is_data() }
    }
}

/// Cuts quoted values out of a message of serde's, keeping names in backticks.
pub(super) fn without_values(message: &str) -> String {
    match (message.find('"'), message.rfind('"')) {
        (Some(start), Some(end)) if start < end => {
            format!("{}…{}", &message[..=start], &message[end..])
        }
        _ => message.to_owned(),
    }
}

/// Decodes a whole body that is one object.
///
/// # Errors
/// When the body is cut short, no JSON, or not what `T` expects; with the JSON path.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Defect> {
    serde_json::from_slice(body).map_err(|error| {
        let mut decoder = serde_json::Deserializer::from_slice(body);
        let path = serde_path_to_error::deserialize::<_, T>(&mut decoder)
            .err()
            .map(|error| error.path().to_string())
            .filter(|path| path != ".");
        // A body that is JSON of another shape is wrong for good; anything else may be a cut.
        let defect = Defect::new(path.unwrap_or_default(), &error);
        Defect { garbled: !is_json(body), ..defect }
    })
}

/// Whether `body` is JSON, whatever it holds.
pub(super) fn is_json(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok() && serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// The defect of a body that is not.
pub(super) fn garbled(body: &[u8]) -> Defect {
    let error = serde_json::from_slice::<IgnoredAny>(body).err();
    let reason = error.map_or("it is no text in UTF-8".to_owned(), |error| error.to_string());
    Defect { path: String::new(), reason: without_values(&reason), garbled: true }
}
