select
    project_key,
    coalesce(maintainer_team_key, maintainer_email, 'nobody') as owner,
    count(*) as live_flags,
    count(*) filter (where ready_for_code_removal) as ready_for_code_removal,
    count(*) filter (where ready_to_archive) as ready_to_archive
from {{ source('launchdarkly', 'flags') }}
join {{ source('launchdarkly', 'flag_readiness') }} using (project_key, flag_key, state)
where state = 'live'
group by all
