//! Numbers that look drawn by lot and are the same on every run (`SplitMix64`; Steele, Lea & Flood
//! 2014).

/// Scatters a number evenly.
pub(crate) fn scattered(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
