//! Views give the answers that were worked out by hand.

mod account;
mod agreement;
mod archiving;
mod bounds;
mod contradictions;
mod daily;
mod days;
mod definitions;
mod fallbacks;
mod governance;
mod growth;
mod lifecycle;
mod lifetimes;
mod new_statuses;
mod ownership;
mod permanence;
mod readiness;
mod removal;
mod scorecards;
mod served;
mod settings;
mod staleness;
mod statuses;
mod upkeep;
mod values;
mod walks;
