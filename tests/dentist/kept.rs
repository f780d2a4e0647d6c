//! Transcripts that are run again turn by turn: one that a change does not touch is not taken, one that
//! may go otherwise is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock};

use jiff::SignedDuration;
use kavak_bot::conversation::Models;
use kavak_bot::engine::Engine;
use kavak_bot::engine::check::{Sources, check};
use kavak_bot::engine::revision::Revision;
use kavak_bot::knowledge::Knowledge;
use kavak_bot::transcript::{Bot, Case, Options, Runner, Setting, Verdict, Wanted};

use super::clinic::Clinic;
use super::talk::FLOWS;
use super::vocabulary::Dentist;

/// The calendar is opened once in it, in its second turn.
const TALK: &str = "> Quiero una limpieza el martes a las 10\n< {...}\n> sí\n< {...}\n= state appointment.booked\n> gracias\n< {...}\n! wait 2h\n! restart\n> otra cita\n< {...}\n";

/// Nobody asks it anything.
static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/kavak_context.txt");
    Arc::new(Knowledge::load(Path::new(file)).expect("the context file"))
});

/// The dentist's bot, whose flows are edited again and again.
struct Bench {
    dentist: Arc<Dentist>,
    sources: Sources,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let dentist = Arc::new(Dentist::new(Clinic::of_the_tests()));
        let sources = Sources::read(Path::new(FLOWS)).expect("the flows");
        Self { dentist, sources, folder: tempfile::tempdir().expect("a folder") }
    }

    /// A transcript.
    fn write(&self, text: &str) -> PathBuf {
        let file = self.folder.path().join("a.chat");
        fs::write(&file, text).expect("it can be written");
        file
    }

    /// An engine on the flows, in which the first of each pair is written as the second from now on.
    fn edit(&mut self, pairs: &[(&str, &str)]) -> Arc<Engine<Dentist>> {
        for (old, new) in pairs {
            let is_there = self.sources.files.values().any(|file| file.contains(old));
            assert!(is_there, "nobody writes {old}");
            for file in self.sources.files.values_mut() {
                *file = file.replace(old, new);
            }
        }
        self.engine()
    }

    /// An engine on the flows as they are written now.
    fn engine(&self) -> Arc<Engine<Dentist>> {
        let flows = check(&self.sources, &*self.dentist);
        let flows = flows.unwrap_or_else(|problems| panic!("{problems:?}"));
        Arc::new(Engine::new(flows, Arc::clone(&self.dentist)))
    }

    /// How what is wanted went, and how often the calendar was opened meanwhile.
    fn run(&self, engine: &Arc<Engine<Dentist>>, wanted: Wanted<'_>) -> (Case, usize) {
        let opened = || self.dentist.opened.load(Ordering::Relaxed);
        let before = opened();
        let runner = Runner::new(|_: &Setting| {
            Ok(Bot {
                engine: Arc::clone(engine),
                knowledge: Arc::clone(&KNOWLEDGE),
                models: Models::default(),
                retention: SignedDuration::from_hours(24 * 30),
            })
        });
        let options = Options { keep: true, ..Options::default() };
        let mut report = runner.run_again(&[wanted], &options).expect("it can be run");
        (report.cases.pop().expect("one transcript"), opened() - before)
    }
}

/// Runs a case again after an edit, and holds it to a run of all of it.
fn again(bench: &mut Bench, engines: [&Arc<Engine<Dentist>>; 2], case: &Case) -> (Case, usize) {
    let [before, now] = engines;
    let revision = Revision::between(before.flows(), now.flows()).expect("little differs");
    let wanted = Wanted::Touched(case.before(Some(&revision)).expect("its turns are kept"));
    let (again, opened) = bench.run(now, wanted);
    let (whole, _) = bench.run(now, Wanted::Whole(&case.file));
    assert!(again == whole, "{:?} and not {:?}", again.verdict, whole.verdict);
    (again, opened)
}

