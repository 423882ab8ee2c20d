//! Numbers of variable length: most of what is kept in large numbers is small, or near what stands
//! before it.

/// Appends `number` in seven bits a byte, the low ones first.
///
/// # Panics
/// Never: seven bits fit into a byte.
pub fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).expect("seven bits fit") | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).expect("less than 128"));
}

/// Takes a number off the front; `None` if the bytes end in it or it is larger than a `u64`.
#[must_use]
pub fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        let part = u64::from(byte & 0x7f);
        let shifted = part.checked_shl(7 * u32::try_from(index).ok()?)?;
        if shifted >> (7 * index) != part {
            return None;
        }
        number |= shifted;
        if byte & 0x80 == 0 {
            *bytes = &bytes[index + 1..];
            return Some(number);
        }
    }
    None
}

/// A number near zero on either side as a small one: 0, -1, 1, -2 become 0, 1, 2, 3.
#[must_use]
pub fn folded(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

/// The number that was [`folded`].
#[must_use]
pub fn unfolded(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX];
        let mut bytes = Vec::new();
        for number in numbers {
            put_number(&mut bytes, number);
        }
        let mut rest = bytes.as_slice();
        for number in numbers {
            assert_eq!(take_number(&mut rest), Some(number));
        }
        assert!(rest.is_empty());
        assert_eq!(take_number(&mut [0x80u8].as_slice()), None);
        assert_eq!(take_number(&mut [0xffu8; 11].as_slice()), None);
    }

    #[test]
    fn numbers_on_either_side_of_zero_come_back() {
        assert_eq!([0, -1, 1, -2].map(folded), [0, 1, 2, 3]);
        for number in [0, 1, -1, 300, -300, i64::MAX, i64::MIN] {
            assert_eq!(unfolded(folded(number)), number);
        }
    }
}
