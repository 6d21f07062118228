//! Example: Random passwords and what is stored of them.

use scrypt::Params;
use scrypt::errors::{InvalidOutputLen, InvalidParams};

/// What scrypt makes of a password and a salt.
pub type Key = [u8; 64];

/// A password of so many random lower-case letters. (The book's has so many zero bytes: `bytes(n)`
/// is n zeros.)
#[must_use]
pub fn random_password(length: usize) -> Vec<u8> {
    (0..length).map(|_| fastrand::lowercase() as u8).collect()
}

/// Sixteen random bytes. Real salts need a generator that nobody can predict; these only make each
/// hash differ.
#[must_use]
pub fn random_salt() -> [u8; 16] {
    fastrand::u128(..).to_le_bytes()
}

/// `hashlib.scrypt(password, salt=salt, n=2048, p=1, r=8)`.
///
/// # Errors
/// Never: these parameters are within scrypt's limits.
pub fn hash(password: &[u8], salt: &[u8]) -> anyhow::Result<Key> {
    scrypt_key(password, salt, 11, 8, 1)
}

fn scrypt_key(password: &[u8], salt: &[u8], log_n: u8, r: u32, p: u32) -> anyhow::Result<Key> {
    let mut key = [0; 64];
    let params = Params::new(log_n, r, p).map_err(|InvalidParams| {
        anyhow::anyhow!("scrypt does not allow n = 2^{log_n}, r = {r}, p = {p}")
    })?;
    scrypt::scrypt(password, salt, &params, &mut key)
        .map_err(|InvalidOutputLen| anyhow::anyhow!("scrypt does not make keys of 64 bytes"))?;
    Ok(key)
}

/// A digest or key as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_of_rfc_7914() {
        let key = |password: &str, salt: &str, log_n, r, p| {
            hex(&scrypt_key(password.as_bytes(), salt.as_bytes(), log_n, r, p).unwrap())
        };
        assert_eq!(
            key("", "", 4, 1, 1),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
             fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        );
        assert_eq!(
            key("password", "NaCl", 10, 8, 16),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
             2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        );
        assert_eq!(
            key("pleaseletmein", "SodiumChloride", 14, 8, 1),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
             d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        );
    }

    #[test]
    fn the_same_password_has_another_key_with_another_salt() {
        let one = hash(b"password", &random_salt()).unwrap();
        let other = hash(b"password", &random_salt()).unwrap();
        assert_ne!(one, other);
        assert!(scrypt_key(b"", b"", 0, 0, 0).is_err());
    }

    #[test]
    fn passwords_are_letters() {
        let password = random_password(10);
        assert_eq!(password.len(), 10);
        assert!(password.iter().all(u8::is_ascii_lowercase));
        assert_ne!(password, random_password(10));
    }
}
