//! Connections that we open: the one cryptography that they are encrypted with, and how much of an
//! answer is read.
//!
//! reqwest comes without one, so that the choice is made once, here: ring, which builds without
//! cmake and a C++ compiler. Without it a client panics when it is built, also one for plain http.

use std::error::Error;

use reqwest::Response;

/// Makes ring the process's provider. To be called before any `reqwest::Client` is built; calling
/// it again changes nothing.
pub fn install() {
    // An error only says that one is installed already, by an earlier call.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// An answer that was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It has more bytes than it may have.
    #[error("it has more than {0} bytes")]
    TooLarge(usize),
    /// The connection broke.
    #[error("{}", deepest(.0))]
    Broken(#[from] reqwest::Error),
}

/// All of an answer's body, in pieces as they come: what is over `most` bytes is never held.
///
/// # Errors
///
/// See [`ReadError`].
pub async fn read(answer: &mut Response, most: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if bytes.len() + piece.len() > most {
            return Err(ReadError::TooLarge(most));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// What the system said: the errors above it only repeat the address.
#[must_use]
pub fn deepest(error: &reqwest::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_client_can_be_built_however_often_it_is_installed() {
        super::install();
        super::install();
        assert!(reqwest::Client::builder().tls_certs_only([]).build().is_ok());
    }
}
