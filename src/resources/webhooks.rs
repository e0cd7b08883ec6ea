//! Webhooks: `GET /api/v2/webhooks`,
//! <https://launchdarkly.com/docs/api/webhooks/get-all-webhooks>.
//!
//! The item type has no field for the secret. A URL is stored without its credentials.

use url::Url;

use crate::launchdarkly::lenient::Shape;
use crate::launchdarkly::lenient::without_credentials;
use crate::resources::prelude::*;

/// The URLs that LaunchDarkly notifies of changes.
pub struct Webhooks;

impl Resource for Webhooks {
    type Item = Webhook;
    const NAME: &'static str = "webhooks";
    const PATH: &'static str = "/api/v2/webhooks";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "";
    const SPECIFIER: &'static str = "webhook/*";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Whole;
    const REQUESTS: &'static str = "1";
    const TABLES: &'static [fn() -> TableInfo] = &[WebhookTable::info, TagTable::info];
    const DROPPED: &'static [Dropped] = &[
        dropped("Webhook._links", "link"),
        dropped("Webhook._access", "access detail"),
        dropped("Webhook.secret", "secret: signs the messages"),
    ];

    fn write(_: &Scope, webhook: &Webhook, sink: &mut dyn Sink) -> Result<()> {
        write_with_parts::<WebhookTable, TagTable>(sink, &webhook, parts(webhook, &webhook.tags))
    }
}

impl ListResource for Webhooks {
    fn key(webhook: &Webhook) -> &str {
        &webhook.id
    }
}

/// A webhook without its secret.
#[derive(Debug, Deserialize)]
pub struct Webhook {
    #[serde(rename = "_id", deserialize_with = "required_identifier")]
    id: String,
    name: Option<Lenient<String>>,
    url: Option<Lenient<ReducedUrl>>,
    on: bool,
    statements: Option<Lenient<JsonList>>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
}

/// A URL's scheme, host and path.
#[derive(Debug)]
struct ReducedUrl(String);

impl Shape for ReducedUrl {
    fn text(text: String) -> Lenient<Self> {
        reduced(&text).map_or(Lenient::Unset, |url| Lenient::Value(ReducedUrl(url)))
    }
}

impl AsRef<str> for ReducedUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Removes credentials. A text that is not a URL may hold a credential anywhere, so it is dropped.
fn reduced(url: &str) -> Option<String> {
    let mut url = Url::parse(&without_credentials(url)?).ok().filter(Url::has_host)?;
    if url.host_str().is_some_and(has_secret_path) {
        url.set_path("");
    }
    Some(url.into())
}

/// Services whose addresses for incoming messages hold a credential in the path.
const SECRET_PATHS: [&str; 11] = [
    "hooks.slack.com",
    "hooks.slack-gov.com",
    "events.pagerduty.com",
    "webhook.office.com",
    "outlook.office.com",
    "logic.azure.com",
    "discord.com",
    "discordapp.com",
    "chat.googleapis.com",
    "hooks.zapier.com",
    "api.telegram.org",
];

fn has_secret_path(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let within = |service: &&str| host == *service || host.ends_with(&format!(".{service}"));
    SECRET_PATHS.iter().any(within)
}

struct WebhookTable;
type C = Column<WebhookTable>;

impl Table for WebhookTable {
    type Row<'a> = &'a Webhook;
    const NAME: &'static str = "webhooks";
    const DOC: &'static str = "One row per webhook.";
    const KEY: &'static [&'static str] = &["webhook_id"];
    const COLUMNS: &'static [Column<Self>] = &[
        keys::webhook(|row| &row.id),
        common::name("Webhook.name", |row| row.name.text()),
        C::lenient_text(
            "url",
            "Webhook.url",
            "Target URL: scheme, host, and path unless that is a secret; NULL if not a URL.",
            |row| row.url.text(),
        )
        .mentions_people(),
        C::bool("is_on", "Webhook.on", "Whether the webhook is on.", |row| row.on),
        C::lenient_json(
            "statements",
            "Webhook.statements",
            "Policy statements that select the changes it is notified of; NULL for all changes.",
            |row| row.statements.json(),
        )
        .mentions_people(),
    ];
}

tag_table! {
    TagTable: "webhook_tags", part of "webhooks", "One row per tag on each webhook.",
    of: &'a Webhook,
    key: ["webhook_id"],
    columns: [
        keys::webhook(|row| &row.of.id),
    ],
    tags: "Webhook.tags",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_scheme_host_and_path_of_a_url_is_kept() {
        let kept = [
            ("https://u:p@hooks.example:8443/a/b?c=d#e", "https://hooks.example:8443/a/b"),
            ("https:u:p@hooks.example", "https://hooks.example/"),
            ("http://token@127.0.0.1/?x", "http://127.0.0.1/"),
            ("\thttps://u%40:p%3A@hooks.example\\a?b ", "https://hooks.example/a"),
            ("sqs://key:secret@queue/name?region=eu", "sqs://queue/name"),
            ("https://hooks.slack.com/services/T0/B0/secret", "https://hooks.slack.com/"),
            ("https://hooks.slack.com./services/T0/B0/secret", "https://hooks.slack.com./"),
            ("https://x.webhook.office.com/webhookb2/secret", "https://x.webhook.office.com/"),
        ];
        for (url, expected) in kept {
            assert_eq!(reduced(url).as_deref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn nothing_of_a_url_without_a_host_is_kept() {
        for url in
            ["", "secret", "//u:p@h/", "https://", "https://u:p/w@[h", "mailto:u@h", "data:,s"]
        {
            assert_eq!(reduced(url), None, "{url}");
        }
    }
}
