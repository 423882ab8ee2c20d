//! Bytes of what is stored: CBOR for values, frames of compressed CBOR for the log.

use std::borrow::Cow;
use std::cell::RefCell;
use std::hash::Hasher;

use minicbor::{Decode, Encode};
use siphasher::sip::SipHasher13;

use crate::error::StoreError;

/// Of the log: level 3 was measured to cost more and to save next to nothing.
const LEVEL: i32 = 1;
/// Of rows that are written again and again: a third of the time of level 1, a tenth larger.
const LEVEL_FAST: i32 = -3;
/// Rows below this are left as they are: they fit a page of the database, which is written whole
/// whatever it holds.
const FAST_MIN: usize = 3_900;
/// Of rows that are sealed: below this, making the tables costs some µs and saves no page.
const SEALED_MIN: usize = 1_024;
/// What a sealed row begins with that was left as it is; a checksum of what follows comes next.
const PLAIN: u8 = 0;
/// Room made for a value at first: most rows fit.
const ROOM: usize = 4_096;
/// What a compressed row begins with; as CBOR it would be a negative number, which no row is.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The most bytes a compressed row may come to; one that says more is damaged.
const INFLATED_MAX: usize = 256 << 20;

/// The bytes of a value.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ROOM);
    minicbor::encode(value, &mut bytes).expect("writing into memory does not fail");
    bytes
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
    static FAST: RefCell<zstd::bulk::Compressor<'static>> = RefCell::new(
        zstd::bulk::Compressor::new(LEVEL_FAST).expect("memory for a compressor"));
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

/// A hash of bytes, by which a changed bit is seen.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

/// Bytes with a checksum: compressed if they are many.
pub(crate) fn seal(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() >= SEALED_MIN {
        return compress(bytes);
    }
    let checksum = checksum(bytes).to_le_bytes();
    [&[PLAIN], checksum.as_slice(), bytes].concat()
}

/// The bytes that were sealed; `what` names the row if they do not read.
pub(crate) fn unseal(bytes: &[u8], what: impl Fn() -> String) -> Result<Cow<'_, [u8]>, StoreError> {
    let Some((&PLAIN, rest)) = bytes.split_first() else {
        return decompress(bytes, what).map(Cow::Owned);
    };
    match rest.split_first_chunk() {
        Some((held, rest)) if checksum(rest) == u64::from_le_bytes(*held) => {
            Ok(Cow::Borrowed(rest))
        }
        Some(_) | None => Err(StoreError::damaged(what())),
    }
}

/// The bytes of a value that is written often: compressed if that spares pages. Without a checksum.
pub(crate) fn encode_fast<T: Encode<()>>(value: &T) -> Vec<u8> {
    let bytes = encode(value);
    if bytes.len() < FAST_MIN {
        return bytes;
    }
    FAST.with_borrow_mut(|compressor| {
        compressor.compress(&bytes).expect("the output has the room zstd asks for")
    })
}

/// The value of what [`encode_fast`] wrote.
pub(crate) fn decode_fast<T: for<'b> Decode<'b, ()>>(
    bytes: &[u8],
    what: impl Fn() -> String,
) -> Result<T, StoreError> {
    if bytes.starts_with(&MAGIC) {
        decode(&decompress(bytes, &what)?, what)
    } else {
        decode(bytes, what)
    }
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
