//! A purchase in five messages, as Twilio sends and signs it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

use crate::process::{Answer, Connection, Failure, Place};
use crate::{TOKEN, signed};

/// Search, pick, on credit, down payment, term.
pub(crate) const MESSAGES: [&str; 5] = ["busco un Versa", "1", "a crédito", "20%", "48"];

/// Where Twilio posts to.
pub(crate) const PATH: &str = "/webhook/whatsapp";

/// One message of one customer: its signature, a blank, its form.
pub(crate) fn message(url: &str, customer: usize, number: usize) -> String {
    let id = format!("SM{customer:024}{number:08}");
    let from = format!("whatsapp:+52155{customer:08}");
    let fields = BTreeMap::from([
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("Body", MESSAGES[number]),
        ("From", &from),
        ("MessageSid", &id),
        ("MessageType", "text"),
        ("NumMedia", "0"),
        ("ProfileName", "José"),
        ("To", "whatsapp:+14155238886"),
    ]);
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).expect("any key will do");
    mac.update(format!("{url}{PATH}").as_bytes());
    for (name, value) in &fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let pair = |(name, value): (&&str, &&str)| {
        format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
    };
    let form: Vec<String> = fields.iter().map(pair).collect();
    format!("{signature} {}", form.join("&"))
}

/// Posts one message.
pub(crate) fn post(
    connection: &mut Connection,
    signature: &str,
    form: &str,
) -> Result<Answer, Failure> {
    let headers =
        [("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature)];
    connection.post_with(PATH, &headers, form)
}

/// Walks one purchase, to see that what is measured is what it says.
pub(crate) fn walk() {
    let place = Place::new(&signed(&[]));
    let (_server, address) = place.serve().expect("it starts");
    let mut connection = Connection::open(address).expect("it listens");
    let url = format!("http://{address}");
    let mut last = String::new();
    for number in 0..MESSAGES.len() {
        let message = message(&url, 1, number);
        let (signature, form) = message.split_once(' ').expect("a signature and a form");
        let answer = post(&mut connection, signature, form).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.body);
        last = answer.body;
    }
    assert!(last.contains("48 pagos de"), "it does not end with a plan: {last}");
}
