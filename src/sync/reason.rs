//! Why a row did not reach LaunchDarkly.

use std::borrow::Cow;

/// The reason why a row did not reach LaunchDarkly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The row key is NULL.
    NullKey,
    /// The row key is an empty text.
    EmptyKey,
    /// Another row has the same key and other values.
    DuplicateKey,
    /// A value is of a type that its field does not take.
    BadType,
    /// A required field is NULL, empty, or has no column.
    MissingField(&'static str),
    /// A time cannot be read, or cannot be the time of an event.
    BadTimestamp,
    /// A value is not a finite number.
    BadNumber,
    /// A value is not the JSON that its field takes.
    BadJson,
    /// The segment excludes the key, so it cannot be a member.
    ExcludedInSegment,
    /// LaunchDarkly holds a metric of another kind, and kinds cannot change.
    KindChanged,
    /// A running experiment or guarded rollout uses the metric.
    InUse,
    /// LaunchDarkly has accepted an event with this ID and other content.
    ChangedAfterSent,
    /// The event was sent, and whether LaunchDarkly has it is not known.
    UnknownDelivery,
    /// LaunchDarkly refused many rows of the batch for one reason, so this one was not tried.
    NotTried,
    /// LaunchDarkly refused the row; its code.
    Refused(String),
}

impl Reason {
    /// All reasons. The field `F` stands for any; the code of a refusal is empty.
    pub const ALL: [Reason; 15] = [
        Reason::NullKey,
        Reason::EmptyKey,
        Reason::DuplicateKey,
        Reason::BadType,
        Reason::MissingField("F"),
        Reason::BadTimestamp,
        Reason::BadNumber,
        Reason::BadJson,
        Reason::ExcludedInSegment,
        Reason::KindChanged,
        Reason::InUse,
        Reason::ChangedAfterSent,
        Reason::UnknownDelivery,
        Reason::NotTried,
        Reason::Refused(String::new()),
    ];

    /// Its code, in `sync_rejected` and in files of rejected rows.
    pub fn code(&self) -> Cow<'static, str> {
        let code = match self {
            Reason::NullKey => "null_key",
            Reason::EmptyKey => "empty_key",
            Reason::DuplicateKey => "duplicate_key",
            Reason::BadType => "bad_type",
            Reason::MissingField(field) => return Cow::Owned(format!("missing_field:{field}")),
            Reason::BadTimestamp => "bad_timestamp",
            Reason::BadNumber => "bad_number",
            Reason::BadJson => "bad_json",
            Reason::ExcludedInSegment => "excluded_in_segment",
            Reason::KindChanged => "kind_changed",
            Reason::InUse => "in_use",
            Reason::ChangedAfterSent => "changed_after_sent",
            Reason::UnknownDelivery => "unknown_delivery",
            Reason::NotTried => "not_tried",
            Reason::Refused(code) => return Cow::Owned(format!("refused:{code}")),
        };
        Cow::Borrowed(code)
    }

    /// Whether the row failed before anything was sent. Otherwise LaunchDarkly decided.
    pub const fn is_invalid(&self) -> bool {
        !matches!(self, Reason::Refused(_) | Reason::NotTried | Reason::UnknownDelivery)
    }
}

/// A row that does not reach LaunchDarkly: the reason, and the same in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The reason.
    pub reason: Reason,
    /// The reason in words, without personal data.
    pub message: String,
}

impl Rejection {
    /// A rejection.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Rejection { reason, message: message.into() }
    }

    /// A required field without a value.
    pub fn missing(field: &'static str) -> Self {
        Rejection::new(Reason::MissingField(field), format!("`{field}` has no value"))
    }

    /// The rejection with the field that it is about.
    #[must_use]
    pub fn of(self, field: &str) -> Self {
        Rejection { message: format!("{field}: {}", self.message), ..self }
    }
}
