//! The lists about access.

use super::*;

#[test]
fn teams_have_role_attributes_and_roles_where_asked_for() {
    let server = serve_company();
    let team = |query: &str| {
        let teams = json(&server, &format!("/api/v2/teams{query}"));
        items(&teams).iter().find(|team| team["key"] == "payments").cloned().unwrap()
    };
    assert_eq!(team("")["roleAttributes"], Value::Null);
    let project = &team("?expand=members,roleAttributes")["roleAttributes"]["project"];
    assert_eq!(project.to_string(), r#"["payments","internal-tools"]"#);
    let roles = json(&server, "/api/v2/teams/payments/roles");
    assert_eq!(roles["totalCount"], items(&roles).len());
    assert_eq!(items(&roles)[1]["projects"]["totalCount"], 2);
    let one = json(&server, "/api/v2/teams/payments?expand=roles");
    assert_eq!(one["roles"]["items"], roles["items"]);
}
