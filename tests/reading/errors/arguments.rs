//! Arguments, variables and files: how they are parsed, and which parts error messages quote.

use fake_launchdarkly::account::DEMO_TOKEN;

use crate::errors::{company, text};
use crate::support::{Ended, Run, ended};

/// The binary with one more variable.
fn with_variable(run: &Run, arguments: &[&str], variable: (&str, &str)) -> Ended {
    ended(run.command(arguments).env(variable.0, variable.1).output().unwrap())
}

#[test]
fn what_is_no_token_is_a_usage_error_and_nothing_is_sent() {
    for (token, wrong) in [
        ("api-12\n34", "newline"),
        ("Bearer api-1234", "Bearer"),
        ("sdk-12345678", "SDK key"),
        ("mob-12345678", "mobile key"),
    ] {
        let run = company();
        let output = run
            .command(&["extract", "--error-format", "json"])
            .env("LAUNCHDARKLY_ACCESS_TOKEN", token)
            .output();
        let ended = ended(output.unwrap());
        let error = ended.failed(2, "usage");
        assert!(text(&error, "message").contains(wrong), "{error}");
        assert!(!ended.stderr.contains("1234"), "{}", ended.stderr);
        assert!(run.server.requests().is_empty());
    }
}

#[test]
fn the_token_comes_from_a_variable_a_file_or_standard_input() {
    let run = company();
    let mut second = run.command(&["extract"]);
    second.env_remove("LAUNCHDARKLY_ACCESS_TOKEN").env("LD_ACCESS_TOKEN", DEMO_TOKEN);
    ended(second.output().unwrap()).succeeded();
    std::fs::write(run.path("token"), format!("{DEMO_TOKEN}\n")).unwrap();
    let mut file = run.command(&["extract", "--access-token-file", "token"]);
    ended(file.env_remove("LAUNCHDARKLY_ACCESS_TOKEN").output().unwrap()).succeeded();
    let mut stdin = run.command(&["extract", "--access-token-file", "-"]);
    stdin
        .env_remove("LAUNCHDARKLY_ACCESS_TOKEN")
        .stdin(std::fs::File::open(run.path("token")).unwrap());
    ended(stdin.output().unwrap()).succeeded();
}

#[test]
fn usage_errors_are_json_when_asked_for() {
    let run = company();
    for arguments in [
        &["extract", "--nonsense"][..],
        &["extract", "--output", "nowhere"],
        &["extract", "--skip", "projects"],
    ] {
        let all: Vec<_> = arguments.iter().chain(&["--error-format", "json"]).copied().collect();
        run.run(&all).failed(2, "usage");
    }
    assert!(run.server.requests().is_empty());
}

#[test]
fn a_blank_variable_is_unset() {
    let run = company();
    for blank in ["", " ", "\t\r\n", "\u{feff}"] {
        let mut command = run.command(&["check", "--error-format", "json"]);
        command.env("LAUNCHDARKLY_ACCESS_TOKEN", blank).env("LD_ACCESS_TOKEN", DEMO_TOKEN);
        ended(command.output().unwrap()).succeeded();
        let mut command = run.command(&["check", "--error-format", "json"]);
        command.env("LAUNCHDARKLY_ACCESS_TOKEN", blank).env("LD_ACCESS_TOKEN", blank);
        ended(command.output().unwrap()).failed(3, "invalid_credentials");
        for name in [
            "FLAGLAKE_PROJECT",
            "FLAGLAKE_SKIP",
            "FLAGLAKE_OUTPUT",
            "FLAGLAKE_CONCURRENCY",
            "FLAGLAKE_MAX_WAIT",
            "FLAGLAKE_STRICT",
            "FLAGLAKE_QUIET",
            "FLAGLAKE_INSTANCE",
            "FLAGLAKE_LOG",
            "FLAGLAKE_ERROR_FORMAT",
            "FLAGLAKE_ACCESS_TOKEN_FILE",
        ] {
            with_variable(&run, &["extract", "--plan"], (name, blank)).succeeded();
        }
    }
}

