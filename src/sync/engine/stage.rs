//! Reads the source into the staging tables.

use crate::Result;
use crate::sync::context::{Progress, Run};
use crate::sync::fields::Row;
use crate::sync::object::{Encoded, SyncObject};
use crate::sync::staging::{Staged, Stager};
use crate::system::hash;

/// Reads the source, and validates every row.
pub(super) async fn stage<O: SyncObject>(object: &mut O, run: &mut Run<'_>) -> Result<()> {
    let options = run.context.options;
    let opened = options.source.open(&options.selected, run.context.interrupt).await?;
    let fields = object.fields();
    let bound = options.mapping.bind(fields, opened.columns(), &object.other_columns())?;
    object.prepare(&bound, run)?;
    run.mapping_hash = bound.fingerprint();
    let known = run.state.sync(run.name())?.map(|sync| sync.mapping_hash);
    run.is_remapped = known.is_some_and(|hash| !hash.is_empty() && hash != run.mapping_hash);
    let transaction = run.state.or_failed(run.state.connection.unchecked_transaction())?;
    let mut stager = Stager::new(&run.state)?;
    let mut encoded = Encoded::default();
    let (mut looked_at, mut number, mut rejected, mut behind) = (0, 0, 0, 0);
    let limit = options.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(i64::MAX);
    opened
        .read(&bound.wanted, &mut |cells| {
            number += 1;
            if number % 1024 == 0 {
                run.context.interrupt.check()?;
                Progress::add(&run.context.progress.read, 1024);
            }
            encoded.clear();
            let outcome = object.encode(&Row::new(&bound, cells), &mut encoded);
            if encoded.is_behind {
                behind += 1;
                return Ok(());
            }
            if looked_at >= limit {
                object.cut_off(&encoded);
                return Ok(());
            }
            looked_at += 1;
            let key = encoded.key.as_deref();
            match outcome {
                Ok(()) => stager.add(Staged {
                    number,
                    key,
                    hash: hash::of_bytes(encoded.body.as_bytes()),
                    body: Some(encoded.body.as_str()).filter(|body| !body.is_empty()),
                    cursor: encoded.cursor.as_ref(),
                }),
                Err(rejection) => {
                    rejected += 1;
                    stager.reject(number, key, &rejection)
                }
            }
        })
        .await?;
    drop(stager);
    run.state.or_failed(transaction.commit())?;
    Progress::add(&run.context.progress.rejected, rejected);
    run.row.rows_read = looked_at + behind;
    run.rows_behind = behind;
    Ok(())
}
