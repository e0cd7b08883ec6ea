-- Question: Which variations can each flag serve, in each environment?
-- Definition: One row per flag and environment with a configuration. A flag that is off serves its off variation, or the
--   fallback in the code where it has none. One that is on serves the variations of its individual targets, of its rules
--   in order, and of its default rule. A rule that is disabled, or that no context can match, does not count; after a rule
--   that every context matches, neither later rules nor the default rule count. Of a rollout, the variations count whose
--   weight is above zero. Where a prerequisite can fail, the flag also serves what it serves when off; where one always
--   fails, nothing else. Other views ask this one which values a flag can have.
-- Source: LaunchDarkly's documentation, "Flag evaluation rules in server-side SDKs": https://launchdarkly.com/docs/sdk/concepts/flag-evaluation-rules
-- Assumptions: Every context matches a rule without clauses, or one whose clauses all negate an empty list of segments or
--   of context kinds; no context matches a rule with an empty list that is not negated. Any other rule is taken to match
--   some contexts and not others, and targets are taken to be in use. Rules, and prerequisites that depend on the same
--   flag, are taken to be independent: a combination that cannot occur may add a variation, which makes a flag look as if
--   it served several, never as if it served one. A prerequisite never fails where it is on and can
--   serve nothing but the variation that is needed; it always fails where it is off or cannot serve that variation.
--   Unknown are clauses that cannot be read, rules and default rules that serve nothing, what the weights of a rollout
--   leave over, and prerequisites without a configuration; but two variations that are known are several, and one that is
--   served whatever is unknown is one. Statuses are not looked at: `launched` says that one variation was served for
--   seven days, not which one.
-- Needs: flags, environments
-- Stored: always
-- Key: project_key, flag_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: environment_key text: Key of the environment.
-- Column: is_on boolean: Whether targeting is on.
-- Column: variations json?: Indexes of the variations that can be served, sorted; `null` in the list is the fallback in the code. NULL where it is unknown.
-- Example: SELECT project_key, flag_key, variations FROM served_variations WHERE environment_key = 'production' AND json_array_length(variations) > 1
WITH RECURSIVE
-- Not materialized, here and below: looked up for the configurations that are asked for.
rules AS NOT MATERIALIZED (
    SELECT
        project_key, flag_key, environment_key, rule_index, variation,
        CASE
            WHEN json_valid(clauses) IS NOT 1 THEN 'unknown'
            WHEN json_type(clauses) <> 'array' THEN 'unknown'
            -- For speed, clauses are taken apart only where there may be an empty list: a bracket, and no value after it.
            WHEN instr(clauses, '[]') + instr(clauses, '[ ') + instr(clauses, '[' || char(9))
                + instr(clauses, '[' || char(10)) + instr(clauses, '[' || char(13)) = 0 THEN 'some'
            WHEN EXISTS (
                SELECT 1 FROM json_each(clauses) AS clause
                WHERE json_extract(clause.value, '$.values') = '[]'
                  AND json_extract(clause.value, '$.negate') IS NOT 1
            ) THEN 'none'
            WHEN EXISTS (
                SELECT 1 FROM json_each(clauses) AS clause
                WHERE json_extract(clause.value, '$.values') IS NOT '[]'
                   OR (json_extract(clause.value, '$.op') IS NOT 'segmentMatch'
                       AND json_extract(clause.value, '$.attribute') IS NOT 'kind')
            ) THEN 'some'
            ELSE 'all'
        END AS reach
    FROM flag_rules
    WHERE disabled IS NOT 1
),
-- The indexes of what is served where all prerequisites are met, as a list; NULL where that is unknown.
targeting AS NOT MATERIALIZED (
    SELECT
        project_key, flag_key, environment_key, is_on, coalesce(off_variation, 'null') AS off, prerequisite_count,
        CASE
            WHEN fallthrough_variation IS NOT NULL AND rule_count + target_count + context_target_count = 0
                THEN '[' || fallthrough_variation || ']'
            ELSE (
                SELECT (
                    SELECT CASE
                        WHEN sum(typeof(part) = 'integer') > 1 AND sum(part = 'doubtful') = 0
                            OR sum(typeof(part) = 'integer') = 1 AND sum(part = 'missing') = 0
                        THEN json_group_array(part) FILTER (WHERE typeof(part) = 'integer')
                    END
                    FROM (
                        SELECT DISTINCT part
                        FROM (
                            SELECT fallthrough_variation AS part WHERE last IS NULL AND fallthrough_variation IS NOT NULL
                            UNION ALL
                            SELECT 'missing' WHERE last IS NULL AND fallthrough_variation IS NULL AND NOT EXISTS (
                                SELECT 1 FROM flag_rollouts AS rollout
                                WHERE rollout.project_key = configuration.project_key
                                  AND rollout.flag_key = configuration.flag_key
                                  AND rollout.environment_key = configuration.environment_key
                                  AND rollout.rule_index = -1
                            )
                            UNION ALL
                            SELECT target.variation
                            FROM flag_targets AS target
                            WHERE target_count + context_target_count > 0 AND value_count > 0
                              AND target.project_key = configuration.project_key
                              AND target.flag_key = configuration.flag_key
                              AND target.environment_key = configuration.environment_key
                            UNION ALL
                            SELECT coalesce(rule.variation, CASE WHEN NOT EXISTS (
                                SELECT 1 FROM flag_rollouts AS rollout
                                WHERE rollout.project_key = configuration.project_key
                                  AND rollout.flag_key = configuration.flag_key
                                  AND rollout.environment_key = configuration.environment_key
                                  AND rollout.rule_index = rule.rule_index
                            ) THEN 'missing' END)
                            FROM rules AS rule
                            WHERE rule_count > 0 AND (special = 0 OR reach <> 'none') AND (last IS NULL OR rule_index <= last)
                              AND rule.project_key = configuration.project_key
                              AND rule.flag_key = configuration.flag_key
                              AND rule.environment_key = configuration.environment_key
                            UNION ALL
                            SELECT 'doubtful' WHERE unreadable <= coalesce(last, unreadable)
                            UNION ALL
                            -- Where weights leave something over, it is not known here who gets that.
                            SELECT CASE WHEN weight > 0 THEN rollout.variation ELSE 'missing' END
                            FROM flag_rollouts AS rollout
                            WHERE rollout.project_key = configuration.project_key
                              AND rollout.flag_key = configuration.flag_key
                              AND rollout.environment_key = configuration.environment_key
                              AND CASE rule_index
                                  WHEN -1 THEN last IS NULL AND fallthrough_variation IS NULL
                                  ELSE (last IS NULL OR rule_index <= last) AND EXISTS (
                                      SELECT 1 FROM rules AS rule
                                      WHERE rule.project_key = configuration.project_key
                                        AND rule.flag_key = configuration.flag_key
                                        AND rule.environment_key = configuration.environment_key
                                        AND rule.rule_index = rollout.rule_index
                                        AND (special = 0 OR reach <> 'none') AND rule.variation IS NULL
                                  )
                              END
                              AND (weight > 0 OR 100000 > (
                                  SELECT sum(weight) FROM flag_rollouts AS share
                                  WHERE share.project_key = configuration.project_key
                                    AND share.flag_key = configuration.flag_key
                                    AND share.environment_key = configuration.environment_key
                                    AND share.rule_index = rollout.rule_index
                              ))
                            UNION ALL
                            SELECT 'missing' WHERE rule_count <> (
                                SELECT count(*) FROM flag_rules AS rule
                                WHERE rule.project_key = configuration.project_key
                                  AND rule.flag_key = configuration.flag_key
                                  AND rule.environment_key = configuration.environment_key
                            )
                            UNION ALL
                            SELECT 'missing' WHERE target_count + context_target_count <> (
                                SELECT coalesce(sum(value_count), 0) FROM flag_targets AS target
                                WHERE target.project_key = configuration.project_key
                                  AND target.flag_key = configuration.flag_key
                                  AND target.environment_key = configuration.environment_key
                            )
                        )
                        ORDER BY part
                    )
                )
                FROM (
                    SELECT
                        count(*) AS special,
                        min(CASE reach WHEN 'all' THEN rule_index END) AS last,
                        min(CASE reach WHEN 'unknown' THEN rule_index END) AS unreadable
                    FROM rules
                    WHERE reach <> 'some' AND rule_count > 0 AND rules.project_key = configuration.project_key
                      AND rules.flag_key = configuration.flag_key
                      AND rules.environment_key = configuration.environment_key
                )
            )
        END AS list
    FROM flag_environments AS configuration
),
dependents AS MATERIALIZED (
    SELECT
        dependent.project_key, dependent.environment_key, dependent.flag_key, prerequisite_flag_key,
        CAST(variation AS TEXT) AS needed, is_on, off, prerequisite_count, list
    FROM flag_prerequisites AS dependent
    LEFT JOIN targeting AS prerequisite
        ON prerequisite.project_key = dependent.project_key
        AND prerequisite.flag_key = dependent.prerequisite_flag_key
        AND prerequisite.environment_key = dependent.environment_key
),
-- Flags of which a prerequisite always fails (1), may fail always or never (2), or fails for some contexts (3).
-- A prerequisite may have prerequisites of its own: where its off variation is what is needed, it passes by failing.
failing AS MATERIALIZED (
    SELECT
        project_key, environment_key, flag_key,
        CASE
            WHEN NOT is_on THEN 1
            WHEN list IS NULL THEN 2
            WHEN prerequisite_count > 0 AND off = needed THEN 2
            WHEN instr(replace(replace(list, '[', ','), ']', ','), ',' || needed || ',') = 0 THEN 1
            ELSE 3
        END AS failure
    FROM dependents
    WHERE is_on IS NOT 1 OR list IS NOT '[' || needed || ']'
    UNION
    SELECT dependent.project_key, dependent.environment_key, dependent.flag_key, failure
    FROM failing CROSS JOIN dependents AS dependent
        ON dependent.project_key = failing.project_key AND dependent.environment_key = failing.environment_key
        AND dependent.prerequisite_flag_key = failing.flag_key
    WHERE off <> needed
),
failures AS MATERIALIZED (
    SELECT project_key, environment_key, flag_key, min(failure) AS failure
    FROM failing
    GROUP BY project_key, environment_key, flag_key
)
SELECT
    project_key, flag_key, environment_key, is_on,
    CASE
        WHEN NOT is_on THEN '[' || off || ']'
        WHEN prerequisite_count = 0 THEN list
        ELSE (
            SELECT CASE
                WHEN failure = 1 THEN '[' || off || ']'
                WHEN failure = 2 OR prerequisite_count <> known THEN CASE list WHEN '[' || off || ']' THEN list END
                WHEN failure = 3 AND list IS NOT NULL THEN (
                    SELECT json_group_array(value)
                    FROM (
                        SELECT value FROM json_each(list)
                        UNION
                        SELECT value FROM json_each('[' || off || ']')
                        ORDER BY 1
                    )
                )
                ELSE list
            END
            FROM (
                SELECT count(*) AS known
                FROM flag_prerequisites AS prerequisite
                WHERE prerequisite.project_key = targeting.project_key AND prerequisite.flag_key = targeting.flag_key
                  AND prerequisite.environment_key = targeting.environment_key
            ) LEFT JOIN failures
                ON failures.project_key = targeting.project_key
                AND failures.environment_key = targeting.environment_key
                AND failures.flag_key = targeting.flag_key
        )
    END AS variations
FROM targeting
