//! What the listings of chapter 13 share.

pub mod child;
pub mod communicate;
pub mod gpg;
pub mod interactive;
pub mod interrupt;
pub mod prompt;
pub mod spawn;
pub mod system;

pub use child::child;
pub use communicate::communicate;
pub use interactive::interactive;
pub use interrupt::or_interrupted;
pub use spawn::spawn;
pub use system::{return_code, terminate};
