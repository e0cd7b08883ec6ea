//! The pipeline from the bytes of a page to rows, without the network.

use crate::launchdarkly::json_stream::page::{Defect, PageReader, decode};
use crate::model::resource::{AnyResource, Paging, Resource};
use crate::model::scope::Scope;
use crate::model::table::Sink;
use crate::{Error, Result};

/// A resource that turns pages into rows.
pub trait PageRows: AnyResource {
    /// Decodes a page and writes its rows to `sink`.
    ///
    /// # Errors
    /// When the page does not have the form that the API documents, or the sink refuses a row.
    fn extract(&self, page: &[u8], scope: &Scope, sink: &mut dyn Sink) -> Result<()> {
        self.extract_pieces(&mut std::iter::once(page), scope, sink)
    }

    /// Like [`Self::extract`], for a page that arrives in pieces. The rows of an item are written
    /// as soon as the item is complete, before the rest of the page has been checked.
    ///
    /// # Errors
    /// When the page does not have the form that the API documents, or the sink refuses a row.
    fn extract_pieces(
        &self,
        pieces: &mut dyn Iterator<Item = &[u8]>,
        scope: &Scope,
        sink: &mut dyn Sink,
    ) -> Result<()>;
}

impl<R: Resource> PageRows for R {
    fn extract_pieces(
        &self,
        pieces: &mut dyn Iterator<Item = &[u8]>,
        scope: &Scope,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let wrong = |defect: Defect| Error::unexpected(R::NAME, &defect.path, &defect.reason);
        if R::PAGING == Paging::Object {
            let body = pieces.collect::<Vec<_>>().concat();
            return R::write(scope, &decode::<R::Item>(&body).map_err(wrong)?, sink);
        }
        let mut write =
            |items: &[R::Item]| items.iter().try_for_each(|item| R::write(scope, item, sink));
        let mut reader = PageReader::<R::Item>::new();
        for piece in pieces {
            write(&reader.push(piece).map_err(wrong)?)?;
        }
        write(&reader.finish().map_err(wrong)?.items)
    }
}
