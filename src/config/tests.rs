use std::collections::HashMap;

use secrecy::ExposeSecret;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Settings, Vec<SettingError>> {
    let vars: HashMap<&str, &str> = pairs.iter().copied().collect();
    Settings::read(|name| vars.get(name).map(|&value| value.to_owned()))
}

#[test]
fn nothing_set_is_a_loopback_server_without_keys() {
    let settings = read(&[]).unwrap();
    assert_eq!(settings.bind.to_string(), "127.0.0.1:8000");
    assert_eq!(settings.catalog_path, PathBuf::from("data/catalog.csv"));
    assert_eq!(settings.data_dir, PathBuf::from("var"));
    assert_eq!(settings.log_level, LevelFilter::INFO);
    assert!(!settings.twilio.checks());
    assert!(!settings.exposed());
}

#[test]
fn blank_is_unset() {
    let settings = read(&[("BIND", " "), ("API_TOKEN", ""), ("TWILIO_AUTH_TOKEN", "  ")]).unwrap();
    assert_eq!(settings.bind, DEFAULT_BIND);
    assert!(settings.api_token.is_none());
    assert!(!settings.twilio.checks());
}

#[test]
fn every_wrong_value_is_told_with_what_would_be_right() {
    let problems = read(&[
        ("BIND", "8000"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("RETENTION_DAYS", "0"),
        ("OPENAI_BASE_URL", "localhost:11434"),
        ("TWILIO_AUTH_TOKEN", "one,two,three"),
        ("TWILIO_ACCOUNT_SID", "SM12"),
        ("TWILIO_WHATSAPP_FROM", "+14155238886"),
        ("PUBLIC_BASE_URL", "https://bot.example.mx/?a=1"),
        ("META_PHONE_NUMBER_ID", "+1"),
        ("API_TOKEN", " hush"),
    ])
    .unwrap_err();
    let names: Vec<&str> = problems.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "BIND",
            "LOG_LEVEL",
            "LOG_FORMAT",
            "RETENTION_DAYS",
            "OPENAI_BASE_URL",
            "TWILIO_AUTH_TOKEN",
            "TWILIO_ACCOUNT_SID",
            "TWILIO_WHATSAPP_FROM",
            "PUBLIC_BASE_URL",
            "META_PHONE_NUMBER_ID",
            "API_TOKEN",
        ]
    );
    assert_eq!(problems[0].to_string(), "BIND=8000: an address and a port, such as 127.0.0.1:8000");
}

#[test]
fn secrets_are_never_shown() {
    let problems = read(&[("API_TOKEN", "hush hush"), ("TWILIO_AUTH_TOKEN", "hush,")]).unwrap_err();
    assert_eq!(problems.len(), 2);
    assert!(problems.iter().all(|p| !p.to_string().contains("hush")));
    let settings = read(&[("API_TOKEN", "hush"), ("OPENAI_API_KEY", "hush")]).unwrap();
    assert!(!format!("{settings:?}").contains("hush"));
}

#[test]
fn two_twilio_tokens_while_one_is_rotated() {
    let settings = read(&[("TWILIO_AUTH_TOKEN", "old,new")]).unwrap();
    let tokens: Vec<&str> =
        settings.twilio.auth_tokens.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(tokens, ["old", "new"]);
}

#[test]
fn exposed_by_address_or_by_name() {
    assert!(read(&[("BIND", "0.0.0.0:8000")]).unwrap().exposed());
    assert!(read(&[("BIND", "192.168.1.4:8000")]).unwrap().exposed());
    assert!(!read(&[("BIND", "[::1]:8000")]).unwrap().exposed());
    let named = read(&[("PUBLIC_BASE_URL", "https://bot.example.mx/")]).unwrap();
    assert!(named.exposed());
    assert_eq!(named.public_base_url.as_deref(), Some("https://bot.example.mx"));
}

#[test]
fn log_levels_are_words() {
    assert_eq!(read(&[("LOG_LEVEL", "Debug")]).unwrap().log_level, LevelFilter::DEBUG);
    assert!(read(&[("LOG_LEVEL", "3")]).is_err());
}
