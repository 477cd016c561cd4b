//! The outputs: each is one projection of the same finished report, and none of them knows a rule.

pub mod explain;
pub mod fault;
mod fingerprint;
pub mod json;
pub mod money;
mod snippet;
pub mod table;
pub mod text;

pub use text::View;

/// Which gates failed, and the exit status that follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gates {
    /// The gates that failed, each in a few words: "fail-on high".
    pub failed: Vec<String>,
    /// The exit status.
    pub exit: u8,
}
