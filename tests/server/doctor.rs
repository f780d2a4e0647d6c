//! `doctor`: what it finds on a healthy bot, and what on one that others cannot reach as signed.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Output;

use crate::process::Place;

fn doctor(place: &Place, more: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = place.command(&[&["doctor"], arguments].concat());
    command.envs(more.iter().copied()).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_healthy_bot_is_told_so_and_a_wrong_token_is_found() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let here = format!("127.0.0.1:{port}");
    let place = Place::new(&[
        ("BIND", PathBuf::from(&here)),
        ("PUBLIC_BASE_URL", PathBuf::from(format!("http://{here}"))),
        ("TWILIO_AUTH_TOKEN", PathBuf::from("12345")),
    ]);
    let (_server, _) = place.serve().unwrap();
    let healthy = doctor(&place, &[], &[]);
    let said = told(&healthy);
    assert!(healthy.status.success(), "{said}");
    for line in
        ["ok    files:", "ok    store:", "ok    address:", "ok    clock:", "ok    signature:"]
    {
        assert!(said.contains(line), "no `{line}` in {said}");
    }
    assert!(said.contains("look  backup: there is none"), "{said}");

    let other = doctor(&place, &[("TWILIO_AUTH_TOKEN", "other")], &[]);
    assert_eq!(other.status.code(), Some(1));
    assert!(told(&other).contains("WRONG signature:"), "{}", told(&other));
    assert!(!told(&other).contains("12345"), "no secret is told");
}

#[test]
fn nobody_is_asked_offline_and_what_is_missing_is_said() {
    let place = Place::new(&[("META_APP_SECRET", PathBuf::from("secret"))]);
    let output = doctor(&place, &[("PUBLIC_BASE_URL", "http://127.0.0.1:9")], &["--offline"]);
    let said = told(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("set META_VERIFY_TOKEN, META_ACCESS_TOKEN, META_PHONE_NUMBER_ID"));
    assert!(!said.contains("address:"), "{said}");
    let alone = Place::new(&[("FLOWS_DIR", PathBuf::from("/nowhere"))]);
    let output = doctor(&alone, &[], &["--offline"]);
    assert!(told(&output).contains("WRONG files:"), "{}", told(&output));
}
