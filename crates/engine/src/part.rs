//! Parts of a person's row: read only where somebody asks for them, and written anew only where
//! somebody changed them. Most events touch few parts of a profile.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

/// A value that may still be the bytes it was stored as. It reads and compares as the value.
///
/// Bytes are not looked at before they are asked for, so whoever stores them answers for them: a
/// store compares a checksum before it hands out a row.
pub struct Part<T> {
    value: OnceLock<T>,
    // Invariant: the bytes of the value as it is; `None` only where the value is there.
    bytes: Option<Box<[u8]>>,
    /// The bytes it was read as, once it was changed.
    before: Option<Box<[u8]>>,
}

/// What a part may hold: whatever reads from bytes.
pub trait Stored: for<'b> Decode<'b, ()> + Encode<()> {}

impl<T: for<'b> Decode<'b, ()> + Encode<()>> Stored for T {}

impl<T> Part<T> {
    /// Whether the value was changed, or made, since it was read.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.bytes.is_none()
    }
}

impl<T: Stored> Part<T> {
    /// The value by itself.
    #[must_use]
    pub fn into_value(mut self) -> T {
        self.read();
        self.value.take().expect("it was read")
    }

    /// The value as it was when it was read; `None`: it was made, not read.
    ///
    /// # Panics
    /// As [`Part::read`] does.
    #[must_use]
    pub fn before(&self) -> Option<Cow<'_, T>>
    where
        T: Clone,
    {
        match (&self.bytes, &self.before) {
            (Some(_), _) => Some(Cow::Borrowed(self.read())),
            (None, Some(bytes)) => Some(Cow::Owned(decoded(bytes))),
            (None, None) => None,
        }
    }

    /// The value; reads it the first time.
    ///
    /// # Panics
    /// If the bytes do not read: they were handed out with a checksum that holds.
    fn read(&self) -> &T {
        self.value.get_or_init(|| decoded(self.bytes.as_deref().unwrap_or_default()))
    }
}

fn decoded<T: Stored>(bytes: &[u8]) -> T {
    minicbor::decode(bytes).expect("bytes whose checksum holds are those that were written")
}

impl<T> From<T> for Part<T> {
    fn from(value: T) -> Self {
        Self { value: OnceLock::from(value), bytes: None, before: None }
    }
}

impl<T: Default> Default for Part<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T: Stored> Deref for Part<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.read()
    }
}

impl<T: Stored> DerefMut for Part<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.read();
        if let Some(bytes) = self.bytes.take() {
            self.before = Some(bytes);
        }
        self.value.get_mut().expect("it was read")
    }
}

impl<'p, T: Stored> IntoIterator for &'p Part<T>
where
    &'p T: IntoIterator,
{
    type Item = <&'p T as IntoIterator>::Item;
    type IntoIter = <&'p T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.read().into_iter()
    }
}

impl<T: Clone> Clone for Part<T> {
    fn clone(&self) -> Self {
        let (bytes, before) = (self.bytes.clone(), self.before.clone());
        Self { value: self.value.clone(), bytes, before }
    }
}

impl<T: Stored + fmt::Debug> fmt::Debug for Part<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read().fmt(f)
    }
}

impl<T: Stored + PartialEq> PartialEq for Part<T> {
    fn eq(&self, other: &Self) -> bool {
        self.read() == other.read()
    }
}

impl<T: Stored + Eq> Eq for Part<T> {}

impl<T: Stored + PartialOrd> PartialOrd for Part<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.read().partial_cmp(other.read())
    }
}

impl<T: Stored + Ord> Ord for Part<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.read().cmp(other.read())
    }
}

impl<C, T: Stored> Encode<C> for Part<T> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        match &self.bytes {
            Some(bytes) => e.bytes(bytes)?.ok(),
            None => {
                let mut bytes = Vec::with_capacity(256);
                minicbor::encode(self.read(), &mut bytes)
                    .map_err(|_| EncodeError::message("writing into memory does not fail"))?;
                e.bytes(&bytes)?.ok()
            }
        }
    }
}

impl<'b, C, T> Decode<'b, C> for Part<T> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(Self { value: OnceLock::new(), bytes: Some(d.bytes()?.into()), before: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(words: &[&str]) -> Part<Vec<String>> {
        let part: Part<Vec<String>> =
            words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>().into();
        minicbor::decode(&minicbor::to_vec(&part).unwrap()).unwrap()
    }

    #[test]
    fn what_was_only_read_is_written_as_it_was() {
        let part = stored(&["boots", "socks"]);
        let before = minicbor::to_vec(&part).unwrap();
        assert_eq!(part.len(), 2);
        assert!(!part.changed());
        assert_eq!(minicbor::to_vec(&part).unwrap(), before);
    }

    #[test]
    fn what_was_changed_is_written_anew() {
        let mut part = stored(&["boots"]);
        part.push("socks".to_owned());
        assert!(part.changed());
        assert_eq!(part, stored(&["boots", "socks"]));
        assert_eq!(
            minicbor::to_vec(&part).unwrap(),
            minicbor::to_vec(stored(&["boots", "socks"])).unwrap()
        );
        part.clear();
        assert_eq!(part.before().as_deref(), Some(&vec!["boots".to_owned()]));
        assert_eq!(Part::from(vec![1]).before(), None);
        part.push("hat".to_owned());
        assert_eq!(part.into_value(), ["hat"]);
    }
}