#[test]
fn a_turn_is_taken_once_until_something_that_it_looked_at_changes() {
    let mut bench = Bench::new();
    let first = bench.engine();
    let file = bench.write(TALK);
    let (case, opened) = bench.run(&first, Wanted::Whole(&file));
    assert_eq!((&case.verdict, opened), (&Verdict::Passed, 1));

    let elsewhere = bench.edit(&[("Te contestamos en el", "Llámanos al")]);
    let (case, opened) = again(&mut bench, [&first, &elsewhere], &case);
    assert_eq!((&case.verdict, opened), (&Verdict::Passed, 0), "nobody was told the number");

    let renewed = bench.edit(&[("version: 1", "version: 2")]);
    let (case, opened) = again(&mut bench, [&elsewhere, &renewed], &case);
    assert_eq!((&case.verdict, opened), (&Verdict::Passed, 0), "a version alone");

    // A session names the print of the step that waits, by which a talk in flight would be led elsewhere.
    let rewritten = bench.edit(&[("goto: book}", "goto: appointment.book}")]);
    let (case, opened) = again(&mut bench, [&renewed, &rewritten], &case);
    assert_eq!((&case.verdict, opened), (&Verdict::Passed, 1));

    let reworded = bench.edit(&[("Listo:", "Hecho:")]);
    let (case, opened) = again(&mut bench, [&rewritten, &reworded], &case);
    assert_eq!((&case.verdict, opened), (&Verdict::Passed, 1), "it says Listo");

    // From the second turn on the talk stands elsewhere, so that the third is taken too.
    let [yes, other_day] =
        ["goto: appointment.book}", "choice.other_day, goto: day, revisit: true}"];
    let swapped = ["goto: day, revisit: true }", "choice.other_day, goto: appointment.book }"];
    let elsewhere =
        bench.edit(&[(yes, swapped[0]), (other_day, swapped[1]), ("version: 2", "version: 3")]);
    let (case, opened) = again(&mut bench, [&reworded, &elsewhere], &case);
    assert_eq!(opened, 0);
    let Verdict::Failed(failures) = &case.verdict else { panic!("{:?}", case.verdict) };
    assert_eq!(failures.len(), 1);

    let back =
        bench.edit(&[(swapped[0], yes), (swapped[1], other_day), ("version: 3", "version: 4")]);
    let (case, opened) = again(&mut bench, [&elsewhere, &back], &case);
    assert_eq!((&case.verdict, opened), (&Verdict::Passed, 1));
}

#[test]
fn a_turn_that_was_not_as_listed_is_taken_again() {
    let mut bench = Bench::new();
    let first = bench.engine();
    let file =
        bench.write(&TALK.replace(
            "< {...}\n= state appointment.booked",
            "< Otra cosa\n= state appointment.booked",
        ));
    let (case, opened) = bench.run(&first, Wanted::Whole(&file));
    let Verdict::Failed(failures) = &case.verdict else { panic!("{:?}", case.verdict) };
    assert_eq!((failures.len(), opened), (1, 1));
    let elsewhere = bench.edit(&[("Te contestamos en el", "Llámanos al")]);
    let (again, opened) = again(&mut bench, [&first, &elsewhere], &case);
    assert_eq!((again.verdict == case.verdict, opened), (true, 1));
}

#[test]
fn what_cannot_be_told_turn_by_turn_is_not_kept() {
    let bench = Bench::new();
    let engine = bench.engine();
    for (text, is_kept) in [
        (TALK.to_owned(), true),
        (format!("{TALK}! wait 2h\n! restart\n> hola\n< {{...}}\n"), true),
        (format!("{TALK}! duplicate\n"), false),
        (format!("@ session {}\n{TALK}", bench.folder.path().join("none.json").display()), false),
    ] {
        let file = bench.write(&text);
        let (case, _) = bench.run(&engine, Wanted::Whole(&file));
        assert_eq!(case.kept.is_some(), is_kept, "{text}");
    }
}
