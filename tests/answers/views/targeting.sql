-- What targeting can serve, worked out from the tables: another way than flaglake's own, which reads
-- LaunchDarkly's answers.
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
                        WHEN sum(typeof(part) = 'integer') > 1 AND sum(part IN ('doubtful', 'missing')) = 0
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
)
