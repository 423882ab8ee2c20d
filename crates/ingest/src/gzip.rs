//! Compressed bodies: known by their first bytes, whatever the headers say, and bounded.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

/// Why a compressed body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// It is no gzip, or a part is missing.
    #[error("the body begins like gzip but is damaged (send it again, whole)")]
    Damaged,
    /// It inflates beyond the bound.
    #[error("the body inflates beyond {max} bytes (send smaller batches)")]
    TooLarge {
        /// The bound in bytes.
        max: usize,
    },
}

/// Whether `bytes` begin like gzip (RFC 1952, section 2.3.1); no JSON and no CSV does.
#[must_use]
pub fn compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 0x08])
}

/// Inflates `bytes` to at most `max` bytes; memory stays within `max` whatever they claim.
///
/// # Errors
/// [`InflateError::Damaged`] if they are no whole gzip, [`InflateError::TooLarge`] beyond `max`.
pub fn inflate(bytes: &[u8], max: usize) -> Result<Vec<u8>, InflateError> {
    let mut inflated = Vec::with_capacity(bytes.len().saturating_mul(4).min(max));
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(bytes)
        .take(limit)
        .read_to_end(&mut inflated)
        .map_err(|_| InflateError::Damaged)?;
    if inflated.len() > max { Err(InflateError::TooLarge { max }) } else { Ok(inflated) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn compress(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_was_compressed_comes_back() {
        let packed = compress(b"{\"batch\":[]}");
        assert!(compressed(&packed));
        assert_eq!(inflate(&packed, 100), Ok(b"{\"batch\":[]}".to_vec()));
        assert!(!compressed(b"{\"batch\":[]}"));
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let bomb = compress(&vec![b' '; 50 << 20]);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(inflate(&bomb, 1 << 20), Err(InflateError::TooLarge { max: 1 << 20 }));
    }

    #[test]
    fn half_a_body_is_damaged() {
        let packed = compress(b"{\"batch\":[{\"type\":\"track\"}]}");
        assert_eq!(inflate(&packed[..packed.len() / 2], 100), Err(InflateError::Damaged));
        assert_eq!(inflate(b"plain", 100), Err(InflateError::Damaged));
    }
}
