//! How the shop's server vouches for a login: a signature with a secret that no browser knows.
//!
//! `proof` is `UNTIL.SIGNATURE`: the second of 1970 (UTC) at which it ends, and HMAC-SHA-256 over the
//! user id, a line end and that number, as hexadecimal digits (RFC 2104).

use regulars_engine::time::Timestamp;
use ring::hmac;

use crate::secret::unhex;

/// A proof is good for a month at most, in seconds: a login ends, and so does what was proved by it.
pub const PROOF_AGE_MAX_S: i64 = 31 * 24 * 3_600;

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The source has no secret, so that nobody can vouch.
    #[error(
        "the source has no secret to prove logins with; make one with \"regulars source secret\""
    )]
    NoSecret,
    /// It is written otherwise, or signed with another secret or for another user id.
    #[error("the proof is not signed with the source's secret for this user id")]
    Wrong,
    /// Its time is over.
    #[error("the proof is no longer good; let your server sign a new one")]
    Over,
    /// Its time is over too late.
    #[error("the proof would be good for more than 31 days; sign a shorter one")]
    TooLong,
}

/// Whether `proof` vouches for `user_id` at `now`.
///
/// # Errors
/// [`ProofError`] says why it does not.
pub fn proves(
    secret: Option<&str>,
    user_id: &str,
    proof: &str,
    now: Timestamp,
) -> Result<(), ProofError> {
    let secret = secret.ok_or(ProofError::NoSecret)?;
    let (until, signature) = proof.split_once('.').ok_or(ProofError::Wrong)?;
    let until: i64 = until.parse().map_err(|_| ProofError::Wrong)?;
    let given = unhex(signature).ok_or(ProofError::Wrong)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, signed(user_id, until).as_bytes(), &given).map_err(|_| ProofError::Wrong)?;
    match until.saturating_sub(now.0.div_euclid(1_000)) {
        ..=0 => Err(ProofError::Over),
        1..=PROOF_AGE_MAX_S => Ok(()),
        _ => Err(ProofError::TooLong),
    }
}

fn signed(user_id: &str, until_s: i64) -> String {
    format!("{user_id}\n{until_s}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::hex;

    /// As a shop's server signs.
    fn signature(secret: &str, user_id: &str, until_s: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, signed(user_id, until_s).as_bytes());
        format!("{until_s}.{}", hex(tag.as_ref()))
    }

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn a_proof_is_good_for_its_login_its_secret_and_its_time() {
        let at = |proof: &str, who: &str| proves(Some("ss_1"), who, proof, NOW);
        let until = |s: i64| signature("ss_1", "42", 1_800_000_000 + s);
        assert_eq!(at(&until(60), "42"), Ok(()));
        assert_eq!(at(&until(60), "43"), Err(ProofError::Wrong));
        assert_eq!(at(&signature("ss_2", "42", 1_800_000_060), "42"), Err(ProofError::Wrong));
        assert_eq!(at(&until(0), "42"), Err(ProofError::Over));
        assert_eq!(at(&until(PROOF_AGE_MAX_S + 1), "42"), Err(ProofError::TooLong));
        let later = until(60).replacen("1800000060", "1800000070", 1);
        assert_eq!(at(&later, "42"), Err(ProofError::Wrong));
        assert_eq!(at("", "42"), Err(ProofError::Wrong));
        assert_eq!(proves(None, "42", &until(60), NOW), Err(ProofError::NoSecret));
    }

    /// The figure of `printf '42\n1800000060' | openssl dgst -sha256 -hmac ss_1`.
    #[test]
    fn what_other_programs_sign_proves() {
        let signed = "1800000060.f2c490c8f4d7e4a40ad2a30d0618a30fafce5f95b220f362d39a357e2ebb8722";
        assert_eq!(proves(Some("ss_1"), "42", signed, NOW), Ok(()));
    }
}
