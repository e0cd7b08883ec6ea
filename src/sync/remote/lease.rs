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

/// How often a lease that changes at the same moment is looked at.
const ATTEMPTS: u32 = 3;

/// The content of the object.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Holder {
    owner: String,
    expires_ms: i64,
}

/// A lease that is renewed until it is released.
#[derive(Debug)]
pub(super) struct Lease {
    held: Held,
    is_lost: Arc<AtomicBool>,
    renewing: JoinHandle<()>,
}

/// The object of a lease, and whose it is.
#[derive(Clone, Debug)]
struct Held {
    bucket: Arc<Bucket>,
    path: Path,
    owner: String,
}

impl Lease {
    /// Takes the lease of the state file that `bucket` names.
    ///
    /// # Errors
    /// `output_failed` if another run holds it.
    pub async fn take(bucket: &Arc<Bucket>) -> Result<Self> {
        let path = Path::from(format!("{}.lease", bucket.root()));
        let owner = Uuid::new_v4().to_string();
        acquire(bucket, &path, &owner).await?;
        let held = Held { bucket: Arc::clone(bucket), path, owner };
        let is_lost = Arc::new(AtomicBool::new(false));
        let renewing = {
            let (held, is_lost) = (held.clone(), Arc::clone(&is_lost));
            tokio::spawn(async move { renew(&held, &is_lost).await })
        };
        Ok(Lease { held, is_lost, renewing })
    }

    /// Checks that the lease is not known to be lost.
    ///
    /// # Errors
    /// `output_failed` if it is.
    pub fn check(&self) -> Result<()> {
        if self.is_lost.load(Ordering::Relaxed) { Err(lost()) } else { Ok(()) }
    }

    /// Asks the bucket whether the lease is still this run's. This machine may have slept, and the
    /// clock of another one may be wrong, so that no clock can tell.
    ///
    /// # Errors
    /// `output_failed` if it is not, or the bucket does not answer.
    pub async fn verify(&self) -> Result<()> {
        self.check()?;
        let kept = self.held.keep(LASTS / 2).await;
        if kept.map_err(|error| Error::output(&self.held.bucket.name, error))? {
            return Ok(());
        }
        self.is_lost.store(true, Ordering::Relaxed);
        Err(lost())
    }

    /// Gives the lease back, so that the next run need not wait for its end. That of another run
    /// stays.
    pub async fn release(self) {
        self.renewing.abort();
        // If that fails, the lease ends by itself.
        if self.held.keep(Duration::ZERO).await.is_ok_and(|is_ours| is_ours) {
            let _ = self.held.bucket.remove(&self.held.path).await;
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

fn lost() -> Error {
    Error::new(Kind::OutputFailed, "another run has taken over the state file").hint(
        "this run was stopped for too long, or a clock is wrong; nothing more was sent: run again \
         when the other run has ended",
    )
}

impl Held {
    /// Whether the lease is still this run's. If it ends within `remaining`, it is renewed.
    async fn keep(&self, remaining: Duration) -> Result<bool, object_store::Error> {
        let remaining = i64::try_from(remaining.as_millis()).unwrap_or(i64::MAX);
        for _ in 0..ATTEMPTS {
            let Some((holder, version)) = read(&self.bucket, &self.path).await? else {
                return Ok(false);
            };
            let Some(holder) = holder.filter(|holder| holder.owner == self.owner) else {
                return Ok(false);
            };
            if holder.expires_ms.saturating_sub(now_ms()) >= remaining {
                return Ok(true);
            }
            let mode = PutMode::Update(version);
            match put(&self.bucket, &self.path, &self.owner, mode).await {
                Ok(()) => return Ok(true),
                // Another run, or this one, was faster: the next look tells which.
                Err(error) if is_outdated(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

/// Whether an object is no longer what a conditional write expected.
pub(super) const fn is_outdated(error: &object_store::Error) -> bool {
    use object_store::Error::{AlreadyExists, NotFound, Precondition};
    matches!(error, AlreadyExists { .. } | NotFound { .. } | Precondition { .. })
}

fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// The lease as the bucket has it; `None` for the holder if it cannot be read.
async fn read(
    bucket: &Bucket,
    path: &Path,
) -> Result<Option<(Option<Holder>, UpdateVersion)>, object_store::Error> {
    let found = match bucket.objects.get(path).await {
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        found => found?,
    };
    let version =
        UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
    let bytes = found.bytes().await?;
    Ok(Some((serde_json::from_slice(&bytes).ok(), version)))
}

async fn acquire(bucket: &Bucket, path: &Path, owner: &str) -> Result<()> {
    let failed = |error: object_store::Error| Error::output(&bucket.name, error);
    let mode = match read(bucket, path).await.map_err(failed)? {
        None => PutMode::Create,
        Some((holder, version)) => {
            let expires_ms = holder.map_or(0, |holder| holder.expires_ms);
            if expires_ms > now_ms() {
                return Err(held(bucket, expires_ms));
            }
            PutMode::Update(version)
        }
    };
    match put(bucket, path, owner, mode).await {
        Err(error) if is_outdated(&error) => Err(held(bucket, 0)),
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
) -> Result<(), object_store::Error> {
    let lasts = i64::try_from(LASTS.as_millis()).unwrap_or(i64::MAX);
    let holder = Holder { owner: owner.to_owned(), expires_ms: now_ms().saturating_add(lasts) };
    let bytes = serde_json::to_vec(&holder).unwrap_or_default();
    put_if(bucket, path, bytes.into(), mode).await.map(drop)
}

/// Writes an object under a condition. A store without conditions cannot tell two runs that start in
/// the same moment apart.
pub(super) async fn put_if(
    bucket: &Bucket,
    path: &Path,
    payload: PutPayload,
    mode: PutMode,
) -> Result<UpdateVersion, object_store::Error> {
    let put = bucket.objects.put_opts(path, payload.clone(), PutOptions::from(mode)).await;
    let put = match put {
        Err(object_store::Error::NotImplemented { .. }) => bucket.objects.put(path, payload).await,
        put => put,
    }?;
    Ok(UpdateVersion { e_tag: put.e_tag, version: put.version })
}

/// Renews the lease until it is aborted, or until another run has it.
async fn renew(held: &Held, is_lost: &AtomicBool) {
    let mut renewed = now_ms();
    let lasts = i64::try_from(LASTS.as_millis()).unwrap_or(i64::MAX);
    loop {
        sleep(RENEWED).await;
        match held.keep(LASTS).await {
            Ok(true) => renewed = now_ms(),
            // Another attempt follows, until the lease has ended.
            Err(_) if now_ms().saturating_sub(renewed) < lasts => {}
            Ok(false) | Err(_) => return is_lost.store(true, Ordering::Relaxed),
        }
    }
}
