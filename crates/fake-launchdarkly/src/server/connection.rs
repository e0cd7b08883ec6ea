//! Connections: from bytes to requests and back.

use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};
use hyper::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING, USER_AGENT,
};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::answer::answer;
use super::body::Answered;
use super::shared::Shared;
use crate::ask::{Ask, LARGEST_BODY};

/// Accepts connections until it is dropped, which closes them.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, Arc::clone(&shared)));
            }
            // The likely cause is a lack of file descriptors, which is temporary.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Serves one connection. Connection errors are ignored; the client sees them.
async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(Arc::clone(&shared), request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = (&mut connection).await
        && is_reset(&error)
    {
        // From here on, closing the socket resets the connection.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Whether the service, or the client, reset the connection.
fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset)
}

async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> io::Result<Response<Answered>> {
    let (head, body) = request.into_parts();
    let body = received(body).await?;
    let reply = answer(&shared, &ask(&head, body)).await?;
    reply.into_response().map_err(io::Error::other)
}

fn ask(head: &Parts, body: Option<Bytes>) -> Ask {
    let headers = &head.headers;
    Ask {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or("").to_owned(),
        token: text(headers, AUTHORIZATION.as_str()),
        api_version: text(headers, "ld-api-version"),
        user_agent: text(headers, USER_AGENT.as_str()),
        content_type: text(headers, CONTENT_TYPE.as_str()),
        encoding: text(headers, CONTENT_ENCODING.as_str()),
        event_schema: text(headers, "x-launchdarkly-event-schema"),
        payload_id: text(headers, "x-launchdarkly-payload-id"),
        is_chunked: headers.contains_key(TRANSFER_ENCODING),
        body,
    }
}

/// The whole body, unless it is too large, in which case the rest of it is not read.
async fn received(mut body: Incoming) -> io::Result<Option<Bytes>> {
    // The lower bound is `Content-Length`, if there is one.
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if expected > LARGEST_BODY {
        return Ok(None);
    }
    let mut bytes = BytesMut::with_capacity(expected);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(piece) = frame.map_err(io::Error::other)?.into_data() else { continue };
        if bytes.len() + piece.len() > LARGEST_BODY {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes.freeze()))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
