//! Personal data taken out of a question before it leaves to a model or is listed for operators.
//!
//! Each kind has its shape: addresses and numbers of registers first, then digits that can be
//! called, then plates, then names: behind their announcement, or two capitalised words that the
//! word lists do not know. Prices, years, kilometres, terms and models have none of these shapes and
//! stay.

mod lists;
mod name;
mod number;
mod plate;
mod spelled;

use std::sync::LazyLock;

use regex::Regex;

/// What has a shape of its own, in the order in which it is looked for, and what stands for it.
static SHAPES: LazyLock<[(Regex, &str); 8]> = LazyLock::new(|| {
    let site = r"(?:www\.)?(?:facebook|fb|instagram|tiktok|linkedin|twitter|x)\.com";
    let profile = format!(r"(?:https?://)?(?:wa\.me|t\.me|m\.me|{site})/[^\s,;]+");
    let at = r"\s?(?:@|\(at\)|\barroba\b)\s?";
    let dot = r"(?:\.|\s+punto\s+)";
    let part = r"[\p{L}\d_%+-]+";
    let mail = format!(r"{part}(?:{dot}+{part})*\.?{at}[\p{{L}}\d-]+(?:{dot}[\p{{L}}\d-]+)+");
    // The letters of a name or a company and a date; then the homoclave, which people leave out.
    let date = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])";
    let rfc = format!(r"\b[A-ZÑ&]{{3,4}}[- ]?{date}[- ]?[A-Z\d]{{2}}[A\d]\b");
    let short_rfc = format!(r"\b[A-ZÑ&]{{4}}{date}\b");
    // CURP: Instructivo Normativo, DOF 18 October 2021.
    let curp = r"\b[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z\d]\d\b".to_owned();
    // ISO 3779, without I, O and Q; with a letter among the first three.
    let (letter, any) = ("[A-HJ-NPR-Z]", r"[A-HJ-NPR-Z\d]");
    let vin = format!(r"\b(?:{letter}{any}{{2}}|\d{letter}{any}|\d{{2}}{letter}){any}{{14}}\b");
    [
        (r"[a-z][a-z0-9+.-]*://[^\s/@]+@[^\s,;]+".to_owned(), "[enlace]"),
        (profile, "[enlace]"),
        (mail, "[correo]"),
        (curp, "[CURP]"),
        (rfc, "[RFC]"),
        (short_rfc, "[RFC]"),
        (vin, "[NIV]"),
        (r"\B@[a-z\d_.]{2,}".to_owned(), "[usuario]"),
    ]
    .map(|(shape, placeholder)| {
        let shape = Regex::new(&format!("(?i){shape}")).expect("a regular expression");
        (shape, placeholder)
    })
});

/// `text` with a short placeholder for each telephone number, address of mail, link to a person,
/// number of a register (CURP, RFC, NSS, VIN), card or account, plate, and name.
///
/// A name in small letters that nothing announces has no shape, and stays; so does a number cut in
/// a way that nobody writes.
#[must_use]
pub fn masked(text: &str) -> String {
    let mut masked = text.to_owned();
    for (shape, placeholder) in SHAPES.iter() {
        if shape.is_match(&masked) {
            masked = shape.replace_all(&masked, *placeholder).into_owned();
        }
    }
    let masked = number::masked(&spelled::masked(&masked));
    name::masked(&plate::masked(&masked))
}

#[cfg(test)]
mod tests;
