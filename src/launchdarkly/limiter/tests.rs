//! The limiter, with invented answers.

use futures::FutureExt;
use reqwest::header::{HeaderMap, HeaderValue};

use super::*;

/// An answer with these headers.
fn answer(status: u16, pairs: &[(&'static str, String)]) -> Answer {
    let value = |text: &String| HeaderValue::from_str(text).unwrap();
    let mut headers = HeaderMap::new();
    pairs.iter().for_each(|(name, text)| drop(headers.insert(*name, value(text))));
    Answer::read(status, &headers)
}

fn left(remaining: u64) -> Answer {
    let reset = Timestamp::now() + Duration::from_secs(9);
    let reset = reset.as_millisecond().to_string();
    let global = ("x-ratelimit-global-remaining", remaining.to_string());
    answer(200, &[global, ("x-ratelimit-reset", reset)])
}

fn enters<'a>(limiter: &'a Limiter, route: &'static str) -> Option<Turn<'a>> {
    limiter.enter(route).now_or_never()
}

#[tokio::test]
async fn a_pause_holds_every_route_and_never_shrinks() {
    let limiter = Limiter::new(8, 50);
    limiter.pause(Duration::from_secs(10));
    limiter.pause(Duration::from_secs(1));
    assert!(limiter.paused_for() > Some(Duration::from_secs(9)));
    assert!(enters(&limiter, "/a").is_none());
}

#[tokio::test]
async fn a_slot_is_held_until_its_turn_is_dropped() {
    let limiter = Limiter::new(1, 50);
    let turn = enters(&limiter, "/a").unwrap();
    assert!(enters(&limiter, "/b").is_none());
    drop(turn);
    assert!(enters(&limiter, "/b").is_some());
}

#[tokio::test]
async fn a_refusal_pauses_traffic_at_once() {
    let limiter = Limiter::new(8, 50);
    let turn = enters(&limiter, "/a").unwrap();
    let told = turn.answered(&answer(429, &[("retry-after", "7".to_owned())]));
    assert!(told > Some(Duration::from_secs(6)), "{told:?}");
    assert!(enters(&limiter, "/b").is_none());
}

#[tokio::test]
async fn a_turn_waits_for_the_end_of_a_pause() {
    let limiter = Limiter::new(8, 50);
    let mut turn = enters(&limiter, "/a").unwrap();
    assert!(turn.confirm().now_or_never().is_some());
    limiter.pause(Duration::from_secs(10));
    assert!(turn.confirm().now_or_never().is_none());
}

#[tokio::test]
async fn an_exhausted_global_budget_holds_every_route() {
    let limiter = Limiter::new(8, 50);
    enters(&limiter, "/a").unwrap().answered(&left(1));
    assert!(enters(&limiter, "/b").is_none());
}

#[tokio::test]
async fn waiting_requests_wake_when_another_learns_of_room() {
    let limiter = Limiter::new(8, 50);
    let first = enters(&limiter, "/a").unwrap();
    first.answered(&left(1));
    let mut waiting = pin!(limiter.enter("/b"));
    assert!(waiting.as_mut().now_or_never().is_none());
    // A later reset belongs to a new window.
    let reset = (Timestamp::now() + Duration::from_secs(12)).as_millisecond().to_string();
    let global = ("x-ratelimit-global-remaining", "5000000".to_owned());
    first.answered(&answer(200, &[global, ("x-ratelimit-reset", reset)]));
    assert!(waiting.now_or_never().is_some());
}
