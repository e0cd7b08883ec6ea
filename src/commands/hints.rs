//! The hints of commands that read an account: the advice for a failure of the client, in terms of
//! the commands' options.

use crate::launchdarkly::Trouble;
use crate::launchdarkly::token::VARIABLES;
use crate::resources;

/// The advice of `extract` and `check`.
pub(super) fn of_reading(trouble: Trouble<'_>) -> String {
    match trouble {
        Trouble::NoToken => format!(
            "set `{}`, or pass `--access-token-file PATH`; a token with the Reader role suffices \
             (`flaglake extract --demo` needs none)",
            VARIABLES[0]
        ),
        Trouble::NotPermitted { resource, permission } => not_permitted(resource, permission),
        other => of_connection(other).to_owned(),
    }
}

/// The advice of `sync`, and of the commands that look at something or change it on demand.
pub(super) fn of_writing(trouble: Trouble<'_>) -> String {
    match trouble {
        Trouble::NoToken => format!(
            "set `{}`, or pass `--access-token-file PATH` (`--demo` needs none); \
             `flaglake check --print-policy --writes` prints the policy that a token needs",
            VARIABLES[0]
        ),
        Trouble::NotPermitted { permission: "", .. } => {
            "use a token with the Reader role or more".to_owned()
        }
        Trouble::NotPermitted { permission, .. } => {
            format!("give the token's role the action `{permission}`")
        }
        other => of_connection(other).to_owned(),
    }
}

/// The advice that depends on the options for the connection only.
const fn of_connection(trouble: Trouble<'_>) -> &'static str {
    match trouble {
        Trouble::TokenFile => {
            "`--access-token-file` names a file that holds the token and nothing else"
        }
        Trouble::TokenRefused => {
            "it may be mistyped, expired or deleted, or belong to another instance: \
             `--instance commercial|eu|federal`"
        }
        Trouble::RateLimited => {
            "the limits are shared by the whole account: try again at a quieter time, with a \
             lower `--concurrency` or a longer `--max-wait`"
        }
        Trouble::Unreachable => {
            "check the network, the proxy settings and `--instance` or `--base-uri`"
        }
        Trouble::NetworkTimeout => {
            "check the network, or allow more time with `--connect-timeout` or `--read-timeout`"
        }
        Trouble::AttemptTimeout => {
            "`--request-timeout` limits one attempt, `--max-wait` a request with its retries"
        }
        Trouble::TooLarge => {
            "`--max-response-mb` allows larger answers, if the account holds that much"
        }
        Trouble::AnotherAnswers => {
            "does a proxy, a firewall or a login page answer in place of LaunchDarkly? Check the \
             proxy settings (`HTTPS_PROXY`, `NO_PROXY`) and `--base-uri`"
        }
        Trouble::ProxyPassword => {
            "give the user name and the password in `HTTPS_PROXY`, before the proxy's host, or let \
             `NO_PROXY` name the host of LaunchDarkly or of `--base-uri`"
        }
        Trouble::WrongLink => {
            "is there a proxy that changes answers? `--base-uri` must be the address of the API"
        }
        Trouble::NoToken | Trouble::NotPermitted { .. } => "",
    }
}

fn not_permitted(resource: &str, permission: &str) -> String {
    let give = if permission.is_empty() {
        "use a token with the Reader role or more".to_owned()
    } else {
        format!("give the token's role the action `{permission}` (the Reader role has it)")
    };
    if resources::is_optional(resource) {
        format!("{give}, or leave it out with `flaglake extract --skip {resource}`")
    } else {
        give
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    const ALL: [Trouble<'_>; 12] = [
        Trouble::NoToken,
        Trouble::TokenFile,
        Trouble::TokenRefused,
        Trouble::NotPermitted { resource: "flags", permission: "viewProject" },
        Trouble::RateLimited,
        Trouble::Unreachable,
        Trouble::NetworkTimeout,
        Trouble::AttemptTimeout,
        Trouble::TooLarge,
        Trouble::AnotherAnswers,
        Trouble::ProxyPassword,
        Trouble::WrongLink,
    ];

    /// The options of a command, which `path` names.
    fn options(path: &[&str]) -> Vec<String> {
        let cli = Cli::command();
        let command = path.iter().fold(&cli, |one, name| one.find_subcommand(name).unwrap());
        command.get_arguments().filter_map(|one| one.get_long().map(str::to_owned)).collect()
    }

    fn check_options(advice: fn(Trouble<'_>) -> String, known: &[String]) {
        for trouble in ALL {
            let hint = advice(trouble);
            assert!(!hint.is_empty(), "{trouble:?}");
            for rest in hint.split("--").skip(1) {
                let end = rest.find(|one: char| !one.is_ascii_lowercase() && one != '-');
                let name = rest[..end.unwrap_or(rest.len())].to_owned();
                assert!(known.contains(&name), "{trouble:?}: --{name}");
            }
        }
    }

    #[test]
    fn every_option_that_a_hint_names_exists() {
        check_options(of_reading, &options(&["extract"]));
        // The policy is printed by another command, which the hint names.
        let policy = ["print-policy", "writes"].map(str::to_owned);
        assert!(policy.iter().all(|name| options(&["check"]).contains(name)));
        for object in ["metrics", "events", "segment", "run"] {
            check_options(of_writing, &[&options(&["sync", object])[..], &policy].concat());
        }
    }

    #[test]
    fn only_an_optional_resource_may_be_left_out() {
        for (resource, permission, hint) in [
            ("projects", "viewProject", "give the token's role the action `viewProject`"),
            ("tags", "", "use a token with the Reader role or more, or leave it out"),
        ] {
            let found = of_reading(Trouble::NotPermitted { resource, permission });
            assert!(found.starts_with(hint), "{found}");
            assert_eq!(found.contains("--skip"), resource != "projects", "{found}");
        }
    }
}
