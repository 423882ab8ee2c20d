//! Bytes of what is stored: CBOR for values, frames of compressed CBOR for the log.

use std::cell::RefCell;

use minicbor::{Decode, Encode};

use crate::error::StoreError;

/// Level 1: level 3 was measured to cost more and to save next to nothing.
const LEVEL: i32 = 1;
/// The most bytes a compressed row may come to; one that says more is damaged.
const INFLATED_MAX: usize = 256 << 20;

/// The bytes of a value.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing into memory does not fail")
}

/// The value of bytes; `what` names the row if they do not read.
pub(crate) fn decode<'b, T: Decode<'b, ()>>(
    bytes: &'b [u8],
    what: impl FnOnce() -> String,
) -> Result<T, StoreError> {
    minicbor::decode(bytes).map_err(|_| StoreError::damaged(what()))
}

thread_local! {
    static COMPRESSOR: RefCell<zstd::bulk::Compressor<'static>> = RefCell::new(compressor());
    static DECOMPRESSOR: RefCell<zstd::bulk::Decompressor<'static>> =
        RefCell::new(zstd::bulk::Decompressor::new().expect("memory for a decompressor"));
}

/// With zstd's own checksum, so that a changed bit is seen when the row is read.
fn compressor() -> zstd::bulk::Compressor<'static> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL).expect("memory for a compressor");
    compressor.include_checksum(true).expect("a parameter zstd knows");
    compressor
}

/// Compresses bytes, with a checksum.
pub(crate) fn compress(bytes: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.compress(bytes).expect("the output has the room zstd asks for")
    })
}

/// The bytes that were compressed; `what` names the row if they do not read.
pub(crate) fn decompress(bytes: &[u8], what: impl Fn() -> String) -> Result<Vec<u8>, StoreError> {
    let size = zstd::zstd_safe::get_frame_content_size(bytes)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= INFLATED_MAX)
        .ok_or_else(|| StoreError::damaged(what()))?;
    DECOMPRESSOR.with_borrow_mut(|decompressor| {
        decompressor.decompress(bytes, size).map_err(|_| StoreError::damaged(what()))
    })
}
