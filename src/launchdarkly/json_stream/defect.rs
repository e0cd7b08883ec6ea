//! Why a body could not be decoded.

use serde::de::{DeserializeOwned, IgnoredAny};

/// Why a body could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The JSON path, such as `items[3].creationDate`.
    pub path: String,
    /// The reason, without any value from the body: it might be a secret.
    pub reason: String,
    /// Whether the body is incomplete or not JSON, so that another attempt may succeed.
    pub garbled: bool,
}

impl Defect {
    pub(super) fn new(path: String, error: &serde_json::Error) -> Self {
        Defect { path, reason: without_values(&error.to_string()), garbled: !error.is_data() }
    }
}

/// Removes quoted values from a message of serde. Names in backticks stay.
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
/// A defect with the JSON path if the body is incomplete, not JSON, or not what `T` expects.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Defect> {
    serde_json::from_slice(body).map_err(|error| {
        let mut decoder = serde_json::Deserializer::from_slice(body);
        let path = serde_path_to_error::deserialize::<_, T>(&mut decoder)
            .err()
            .map(|error| error.path().to_string())
            .filter(|path| path != ".");
        // JSON of another shape would be the same next time; any other body may be incomplete.
        let defect = Defect::new(path.unwrap_or_default(), &error);
        Defect { garbled: !is_json(body), ..defect }
    })
}

/// Whether `body` is any JSON.
pub(super) fn is_json(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok() && serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// The defect of a body that is not JSON.
pub(super) fn garbled(body: &[u8]) -> Defect {
    let error = serde_json::from_slice::<IgnoredAny>(body).err();
    let reason = error.map_or("it is not UTF-8".to_owned(), |error| error.to_string());
    Defect { path: String::new(), reason: without_values(&reason), garbled: true }
}
