//! Runs futures at the same time, until all have ended or one has failed.

use futures::stream::{FuturesUnordered, TryStreamExt};

use crate::{Error, Result};

/// The results of all futures, in order, or the first error as soon as it occurs.
///
/// `futures::future::try_join_all` does the same for up to 30 futures. With more, it returns an
/// error only after all futures before the failed one have ended, and those may wait for a rate
/// limit that the error is about.
///
/// # Errors
/// The first error of any future.
pub(super) async fn try_join_all<T>(
    futures: impl IntoIterator<Item = impl Future<Output = Result<T>>>,
) -> Result<Vec<T>> {
    let numbered = futures.into_iter().enumerate();
    let running: FuturesUnordered<_> =
        numbered.map(async |(number, future)| Ok::<_, Error>((number, future.await?))).collect();
    let mut outcomes: Vec<_> = running.try_collect().await?;
    outcomes.sort_unstable_by_key(|(number, _)| *number);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures::FutureExt;
    use futures::future::Either;

    use super::*;

    #[test]
    fn an_error_does_not_wait_for_those_before_it() {
        let futures = (0..100).map(|number| match number {
            99 => Either::Left(ready(Err(Error::usage("the last")))),
            _ => Either::Right(pending::<Result<()>>()),
        });
        let outcome = try_join_all(futures).now_or_never();
        assert_eq!(outcome.unwrap().unwrap_err().to_string(), "the last");
    }

    #[test]
    fn outcomes_are_in_order() {
        let outcome = try_join_all((0..100).map(|number| ready(Ok(number)))).now_or_never();
        assert_eq!(outcome.unwrap().unwrap(), (0..100).collect::<Vec<_>>());
    }
}
