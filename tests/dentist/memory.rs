//! Turns that are remembered: the same one is not taken again, one that may go otherwise is.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use kavak_bot::engine::check::{Sources, check};
use kavak_bot::engine::{Engine, Outcome, Part, Session};
use kavak_bot::message::Content;

use super::clinic::Clinic;
use super::talk::FLOWS;
use super::vocabulary::Dentist;

const TALK: [&str; 3] = ["Quiero una limpieza el martes a las 10", "sí", "gracias"];

/// An engine on the flows with `old` written as `new`.
fn engine(dentist: &Arc<Dentist>, old: &str, new: &str) -> Engine<Dentist> {
    let mut sources = Sources::read(Path::new(FLOWS)).expect("the flows");
    let is_there = sources.files.values().any(|file| file.contains(old));
    assert!(is_there, "nobody says {old}");
    for file in sources.files.values_mut() {
        *file = file.replace(old, new);
    }
    let flows = check(&sources, &**dentist).unwrap_or_else(|problems| panic!("{problems:?}"));
    Engine::new(flows, Arc::clone(dentist))
}

/// What the engine says in the whole talk, and how often the calendar was opened meanwhile.
fn talk(engine: &Engine<Dentist>, from: Session) -> (String, usize) {
    let opened = || engine.vocabulary().opened.load(Ordering::Relaxed);
    let now: Timestamp = "2026-03-02T16:00:00Z".parse().expect("a time");
    let (before, mut session, mut said) = (opened(), from, String::new());
    for words in TALK {
        let content = Content::Text(words.to_owned());
        let (Outcome { session: next, parts, .. }, _) = engine.play(session, &content, now);
        session = next;
        for part in parts {
            if let Part::Text(text) = part {
                said += &text;
            }
        }
    }
    (said, opened() - before)
}

#[test]
fn a_turn_is_taken_once_until_something_that_it_looked_at_changes() {
    let dentist = Arc::new(Dentist::new(Clinic::of_the_tests()));
    let first = engine(&dentist, "Listo:", "Listo:");
    first.remember(None);
    let (said, opened) = talk(&first, Session::default());
    assert_eq!(opened, 1, "{said}");
    assert_eq!(talk(&first, Session::default()), (said.clone(), 0));
    let known = Session { last_seen: Some(Timestamp::UNIX_EPOCH), ..Session::default() };
    assert_ne!(talk(&first, known).0, said, "who is known reads no notice");

    let elsewhere = engine(&dentist, "Te contestamos en el", "Llámanos al");
    elsewhere.remember(Some(&first));
    assert_eq!(talk(&elsewhere, Session::default()), (said.clone(), 0));
    assert_eq!(talk(&first, Session::default()), (said.clone(), 1), "it gave its memory away");

    let renewed = engine(&dentist, "version: 1", "version: 2");
    renewed.remember(Some(&elsewhere));
    assert_eq!(talk(&renewed, Session::default()), (said.clone(), 0));

    let reworded = engine(&dentist, "Listo:", "Hecho:");
    reworded.remember(Some(&renewed));
    let (now, opened) = talk(&reworded, Session::default());
    assert_eq!((now, opened), (said.replace("Listo:", "Hecho:"), 1));

    let other = Arc::new(Dentist::new(Clinic::of_the_tests()));
    let moved = engine(&other, "Listo:", "Listo:");
    moved.remember(Some(&reworded));
    assert_eq!(talk(&moved, Session::default()), (said, 1));
}

#[test]
fn a_remembered_turn_names_the_version_of_now() {
    let dentist = Arc::new(Dentist::new(Clinic::of_the_tests()));
    let now: Timestamp = "2026-03-02T16:00:00Z".parse().expect("a time");
    let play = |engine: &Engine<Dentist>, session: Session, words: &str| {
        engine.play(session, &Content::Text(words.to_owned()), now).0.session
    };
    let first = |engine: &Engine<Dentist>| play(engine, Session::default(), TALK[0]);
    let version = |session: &Session| session.talk.at.as_ref().map(|place| place.version);
    let old = engine(&dentist, "version: 1", "version: 1");
    old.remember(None);
    let stored = first(&old);
    assert_eq!(version(&stored), Some(1));

    let renewed = engine(&dentist, "version: 1", "version: 2");
    renewed.remember(Some(&old));
    let fresh = engine(&dentist, "version: 1", "version: 2");
    assert_eq!(first(&renewed), first(&fresh));
    assert_eq!(version(&first(&renewed)), Some(2));

    // One that was stored under another version is led as if nothing were remembered.
    assert_eq!(play(&renewed, first(&renewed), TALK[1]), play(&fresh, first(&fresh), TALK[1]));
    let opened = || dentist.opened.load(Ordering::Relaxed);
    let before = opened();
    assert_eq!(play(&renewed, stored.clone(), TALK[1]), play(&fresh, stored, TALK[1]));
    assert_eq!(opened() - before, 2);
}

#[test]
fn a_step_that_is_written_otherwise_is_taken_again_although_it_does_the_same() {
    let dentist = Arc::new(Dentist::new(Clinic::of_the_tests()));
    let now: Timestamp = "2026-03-02T16:00:00Z".parse().expect("a time");
    let first = |engine: &Engine<Dentist>| {
        let content = Content::Text(TALK[0].to_owned());
        engine.play(Session::default(), &content, now).0.session
    };
    let old = engine(&dentist, "goto: book}", "goto: book}");
    old.remember(None);
    let waits = first(&old).talk.at.expect("it asks");

    let rewritten = engine(&dentist, "goto: book}", "goto: appointment.book}");
    rewritten.remember(Some(&old));
    let fresh = engine(&dentist, "goto: book}", "goto: appointment.book}");
    assert_eq!(first(&rewritten), first(&fresh));
    // A session names the step's print, by which a talk in flight would be led elsewhere.
    assert_ne!(first(&fresh).talk.at.expect("it asks").print, waits.print);
}
