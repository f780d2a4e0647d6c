//! The answer to a webhook: <https://www.twilio.com/docs/messaging/twiml/message>.

use std::fmt::Write as _;

use crate::message::Reply;

const HEADER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// One `<Message>` for each reply; the empty answer for none.
///
/// Choices are not sent: `TwiML` knows no buttons, and the text has their numbers.
#[must_use]
pub fn twiml(replies: &[Reply]) -> String {
    if replies.is_empty() {
        return format!("{HEADER}<Response/>");
    }
    let mut xml = format!("{HEADER}<Response>");
    for reply in replies {
        // Writing to a `String` cannot fail.
        let _ = write!(xml, "<Message><Body>{}</Body>", escaped(&reply.text));
        for address in &reply.media {
            let _ = write!(xml, "<Media>{}</Media>", escaped(address));
        }
        xml.push_str("</Message>");
    }
    xml.push_str("</Response>");
    xml
}

/// Text as XML 1.0 may hold it: markup escaped, characters that it forbids left out.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_delicate) {
        let (plain, from) = rest.split_at(at);
        xml.push_str(plain);
        let mut characters = from.chars();
        match characters.next() {
            Some('&') => xml.push_str("&amp;"),
            Some('<') => xml.push_str("&lt;"),
            Some('>') => xml.push_str("&gt;"),
            // A parser would read a bare one as a line break.
            Some('\r') => xml.push_str("&#13;"),
            Some(c) if is_xml(c) => xml.push(c),
            _ => {}
        }
        rest = characters.as_str();
    }
    xml.push_str(rest);
    xml
}

/// Whether a character that begins with this byte may be markup or forbidden: U+FFFE and U+FFFF begin
/// with 0xEF. What stands between such characters is taken as it is.
const fn is_delicate(byte: u8) -> bool {
    byte < b' ' || matches!(byte, b'&' | b'<' | b'>' | 0xEF)
}

/// Production 2, `Char`, of <https://www.w3.org/TR/xml/>.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reply(text: &str, media: &[&str]) -> Reply {
        let media = media.iter().map(|&address| address.to_owned()).collect();
        Reply { text: text.to_owned(), media, choices: Vec::new() }
    }

    #[test]
    fn no_reply_is_the_empty_response() {
        assert_eq!(twiml(&[]), r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#);
    }

    #[test]
    fn one_message_a_reply() {
        let xml = twiml(&[reply("¿A & B?\n<1>", &["https://x.mx/?a=1&b=2"]), reply("dos", &[])]);
        assert_eq!(
            xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>\
             <Message><Body>¿A &amp; B?\n&lt;1&gt;</Body>\
             <Media>https://x.mx/?a=1&amp;b=2</Media></Message>\
             <Message><Body>dos</Body></Message></Response>"
        );
    }

    #[test]
    fn what_xml_forbids_is_left_out() {
        assert_eq!(escaped("a\0b\u{b}c\u{fffe}d\u{ffff}e\t🚗"), "abcde\t🚗");
    }

    proptest! {
        #[test]
        fn no_markup_gets_through(text in any::<String>()) {
            let xml = escaped(&text);
            prop_assert!(!xml.contains(['<', '>']));
            prop_assert!(xml.chars().all(is_xml));
        }

        #[test]
        fn all_that_xml_allows_is_there(text in "[&<>\r\n\u{0}\u{b}\u{fffd}-\u{ffff}áa🚗]*") {
            let read = escaped(&text).replace("&lt;", "<").replace("&gt;", ">");
            let read = read.replace("&#13;", "\r").replace("&amp;", "&");
            let allowed: String = text.chars().filter(|c| is_xml(*c)).collect();
            prop_assert_eq!(read, allowed);
        }
    }
}
