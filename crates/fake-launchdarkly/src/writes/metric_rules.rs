//! Which fields a metric must have, and which it may not have.

use serde_json::Value;

use super::objects::{are_tags, has, is_key, require};
use crate::call::Refusal;

/// Fields that can be changed, each with the action that permits it. The last ones have no action
/// of their own in the documentation.
const PATHS: [(&str, &str); 25] = [
    ("name", "updateName"),
    ("description", "updateDescription"),
    ("tags", "updateTags"),
    ("eventKey", "updateEventKey"),
    ("isNumeric", "updateNumeric"),
    ("unit", "updateNumericUnit"),
    ("successCriteria", "updateNumericSuccess"),
    ("unitAggregationType", "updateUnitAggregationType"),
    ("analysisUnits", "updateRandomizationUnits"),
    ("randomizationUnits", "updateRandomizationUnits"),
    ("eventDefault", "updateEventDefault"),
    ("urls", "updateUrls"),
    ("selector", "updateSelector"),
    ("maintainerId", "updateMaintainer"),
    ("archived", "updateArchived"),
    ("filters", "updateFilters"),
    ("analysisType", "updateUnitAggregationType"),
    ("percentileValue", "updateUnitAggregationType"),
    ("denominator", "updateUnitAggregationType"),
    ("windowStartOffset", "updateUnitAggregationType"),
    ("windowEndOffset", "updateUnitAggregationType"),
    ("winsorLowerPercentile", "updateUnitAggregationType"),
    ("winsorUpperPercentile", "updateUnitAggregationType"),
    ("traceQuery", "updateEventKey"),
    ("traceValueLocation", "updateEventKey"),
];

/// Fields that can be changed, each with the action that permits it.
pub(super) fn paths() -> impl Iterator<Item = (&'static str, &'static str)> {
    PATHS.into_iter()
}

/// Refuses a metric that LaunchDarkly would refuse.
pub(super) fn check(metric: &Value) -> Result<(), Refusal> {
    require(metric.is_object(), "the body is not an object")?;
    require(metric["key"].as_str().is_some_and(is_key), "invalid key")?;
    for name in ["name", "description", "eventKey", "unit", "selector"] {
        require(!has(metric, name) || metric[name].is_string(), &format!("invalid {name}"))?;
    }
    require(metric.get("tags").is_none_or(are_tags), "invalid tags")?;
    match metric["kind"].as_str() {
        Some("custom") => custom(metric)?,
        Some("pageview") => page(metric, false)?,
        Some("click") => page(metric, true)?,
        Some("trace") => trace(metric)?,
        _ => return Err(Refusal::invalid("kind must be custom, pageview, click or trace")),
    }
    choices(metric)?;
    analysis(metric)?;
    maintainer(metric)
}

fn custom(metric: &Value) -> Result<(), Refusal> {
    absent(metric, &["urls", "selector"])?;
    require(
        metric["eventKey"].as_str().is_some_and(|key| !key.is_empty()),
        "custom metrics need eventKey",
    )?;
    match metric["isNumeric"].as_bool() {
        Some(true) => {
            require(has(metric, "unit"), "numeric metrics need unit")?;
            require(has(metric, "successCriteria"), "numeric metrics need successCriteria")
        }
        Some(false) => Ok(()),
        None => Err(Refusal::invalid("custom metrics need isNumeric")),
    }
}

fn page(metric: &Value, is_click: bool) -> Result<(), Refusal> {
    absent(metric, &["eventKey", "unit", "successCriteria"])?;
    if is_click {
        require(has(metric, "selector"), "click metrics need selector")?;
    } else {
        absent(metric, &["selector"])?;
    }
    let urls = metric["urls"].as_array().filter(|urls| !urls.is_empty());
    require(urls.is_some_and(|urls| urls.iter().all(is_url)), "invalid or missing urls")
}

fn is_url(url: &Value) -> bool {
    let value = match url["kind"].as_str() {
        Some("exact" | "canonical") => "url",
        Some("substring") => "substring",
        Some("regex") => "pattern",
        _ => return false,
    };
    url[value].as_str().is_some_and(|text| !text.is_empty())
}

fn trace(metric: &Value) -> Result<(), Refusal> {
    require(has(metric, "traceQuery"), "trace metrics need traceQuery")?;
    let is_located = metric["isNumeric"] != true || has(metric, "traceValueLocation");
    require(is_located, "numeric trace metrics need traceValueLocation")
}

fn absent(metric: &Value, names: &[&str]) -> Result<(), Refusal> {
    let present = names.iter().find(|name| has(metric, name));
    match present {
        Some(name) => Err(Refusal::invalid(format!("this kind of metric has no {name}"))),
        None => Ok(()),
    }
}

fn choices(metric: &Value) -> Result<(), Refusal> {
    for (name, allowed) in [
        ("successCriteria", &["HigherThanBaseline", "LowerThanBaseline"][..]),
        ("unitAggregationType", &["average", "sum", "count_distinct"]),
        ("analysisType", &["mean", "percentile"]),
    ] {
        let is_allowed = metric[name].as_str().is_some_and(|value| allowed.contains(&value));
        require(!has(metric, name) || is_allowed, &format!("invalid {name}"))?;
    }
    Ok(())
}

fn analysis(metric: &Value) -> Result<(), Refusal> {
    let default = &metric["eventDefault"];
    let is_default = default.get("value").is_none_or(|value| value.as_f64() == Some(0.0));
    require(is_default, "eventDefault.value must be 0")?;
    for name in ["analysisUnits", "randomizationUnits"] {
        let are_units =
            metric[name].as_array().is_some_and(|units| units.iter().all(Value::is_string));
        require(!has(metric, name) || are_units, &format!("invalid {name}"))?;
    }
    if metric["analysisType"] != "percentile" {
        return Ok(());
    }
    let value = metric["percentileValue"].as_u64();
    require(value.is_some_and(|value| value <= 100), "percentileValue must be 0 to 100")?;
    require(default["disabled"] == true, "percentiles need eventDefault.disabled")
}

fn maintainer(metric: &Value) -> Result<(), Refusal> {
    let is_id = |id: &str| id.len() == 24 && id.bytes().all(|one| one.is_ascii_hexdigit());
    let is_valid = metric["maintainerId"].as_str().is_some_and(is_id);
    require(!has(metric, "maintainerId") || is_valid, "invalid maintainerId")
}
