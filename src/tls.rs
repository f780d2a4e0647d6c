//! The one cryptography that connections of ours are encrypted with.
//!
//! reqwest comes without one, so that the choice is made once, here: ring, which builds without
//! cmake and a C++ compiler. Without it a client panics when it is built, also one for plain http.

/// Makes ring the process's provider. To be called before any `reqwest::Client` is built; calling
/// it again changes nothing.
pub fn install() {
    // An error only says that one is installed already, by an earlier call.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
