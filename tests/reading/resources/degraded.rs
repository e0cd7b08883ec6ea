//! A resource that was readable before and is now refused is an error, although the data is
//! published.

use fake_launchdarkly::{Answer, Family, Scripted};

use crate::resources::company;
use crate::support::Run;

const OUTPUTS: [&str; 2] = ["sqlite:launchdarkly.db", "parquet:lake"];

/// A run whose members, teams and some segments were read, and are refused since.
fn refused_since(output: &str) -> Run {
    let run = company();
    run.extract(&["--output", output, "--resources", "core,members,segments"]);
    run.server.behave(|behaviour| {
        behaviour.refused.extend([(Family::Members, 403), (Family::Teams, 404)]);
        let answer = Answer::json(403, r#"{"code":"forbidden","message":"Forbidden"}"#);
        let path = "/api/v2/segments/storefront/production";
        behaviour.script = vec![Scripted::once(path, answer).times(99)];
    });
    run
}

fn arguments<'a>(output: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let first = ["extract", "--output", output, "--resources", "core,members,segments"];
    first.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn what_is_refused_is_an_error_even_when_quiet() {
    for output in OUTPUTS {
        let run = refused_since(output);
        let ended = run.run(&arguments(output, &["--quiet"])).succeeded();
        let errors: Vec<_> = ended.stderr.lines().collect();
        assert_eq!(errors.len(), 4, "{}", ended.stderr);
        for resource in ["members", "segments", "team_maintainers", "teams"] {
            let own = format!("error: {resource} could be read before, and is refused now");
            let own = errors.iter().find(|line| line.starts_with(&own));
            assert!(own.is_some_and(|line| line.contains("as of 2") || line.contains("at 2")));
        }
        assert!(errors[1].contains("`storefront/production`"), "{}", errors[1]);
        assert_eq!(errors[0].contains("its rows are stale"), output == OUTPUTS[0], "{}", errors[0]);
        assert!(errors[3].contains("has no rows of it"), "{}", errors[3]);
    }
}

#[test]
fn a_degraded_run_fails_if_told_to_but_publishes() {
    for output in OUTPUTS {
        let run = refused_since(output);
        let fail = ["--fail-on", "degraded", "--error-format", "json"];
        let ended = run.run(&arguments(output, &fail));
        let error = ended.failed(14, "degraded");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("is published"), "{message}");
        assert!(message.ends_with("members, segments, team_maintainers, teams"), "{message}");
        assert!(ended.stdout.contains("The data is in"), "{}", ended.stdout);
        assert_eq!(error["resource"], "members");
        if output == OUTPUTS[0] {
            assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
        }
        // The variable of `report --fail-on` is another one.
        let mut command = run.command(&arguments(output, &[]));
        command.env("FLAGLAKE_EXTRACT_FAIL_ON", "degraded");
        command.env("FLAGLAKE_FAIL_ON", "fail");
        let ended = crate::support::ended(command.output().unwrap());
        assert_eq!(ended.status, 14, "as long as it is refused: {}", ended.stderr);
    }
}

#[test]
fn what_was_never_read_or_is_left_out_is_not_degraded() {
    for output in OUTPUTS {
        let run = company();
        run.server.behave(|behaviour| {
            behaviour.refused.extend([(Family::Members, 403), (Family::Teams, 405)]);
        });
        let fail = ["--fail-on", "degraded"];
        for _ in 0..2 {
            let ended = run.run(&arguments(output, &fail)).succeeded();
            assert!(!ended.stderr.contains("error:"), "{}", ended.stderr);
        }
        let run = refused_since(output);
        let skip = ["--skip", "members,teams,segments"];
        run.run(&arguments(output, &[&fail[..], &skip[..]].concat())).succeeded();
    }
}

#[test]
fn what_is_refused_is_a_sentence_that_check_says_as_well() {
    let run = company();
    run.server.behave(|behaviour| {
        behaviour.refused.extend([(Family::Members, 403), (Family::Segments, 404)]);
        behaviour.refused.insert(Family::Teams, 405);
    });
    let checked = run.run(&["check", "--resources", "core,members,segments"]).succeeded().stdout;
    let said = run.run(&arguments(OUTPUTS[0], &[])).succeeded().stderr;
    for resource in ["members", "segments", "teams"] {
        let line = said.lines().find(|line| {
            line.starts_with("warning: ") && line.contains(resource) && !line.contains("status=")
        });
        let sentence = line.unwrap_or_else(|| panic!("{said}")).trim_start_matches("warning: ");
        assert!(sentence.contains("extractions go on without"), "{sentence}");
        assert!(checked.contains(sentence.split(" (status").next().unwrap()), "{checked}");
    }
}

#[test]
fn the_log_is_json_where_that_is_asked_for() {
    let run = refused_since(OUTPUTS[0]);
    let ended = run.run(&arguments(OUTPUTS[0], &["--quiet", "--log-format", "json"])).succeeded();
    for line in ended.stderr.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["level"], "ERROR");
        let message = event["fields"]["message"].as_str().unwrap();
        assert!(message.contains("could be read before"), "{message}");
    }
    assert_eq!(ended.stderr.lines().count(), 4);
}