#[test]
fn blanks_around_a_variable_are_trimmed() {
    let run = company();
    let base_uri = format!(" {}\r\n", run.server.base_uri());
    for (name, value) in [
        ("LAUNCHDARKLY_ACCESS_TOKEN", &*format!("\u{feff} {DEMO_TOKEN}\t\r\n")),
        ("LD_BASE_URI", &*base_uri),
        ("FLAGLAKE_CONCURRENCY", " 4\r"),
        ("FLAGLAKE_RETRIES", "3 "),
        ("FLAGLAKE_MAX_WAIT", " 90s\n"),
        ("FLAGLAKE_STRICT", " true "),
        ("FLAGLAKE_VERBOSE", " 0 "),
        ("FLAGLAKE_FLAG_STATUS", "bulk\r"),
        ("FLAGLAKE_OUTPUT", " sqlite:x.db\r\n"),
        ("FLAGLAKE_PROJECT", " storefront , ,internal-tools,"),
        ("FLAGLAKE_RESOURCES", "core, members,"),
        ("FLAGLAKE_SKIP", ",teams"),
        ("FLAGLAKE_PROJECT", " , ,"),
    ] {
        with_variable(&run, &["extract", "--plan"], (name, value)).succeeded();
    }
}

#[test]
fn a_token_file_may_have_blanks_and_a_byte_order_mark_around() {
    let run = company();
    for around in [("\u{feff}", "\r\n"), (" \t", " \n\n"), ("\n", "")] {
        std::fs::write(run.path("token"), format!("{}{DEMO_TOKEN}{}", around.0, around.1)).unwrap();
        let mut command = run.command(&["check", "--access-token-file", "token"]);
        ended(command.env_remove("LAUNCHDARKLY_ACCESS_TOKEN").output().unwrap()).succeeded();
    }
    std::fs::write(run.path("token"), "api-12 34\n").unwrap();
    let error = run.run(&["check", "--access-token-file", "token", "--error-format", "json"]);
    assert!(text(&error.failed(2, "usage"), "message").contains("space"));
}

#[test]
fn a_list_may_have_blanks_but_not_be_empty() {
    let run = company();
    for (option, list) in [
        ("--project", "storefront, internal-tools"),
        ("--project", ",storefront,"),
        ("--resources", "core , members"),
        ("--skip", "teams,"),
    ] {
        run.run(&["extract", "--plan", option, list]).succeeded();
    }
    for option in ["--project", "--resources", "--skip"] {
        for list in ["", ",", " , "] {
            let arguments = ["extract", "--plan", option, list, "--error-format", "json"];
            run.run(&arguments).failed(2, "usage");
        }
    }
}

#[test]
fn an_output_or_input_of_another_form_says_what_is_meant() {
    let run = company();
    for (given, meant) in [
        ("sqlite://x.db", "`sqlite:x.db`"),
        ("sqlite:///abs/x.db", "`sqlite:/abs/x.db`"),
        ("duckdb:x.db", "`sqlite:x.db`"),
        ("sqlite3:x.db", "`sqlite:x.db`"),
        ("mysql://host/x.db", "`mysql:` is not a known scheme"),
    ] {
        let output = ["extract", "--output", given, "--error-format", "json"];
        let input = ["report", "--input", given, "--error-format", "json"];
        for error in [
            run.run(&output),
            run.run(&input),
            with_variable(&run, &["extract", "--error-format", "json"], ("FLAGLAKE_OUTPUT", given)),
            with_variable(&run, &["report", "--error-format", "json"], ("FLAGLAKE_OUTPUT", given)),
            with_variable(&run, &["report", "--error-format", "json"], ("FLAGLAKE_INPUT", given)),
        ] {
            let error = error.failed(2, "usage");
            assert!(text(&error, "message").contains(meant), "{given}: {error}");
        }
    }
    assert_eq!(std::fs::read_dir(run.folder.path()).unwrap().count(), 0);
    assert!(run.server.requests().is_empty());
}

const PASSWORD: &str = "QqZzQq";

/// Values that hold a password.
fn with_password() -> Vec<String> {
    vec![
        format!("postgres://u:{PASSWORD}@host/db"),
        format!("postgres://u:{PASSWORD},x@host/db"),
        format!("postgres://u:x,{PASSWORD}@host/db"),
        format!("postgres://u:p@{PASSWORD}@host/db.db"),
        format!("postgres://u:a/b {PASSWORD}@host/db"),
        format!("postgres%3A%2F%2Fu%3A{PASSWORD}%40host"),
        format!("scheme:u:{PASSWORD}@host"),
        format!("//u:{PASSWORD}@h"),
        format!("sqlite://u:{PASSWORD}@h/x.db"),
        format!("parquet:s3://u:{PASSWORD}@bucket"),
        format!("parquet:ftp://u:{PASSWORD}@bucket"),
        format!("https://host/?password={PASSWORD}"),
        format!("postgres://host/db?sslpassword={PASSWORD}&x=1"),
        format!("host=h user=u password={PASSWORD}"),
        format!("http://u:{PASSWORD}@host"),
        format!("https://u:{PASSWORD}@ho st"),
    ]
}

