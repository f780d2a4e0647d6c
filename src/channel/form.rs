//! `application/x-www-form-urlencoded`, to the letter.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// The fields of a form in the order they came, values untouched.
///
/// Decoding is strict: the usual decoders put U+FFFD where bytes are no UTF-8, and a signature
/// over that could never fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

/// Bytes that are no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the form is not UTF-8")]
pub struct FormError;

impl Form {
    /// Reads the body of a request.
    ///
    /// # Errors
    ///
    /// A name or a value that is not UTF-8 once decoded.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        body.split(|&byte| byte == b'&')
            .filter(|field| !field.is_empty())
            .map(|field| {
                let mut parts = field.splitn(2, |&byte| byte == b'=');
                let mut part = || decoded(parts.next().unwrap_or_default());
                Ok((part()?, part()?))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The first value of a field; nothing where it is missing or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(field, _)| field == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every field, repeated ones too.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.0
    }
}

fn decoded(part: &[u8]) -> Result<String, FormError> {
    // Most are plain.
    if !part.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return String::from_utf8(part.to_vec()).map_err(|_| FormError);
    }
    let spaced: Cow<'_, [u8]> = if part.contains(&b'+') {
        part.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect()
    } else {
        part.into()
    };
    percent_decode(&spaced).decode_utf8().map(Cow::into_owned).map_err(|_| FormError)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_plus_signs_escapes_and_missing_values() {
        let form = Form::parse(b"Body=%C2%BFTienen+Versa%3F&&ButtonText=&x&a=b%3Dc=d").unwrap();
        assert_eq!(form.get("Body"), Some("¿Tienen Versa?"));
        assert_eq!(form.get("ButtonText"), None);
        assert_eq!(form.get("a"), Some("b=c=d"));
        assert_eq!(form.fields().len(), 4);
    }

    #[test]
    fn refuses_what_is_not_utf8() {
        assert_eq!(Form::parse(b"Body=%FF"), Err(FormError));
        assert_eq!(Form::parse(b"Body=\xff"), Err(FormError));
    }

    proptest! {
        #[test]
        fn what_is_encoded_comes_back(name in "\\PC{1,8}", value in any::<String>()) {
            let encode = |text: &str| {
                percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                    .to_string()
            };
            let form = Form::parse(format!("{}={}", encode(&name), encode(&value)).as_bytes());
            prop_assert_eq!(form, Ok(Form(vec![(name, value)])));
        }
    }
}
