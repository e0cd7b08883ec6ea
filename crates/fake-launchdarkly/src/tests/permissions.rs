//! Permissions of tokens.

use super::*;
use crate::Family;
use crate::account::{READER_TOKEN, Token};

fn code(got: &Got) -> (u16, String) {
    (got.status, got.json()["code"].as_str().unwrap_or("").to_owned())
}

#[test]
fn only_the_bare_token_is_let_in() {
    let server = serve_company();
    let path = "/api/v2/caller-identity";
    let bearer = format!("Bearer {DEMO_TOKEN}");
    for token in ["api-unknown", &bearer, ""] {
        let got = get_as(&server, path, token, "");
        assert_eq!(code(&got), (401, "unauthorized".to_owned()));
    }
    let identity = json(&server, path);
    assert_eq!(identity["tokenName"], "flaglake demo");
    assert_eq!(identity["serviceToken"], false);
    let members = walk(&server, "/api/v2/members");
    assert!(members.iter().any(|member| member["_id"] == identity["memberId"]));
}

#[test]
fn an_sdk_key_learns_who_it_is_and_nothing_else() {
    let server = serve_company();
    let path = "/api/v2/projects/storefront/environments/production";
    let environment = json(&server, path);
    let key = environment["apiKey"].as_str().unwrap();
    let identity = get_as(&server, "/api/v2/caller-identity", key, "").json();
    assert_eq!(identity["environmentId"], environment["_id"]);
    assert_eq!(get_as(&server, "/api/v2/projects", key, "").status, 401);
    let mobile = environment["mobileKey"].as_str().unwrap();
    assert_eq!(get_as(&server, "/api/v2/caller-identity", mobile, "").status, 401);
}

#[test]
fn environments_carry_their_secrets_in_clear() {
    let server = serve_company();
    for project in walk(&server, "/api/v2/projects?expand=environments") {
        for environment in items(&project["environments"]) {
            assert!(environment["apiKey"].as_str().unwrap().starts_with("sdk-fake"));
            assert!(environment["mobileKey"].as_str().unwrap().starts_with("mob-fake"));
            let cipher = environment["_pubnub"]["cipherKey"].as_str().unwrap();
            assert!(cipher.starts_with("fake-cipher-key-"));
        }
    }
}

#[test]
fn a_token_is_refused_what_its_profile_refuses() {
    let server = serve_company();
    let teams = get_as(&server, "/api/v2/teams", READER_TOKEN, "");
    assert_eq!(code(&teams), (403, "forbidden".to_owned()));
    assert_eq!(get_as(&server, "/api/v2/projects", READER_TOKEN, "").status, 200);
}

#[test]
fn hidden_projects_are_missing_from_lists_and_forbidden_by_key() {
    let server = serve_company();
    server.change(|account| {
        account.tokens.push(Token::new("narrow", "narrow").without_project("payments"));
    });
    let page = get_as(&server, "/api/v2/projects", "narrow", "").json();
    assert_eq!(keys(items(&page)), ["storefront", "mobile-app", "internal-tools"]);
    assert_eq!(page["totalCount"], 3);
    for path in ["/api/v2/projects/payments", "/api/v2/flags/payments"] {
        assert_eq!(get_as(&server, path, "narrow", "").status, 403);
    }
}

#[test]
fn families_can_answer_with_a_status_to_everybody() {
    let server = serve_company();
    for status in [403, 404, 405] {
        server.behave(|behaviour| behaviour.refused.insert(Family::Teams, status));
        assert_eq!(get(&server, "/api/v2/teams").status, status);
    }
    server.behave(|behaviour| behaviour.refused.insert(Family::FlagStatuses, 403));
    assert_eq!(get(&server, "/api/v2/flag-statuses/payments/test").status, 403);
    assert_eq!(get(&server, "/api/v2/flag-statuses/payments/test/pay-later").status, 200);
}

#[test]
fn what_does_not_exist_is_not_found() {
    let server = serve_company();
    for path in [
        "/api/v2/nothing",
        "/api/v2/projects/none",
        "/api/v2/projects/payments/environments/none",
        "/api/v2/flags/none",
        "/api/v2/flags/payments/none",
        "/api/v2/flag-statuses/payments/none",
        "/api/v2/teams/none",
    ] {
        assert_eq!(code(&get(&server, path)), (404, "not_found".to_owned()), "{path}");
    }
}
