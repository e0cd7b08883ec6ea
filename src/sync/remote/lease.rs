//! A lease: the lock of a state file in a bucket. It ends by itself, since the machine that holds it
//! may be gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion};
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use uuid::Uuid;

use crate::destinations::parquet::bucket::Bucket;
use crate::error::Kind;
use crate::{Error, Result};

/// How long a lease lasts, and how often it is renewed.
const LASTS: Duration = Duration::from_secs(600);
const RENEWED: Duration = Duration::from_secs(180);

/// The content of the object.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Holder {
    owner: String,
    expires_ms: i64,
}

/// A lease that is renewed until it is released.
#[derive(Debug)]
pub(super) struct Lease {
    path: Path,
    is_lost: Arc<AtomicBool>,
    renewing: JoinHandle<()>,
}

impl Lease {
    /// Takes the lease of the state file that `bucket` names.
    ///
    /// # Errors
    /// `output_failed` if another run holds it.
    pub async fn take(bucket: &Arc<Bucket>) -> Result<Self> {
        let path = Path::from(format!("{}.lease", bucket.root()));
        let owner = Uuid::new_v4().to_string();
        let version = acquire(bucket, &path, &owner).await?;
        let is_lost = Arc::new(AtomicBool::new(false));
        let renewing = {
            let (bucket, path, is_lost) = (Arc::clone(bucket), path.clone(), Arc::clone(&is_lost));
            tokio::spawn(async move { renew(&bucket, &path, &owner, version, &is_lost).await })
        };
        Ok(Lease { path, is_lost, renewing })
    }

    /// Checks that the lease is still held.
    ///
    /// # Errors
    /// `output_failed` if it is not.
    pub fn check(&self) -> Result<()> {
        if !self.is_lost.load(Ordering::Relaxed) {
            return Ok(());
        }
        Err(Error::new(Kind::OutputFailed, "another run has taken over the state file")
            .hint("this run was without a connection to the bucket for too long: run again"))
    }

    /// Gives the lease back, so that the next run need not wait for its end.
    pub async fn release(self, bucket: &Bucket) {
        self.renewing.abort();
        if self.check().is_ok() {
            // If that fails, the lease ends by itself.
            let _ = bucket.remove(&self.path).await;
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

async fn acquire(bucket: &Bucket, path: &Path, owner: &str) -> Result<UpdateVersion> {
    let failed = |error: object_store::Error| Error::output(&bucket.name, error);
    let mode = match bucket.objects.get(path).await {
        Err(object_store::Error::NotFound { .. }) => PutMode::Create,
        found => {
            let found = found.map_err(failed)?;
            let version = UpdateVersion {
                e_tag: found.meta.e_tag.clone(),
                version: found.meta.version.clone(),
            };
            let bytes = found.bytes().await.map_err(failed)?;
            let holder: Option<Holder> = serde_json::from_slice(&bytes).ok();
            let expires_ms = holder.map_or(0, |holder| holder.expires_ms);
            if expires_ms > Timestamp::now().as_millisecond() {
                return Err(held(bucket, expires_ms));
            }
            PutMode::Update(version)
        }
    };
    match put(bucket, path, owner, mode).await {
        Err(
            object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. },
        ) => Err(held(bucket, 0)),
        outcome => outcome.map_err(failed),
    }
}

fn held(bucket: &Bucket, expires_ms: i64) -> Error {
    let until = Timestamp::from_millisecond(expires_ms).ok().filter(|_| expires_ms > 0);
    let until = until.map(|until| format!(" until {until:.0}")).unwrap_or_default();
    let message = format!("another run holds the state file `{}`{until}", bucket.name);
    Error::new(Kind::OutputFailed, message)
        .resource(bucket.name.clone())
        .hint("wait for it to end; the lease of a run that was killed ends within 10 minutes")
        .held()
}

async fn put(
    bucket: &Bucket,
    path: &Path,
    owner: &str,
    mode: PutMode,
) -> Result<UpdateVersion, object_store::Error> {
    let lasts = i64::try_from(LASTS.as_millis()).unwrap_or(i64::MAX);
    let expires_ms = Timestamp::now().as_millisecond().saturating_add(lasts);
    let holder = Holder { owner: owner.to_owned(), expires_ms };
    let bytes = serde_json::to_vec(&holder).unwrap_or_default();
    let payload = PutPayload::from(bytes);
    let put = bucket.objects.put_opts(path, payload.clone(), PutOptions::from(mode)).await;
    let put = match put {
        // A store without conditions cannot tell two runs that start in the same moment apart.
        Err(object_store::Error::NotImplemented { .. }) => bucket.objects.put(path, payload).await,
        put => put,
    }?;
    Ok(UpdateVersion { e_tag: put.e_tag, version: put.version })
}

/// Renews the lease until it is aborted, or until another run has it.
async fn renew(
    bucket: &Bucket,
    path: &Path,
    owner: &str,
    mut version: UpdateVersion,
    is_lost: &AtomicBool,
) {
    let mut renewed = Timestamp::now();
    loop {
        sleep(RENEWED).await;
        match put(bucket, path, owner, PutMode::Update(version.clone())).await {
            Ok(newer) => {
                version = newer;
                renewed = Timestamp::now();
            }
            Err(
                object_store::Error::Precondition { .. } | object_store::Error::NotFound { .. },
            ) => {
                return is_lost.store(true, Ordering::Relaxed);
            }
            // Another attempt follows, until the lease has ended.
            Err(_) => {
                let age = Timestamp::now().duration_since(renewed).unsigned_abs();
                if age > LASTS {
                    return is_lost.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}
