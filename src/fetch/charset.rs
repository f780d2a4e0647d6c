//! Bytes to letters: what the server says, else what the page says, else UTF-8.

use encoding_rs::{Encoding, UTF_8};

use super::error::FetchErrorKind;

/// How far into a page its own word for its letters is looked for, as the HTML standard has it.
const HEAD_BYTES: usize = 1024;

/// The text of `bytes`, which came as `content_type`.
pub(super) fn decode(bytes: &[u8], content_type: &str) -> Result<String, FetchErrorKind> {
    let label = from_header(content_type).or_else(|| from_page(bytes));
    let encoding = match &label {
        Some(label) => Encoding::for_label(label.as_bytes())
            .ok_or_else(|| FetchErrorKind::UnknownCharset(label.clone()))?,
        None => UTF_8,
    };
    // A byte order mark overrules both.
    let (text, used, has_errors) = encoding.decode(bytes);
    if has_errors {
        let charset = used.name().to_owned();
        return Err(FetchErrorKind::BadLetters { charset, declared: label.is_some() });
    }
    Ok(text.into_owned())
}

/// `iso-8859-1` of `text/html; charset="iso-8859-1"`.
fn from_header(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1);
    let mut named = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, value) = named.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    let label = value.trim().trim_matches(['"', '\'']).trim();
    (!label.is_empty()).then(|| label.to_owned())
}

/// `iso-8859-1` of `<meta charset=iso-8859-1>` or of `<meta … content="text/html;
/// charset=iso-8859-1">` near the beginning.
fn from_page(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]).to_ascii_lowercase();
    let tags = head.split("<meta").skip(1);
    let labels = tags.filter_map(|rest| {
        let tag = rest.split('>').next()?;
        let (_, value) = tag.split_once("charset")?;
        let value = value.trim_start().strip_prefix('=')?.trim_start_matches([' ', '"', '\'']);
        let end = value.find(|sign: char| !(sign.is_ascii_alphanumeric() || "-_:.".contains(sign)));
        Some(value[..end.unwrap_or(value.len())].to_owned())
    });
    labels.into_iter().find(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_s_word_comes_before_the_page_s() {
        let page = b"<meta charset='utf-8'>a\xf1o";
        assert!(
            decode(page, "text/html; Charset=\"ISO-8859-1\"").is_ok_and(|t| t.ends_with("año"))
        );
        assert!(matches!(
            decode(page, "text/html"),
            Err(FetchErrorKind::BadLetters { declared: true, .. })
        ));
    }

    #[test]
    fn a_page_may_say_it_in_both_ways() {
        for meta in [
            "<meta charset=windows-1252>",
            "<META name=x><meta http-equiv=\"Content-Type\" content=\"text/html; charset=latin1\">",
        ] {
            let page = [meta.as_bytes(), b"a\xf1o"].concat();
            assert!(decode(&page, "text/html").is_ok_and(|text| text.ends_with("año")), "{meta}");
        }
    }

    #[test]
    fn letters_that_cannot_be_told_are_no_text() {
        let undeclared = decode(b"a\xf1o", "text/plain").expect_err("no UTF-8");
        assert!(undeclared.to_string().contains("does not say"), "{undeclared}");
        let unknown = decode(b"a", "text/plain; charset=klingon").expect_err("no such charset");
        assert!(unknown.to_string().contains("klingon"), "{unknown}");
    }
}