#[track_caller]
fn assert_masked(ended: &Ended) {
    assert_ne!(ended.status, 0, "{}", ended.stderr);
    let all = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!all.contains(PASSWORD), "{all}");
}

#[test]
fn no_password_in_an_argument_is_quoted() {
    let run = company();
    for value in with_password() {
        for arguments in [
            &["extract", "--output", &value][..],
            &["extract", &format!("--output={value}")],
            &["extract", "--resources", &value],
            &["extract", "--skip", &value],
            &["extract", "--project", &value],
            &["extract", "--base-uri", &value],
            &["extract", "--instance", &value],
            &["extract", "--concurrency", &value],
            &["extract", "--max-wait", &value],
            &["extract", "--audit-log-since", &value],
            &["extract", "--access-token-file", &value],
            &["extract", "--personal-data", "hash", "--personal-data-key-file", &value],
            &["extract", &value],
            &["extract", &format!("--{value}")],
            &["extract", "--strict", &value],
            &["report", "--input", &value],
            &["report", &value],
            &[&value],
        ] {
            for format in ["text", "json"] {
                let all: Vec<_> =
                    ["-vv", "--error-format", format].iter().chain(arguments).copied().collect();
                assert_masked(&run.run(&all));
            }
        }
    }
}

#[test]
fn no_password_in_a_variable_is_quoted() {
    let run = company();
    for value in with_password() {
        for name in [
            "FLAGLAKE_OUTPUT",
            "FLAGLAKE_PROJECT",
            "FLAGLAKE_RESOURCES",
            "FLAGLAKE_CONCURRENCY",
            "FLAGLAKE_QUIET",
            "LD_BASE_URI",
            "LAUNCHDARKLY_ACCESS_TOKEN",
        ] {
            for format in ["text", "json"] {
                let arguments = ["extract", "--retries", "0", "-vv", "--error-format", format];
                assert_masked(&with_variable(&run, &arguments, (name, &value)));
            }
        }
        // Some of them are filters.
        let ended = with_variable(&run, &["check", "--demo"], ("FLAGLAKE_LOG", &value));
        assert!(!ended.stderr.contains(PASSWORD), "{}", ended.stderr);
        let arguments = ["report", "--error-format", "json"];
        for name in ["FLAGLAKE_OUTPUT", "FLAGLAKE_INPUT"] {
            assert_masked(&with_variable(&run, &arguments, (name, &value)));
        }
    }
}

#[test]
fn no_password_of_a_proxy_is_logged() {
    let run = company();
    for proxy in [
        format!("http://u:{PASSWORD}@127.0.0.1:1"),
        format!("https://u:{PASSWORD}@127.0.0.1:1"),
        format!("u:{PASSWORD}@127.0.0.1:1"),
        format!("socks5://u:{PASSWORD}@127.0.0.1:1"),
        format!("http://u:{PASSWORD}@:nonsense"),
    ] {
        for format in ["text", "json"] {
            let arguments = ["check", "--retries", "0", "-vv", "--log-format", format];
            let mut command = run.command(&arguments);
            command.env("LD_BASE_URI", "https://127.0.0.1:1").env("HTTPS_PROXY", &proxy);
            assert_masked(&ended(command.output().unwrap()));
        }
    }
}

#[test]
fn a_token_in_place_of_an_argument_is_not_quoted() {
    let token = format!("api-12345678-{PASSWORD}-4abc-9abc-1234567890ab");
    let run = company();
    for arguments in [
        &["extract", &token][..],
        &["extract", "--access-token", &token],
        &["extract", &format!("--access-token={token}")],
        &["extract", "--output", &token],
        &["extract", "--instance", &token],
        &[&token],
    ] {
        assert_masked(&run.run(arguments));
    }
}
