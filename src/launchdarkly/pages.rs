//! A list of several pages, read from the first to the last.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::json_stream::page::End;
use super::{Client, Request};
use crate::{Error, Result};

/// The most pages of one list. A server that ignores `offset` would otherwise be asked for ever.
const MOST_PAGES: usize = 10_000;

/// The pages of a list, each of which is asked for when it is wanted.
#[derive(Debug)]
pub struct Pages<'c, T> {
    client: &'c Client,
    request: Request,
    limit: Option<usize>,
    /// The items and the pages so far.
    offset: usize,
    read: usize,
    is_at_end: bool,
    items: PhantomData<fn() -> T>,
}

impl<'c, T: DeserializeOwned + Send> Pages<'c, T> {
    /// The pages of up to `limit` items of the list that `request` asks for; without a limit, one
    /// answer is the whole list.
    pub fn new(client: &'c Client, request: Request, limit: Option<usize>) -> Self {
        let request =
            limit.into_iter().fold(request, |request, limit| request.with("limit", limit));
        let items = PhantomData;
        Pages { client, request, limit, offset: 0, read: 0, is_at_end: false, items }
    }

    /// The items of the next page; `None` after the last one.
    ///
    /// # Errors
    /// By the table of codes: `unexpected_response` if the answer is no list, or the list has no
    /// end.
    pub async fn next_page(&mut self) -> Result<Option<Vec<T>>> {
        if self.is_at_end {
            return Ok(None);
        }
        if self.read == MOST_PAGES {
            return Err(Error::unexpected(self.request.resource, "", "the list has no end"));
        }
        let request = self.request();
        let (mut items, mut end) = self.client.list_here(&request, Vec::new()).await?;
        // Go servers omit an empty list. A body with neither field is no list.
        if !end.has_items && !end.has_links {
            return Err(Error::unexpected(request.resource, "items", "missing field `items`"));
        }
        items.append(&mut end.items);
        self.read += 1;
        self.offset += items.len();
        self.is_at_end = items.is_empty() || self.is_last(items.len(), &end);
        Ok(Some(items))
    }

    /// The items of the first `count` pages.
    ///
    /// # Errors
    /// As for [`Self::next_page`].
    pub async fn first(mut self, count: usize) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while self.read < count {
            let Some(items) = self.next_page().await? else { break };
            all.extend(items);
        }
        Ok(all)
    }

    /// The items of all pages.
    ///
    /// # Errors
    /// As for [`Self::next_page`].
    pub async fn all(self) -> Result<Vec<T>> {
        self.first(usize::MAX).await
    }

    /// The request for the next page.
    fn request(&self) -> Request {
        let request = self.request.clone();
        if self.offset == 0 { request } else { request.with("offset", self.offset) }
    }

    /// Whether a page of `length` items is the last one. A server may cut pages shorter than asked.
    fn is_last(&self, length: usize, end: &End<T>) -> bool {
        let total = end.total_count.and_then(|total| usize::try_from(total).ok());
        match (total, self.limit) {
            (_, None) => true,
            (Some(total), _) => self.offset >= total,
            (None, Some(limit)) => length < limit && end.next.is_none(),
        }
    }
}
