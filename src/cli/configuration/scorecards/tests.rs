//! The section `[scorecards]`.

use super::*;
use crate::model::settings::Setting;

fn parsed(text: &str) -> Result<Scorecards> {
    let file = text.parse().unwrap();
    Ok(scorecards(Path::new("flaglake.toml"), &file)?.unwrap_or_default())
}

/// The settings, as `name/project/position=value`.
fn settings(scorecards: &Scorecards) -> Vec<String> {
    let text =
        |one: &Setting| format!("{}/{}/{}={}", one.name, one.project_key, one.position, one.value);
    scorecards.settings.iter().map(text).collect()
}

#[test]
fn a_file_without_the_section_sets_nothing() {
    assert_eq!(parsed("[connection]\ninstance = \"eu\"\n").unwrap(), Scorecards::default());
}

#[test]
fn lists_rules_and_thresholds_are_for_all_projects_or_one() {
    let read = parsed(
        "[scorecards]
         critical_environments = ['prod*', 'live']
         exempt_tags = ['kill-switch']
         team_rule = 'most_flags'
         thresholds = { flag_lifetime = 60, stale_status = 3.5 }
         [scorecards.projects.shop]
         critical_environments = []
         exempt_tags = ['config']
         thresholds.flag_lifetime = 120",
    );
    let read = read.unwrap();
    assert_eq!(
        settings(&read),
        [
            "critical_environments//0=prod*",
            "critical_environments//1=live",
            "exempt_tags//0=kill-switch",
            "team_rule//0=most_flags",
            "exempt_tags/shop/0=config",
            "flag_lifetime/shop/0=120",
        ]
    );
    let thresholds: Vec<_> = read.thresholds.into_iter().collect();
    assert_eq!(thresholds, [("flag_lifetime", 60.0), ("stale_status", 3.5)]);
}

#[test]
fn what_is_unknown_or_wrong_is_refused() {
    for (text, part) in [
        ("[scorecards]\nexempt_tag = ['a']", "`exempt_tag`"),
        ("[scorecards]\nexempt_tags = 'a'", "list of patterns"),
        ("[scorecards]\nexempt_tags = [' ']", "list of patterns"),
        ("[scorecards]\nteam_rule = 'largest'", "most_flags"),
        ("[scorecards.thresholds]\nflag_life = 3", "`flag_life`"),
        ("[scorecards.thresholds]\nflag_lifetime = -1", "from 0 to"),
        ("[scorecards.thresholds]\nflag_lifetime = 'a'", "from 0 to"),
        ("[scorecards.projects]\nshop = 1", "not a section"),
        ("[scorecards.projects.shop]\nteam_rule = 'most_flags'", "`team_rule`"),
    ] {
        let error = parsed(text).unwrap_err();
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
}
