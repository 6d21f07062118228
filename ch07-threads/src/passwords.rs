//! Example: Random passwords, and the salted keys to store instead.
//!
//! The passwords are made up, so any generator will do. A salt must be unpredictable, so it comes
//! from the operating system.
//!
//! In Python: `hashlib.scrypt`, `os.urandom`. Here: `scrypt::scrypt`, `getrandom::fill`.

use scrypt::Params;

/// What scrypt makes of a password and a salt.
pub type Key = [u8; 64];

/// What differs for equal passwords. It is no secret, and is stored beside the key.
pub type Salt = [u8; 16];

/// A password of `length` random lower-case letters. (The book's has none: `bytes(n)` is a string
/// of `n` zeros.)
#[must_use]
pub fn random_password(length: usize) -> Vec<u8> {
    (0..length).map(|_| fastrand::lowercase() as u8).collect()
}

/// Hashes a password with a new salt. A login hashes what was typed with the same salt, and compares
/// the keys.
///
/// # Errors
/// If the operating system has no random bytes.
pub fn hash(password: &[u8]) -> anyhow::Result<(Salt, Key)> {
    let mut salt = Salt::default();
    getrandom::fill(&mut salt)?;
    Ok((salt, key(password, &salt)))
}

/// `hashlib.scrypt(password, salt=salt, n=2048, p=1, r=8)`.
fn key(password: &[u8], salt: &[u8]) -> Key {
    let mut key = [0; 64];
    let params = Params::new(11, 8, 1).expect("n = 2^11, r = 8 and p = 1 are allowed");
    scrypt::scrypt(password, salt, &params, &mut key).expect("a key may have 64 bytes");
    key
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
    fn the_key_is_that_of_python() {
        let key = key(b"password", b"0123456789abcdef");
        assert_eq!(
            hex(&key),
            "7bebfb933af06f169ea78869e6b4b31e982f0ba2f4aff4d9842ed31f338bf34e\
             e32aa5e47736404a8157f41765497620aef385c106afbb6de9dca562d8b64ec7"
        );
    }

    #[test]
    fn a_new_salt_makes_another_key_and_the_stored_one_the_same() {
        let (salt, stored) = hash(b"password").unwrap();
        let (another_salt, another) = hash(b"password").unwrap();
        assert_ne!(salt, another_salt);
        assert_ne!(stored, another);
        assert_eq!(key(b"password", &salt), stored);
    }

    #[test]
    fn every_byte_of_a_salt_is_random() {
        let salts = [(); 8].map(|()| hash(b"password").unwrap().0);
        for byte in 0..salts[0].len() {
            assert!(
                salts.iter().any(|salt| salt[byte] != salts[0][byte]),
                "{byte}"
            );
        }
    }

    #[test]
    fn passwords_are_letters() {
        let password = random_password(10);
        assert_eq!(password.len(), 10);
        assert!(password.iter().all(u8::is_ascii_lowercase));
        assert_ne!(password, random_password(10));
    }
}
