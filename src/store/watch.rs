//! Whoever wants to know how the store writes: it reads no clock itself.

/// Told of each group of commits.
pub trait Watch: Send + Sync {
    /// Calls `write` once, which makes a group of `commits` durable, and may measure it.
    fn group(&self, commits: usize, write: &mut dyn FnMut());
}

/// Nobody wants to know.
impl Watch for () {
    fn group(&self, _commits: usize, write: &mut dyn FnMut()) {
        write();
    }
}
