//! Harbour Lane's members and teams.

use super::DAY_MS;
use crate::account::{Member, Team, object_id};
use crate::lists::roles::role_id;

/// Name, role, days since the invitation, days since the last visit.
const MEMBERS: [(&str, &str, i64, i64); 20] = [
    ("Noor Haddad", "owner", 1400, 0),
    ("Mila Okafor", "writer", 900, 2),
    ("Ines Moreau", "writer", 760, 1),
    ("Jonas Weber", "writer", 1210, 5),
    ("Lars Nygaard", "writer", 640, 0),
    ("Sofia Lindqvist", "writer", 820, 3),
    ("Dev Patel", "writer", 400, 0),
    ("Amara Diallo", "writer", 710, 1),
    ("Felix Brandt", "writer", 530, 44),
    ("Grace Mwangi", "admin", 1300, 0),
    ("Pablo Serrano", "admin", 1100, 6),
    ("Yuki Tanaka", "writer", 350, 0),
    ("Elif Kaya", "writer", 300, 12),
    ("Oisín Byrne", "writer", 280, 0),
    ("Hannah Vogel", "reader", 610, 95),
    ("Ravi Menon", "reader", 220, 31),
    ("Chloé Dubois", "writer", 180, 1),
    ("Marta Kowalska", "writer", 150, 0),
    ("Ben Adeyemi", "reader", 90, 4),
    ("Zoë de Wit", "reader", 9, 9),
];

/// Key, name, description, maintainers, other members.
type TeamLine = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static [&'static str],
    &'static [&'static str],
);

const TEAMS: [TeamLine; 6] = [
    (
        "storefront",
        "Storefront",
        Some("Catalogue, search and product pages."),
        &["Ines Moreau", "Lars Nygaard"],
        &["Yuki Tanaka", "Zoë de Wit"],
    ),
    ("checkout", "Checkout", Some("From basket to parcel."), &["Jonas Weber"], &["Elif Kaya"]),
    ("mobile", "Mobile", None, &["Sofia Lindqvist", "Dev Patel"], &["Marta Kowalska"]),
    (
        "payments",
        "Payments",
        Some("Money in, money out, and the ledger."),
        &["Amara Diallo", "Felix Brandt", "Grace Mwangi"],
        &["Oisín Byrne"],
    ),
    (
        "platform",
        "Platform",
        Some("APIs, login, delivery."),
        &["Grace Mwangi", "Pablo Serrano"],
        &[],
    ),
    ("growth", "Growth", Some("Experiments."), &["Mila Okafor"], &["Chloé Dubois", "Ben Adeyemi"]),
];

/// The members; the last one's invitation still waits.
pub(super) fn members(now_ms: i64) -> Vec<Member> {
    let member = |&(name, role, invited, seen): &(&str, &str, i64, i64)| {
        let mut member = Member::new(address(name), now_ms - invited * DAY_MS);
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        member.first_name = Some(first.to_owned());
        member.last_name = Some(last.to_owned());
        member.role = role.to_owned();
        member.last_seen_ms = if invited == seen { 0 } else { now_ms - seen * DAY_MS };
        member.pending_invite = invited == seen;
        member.verified = invited != seen;
        if role == "writer" && invited > 700 {
            member.custom_roles = vec![role_id("release-manager")];
        }
        member.mfa = if role == "reader" { "disabled" } else { "enabled" }.to_owned();
        member
    };
    MEMBERS.iter().map(member).collect()
}

/// The teams.
pub(super) fn teams(now_ms: i64) -> Vec<Team> {
    let team = |(number, line): (usize, &TeamLine)| {
        let (key, name, description, maintainers, others) = *line;
        let mut team = Team::new(key, now_ms - (900 - 60 * number as i64) * DAY_MS);
        team.name = Some(name.to_owned());
        team.description = description.map(str::to_owned);
        team.last_modified_ms = Some(now_ms - (20 + 7 * number as i64) * DAY_MS);
        team.version = Some(3 + number as i64);
        team.idp_synced = Some(number % 3 == 0);
        let team = maintainers.iter().fold(team, |team, name| team.with_maintainer(id(name)));
        let team = others.iter().fold(team, |team, name| team.with_member(id(name)));
        attributed(team)
    };
    TEAMS.iter().enumerate().map(team).collect()
}

/// The team with the projects that its roles are for.
fn attributed(team: Team) -> Team {
    let projects: &[&str] = match team.key.as_str() {
        "storefront" | "checkout" => &["storefront"],
        "mobile" => &["mobile-app"],
        "payments" => &["payments", "internal-tools"],
        _ => return team,
    };
    team.with_role_attribute("project", projects)
}

/// The identifier of the member who has or had this address at Harbour Lane.
pub(super) fn id_of(local_part: &str) -> String {
    object_id(&format!("{local_part}@harbourlane.example"))
}

fn id(name: &str) -> String {
    object_id(&address(name))
}

fn address(name: &str) -> String {
    let plain = name.chars().map(|character| match character {
        'í' => 'i',
        'é' | 'ë' => 'e',
        ' ' => '.',
        other => other.to_ascii_lowercase(),
    });
    format!("{}@harbourlane.example", plain.collect::<String>())
}
