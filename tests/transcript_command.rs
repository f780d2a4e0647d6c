//! `kavak-bot test` as QA calls it: a run, a watch that reruns what changes, an import.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

fn kavak_bot(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kavak-bot"));
    command.arg("test").args(arguments).env_remove("CI").env_remove("CLICOLOR_FORCE");
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn run(arguments: &[&str]) -> Output {
    kavak_bot(arguments).output().expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("we write UTF-8")
}

#[test]
fn a_run_ends_with_its_count_and_tells_how_to_run_a_failure_again() {
    let wrong = "tests/transcript_runner/bad/nobody.chat";
    let output = run(&["tests/transcript_runner/green.chat", wrong, "--log-level", "off"]);
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.ends_with("\n1 passed, 1 failed\n"), "{told}");
    let again = format!("\nto run it again: kavak-bot test --log-level off {wrong}\n");
    assert!(told.contains(&again), "{told}");
    assert!(!told.contains('\u{1b}'), "a pipe has no colours: {told}");
}

#[test]
fn a_report_on_standard_output_stands_there_alone() {
    let output = run(&["tests/transcript_runner/green.chat", "--tap", "-"]);
    let tap = text(&output.stdout);
    assert!(tap.starts_with("TAP version 14\n1..1\nok 1 - "), "{tap}");
    assert!(!tap.contains("passed"), "{tap}");
    assert!(text(&output.stderr).ends_with("1 passed, 0 failed\n"));
    let two = run(&["tests/transcript_runner/green.chat", "--tap", "-", "--json", "-"]);
    assert_eq!(two.status.code(), Some(2));
}

#[test]
fn the_coverage_is_a_report_as_well() {
    let green = "tests/transcript_runner/green.chat";
    let output = run(&[green, "--coverage", "--coverage-json", "-"]);
    let coverage: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("it stands there alone");
    assert!(coverage["coverage"].as_array().is_some_and(|kinds| kinds.len() == 7), "{coverage}");
    assert!(text(&output.stderr).starts_with("coverage by passing transcripts\n"));
    let two = run(&[green, "--coverage-json", "-", "--junit", "-"]);
    assert_eq!(two.status.code(), Some(2));
}

#[test]
fn who_reads_no_more_ends_a_command_without_a_word() {
    let wrong = "tests/transcript_runner/bad/nobody.chat";
    let commands: [&[&str]; 5] = [
        &["test", wrong],
        &["test", wrong, "--json", "-"],
        &["flows", "graph"],
        &["flows", "check", "--format", "json", "--flows", "nowhere"],
        &["quote", "--price", "280000", "--down", "60000", "--months", "48"],
    ];
    for arguments in commands {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_kavak-bot"));
        command.args(arguments).stdout(writer).stderr(Stdio::piped());
        let output = command.spawn().and_then(Child::wait_with_output).expect("the binary runs");
        let told = text(&output.stderr);
        assert!(!told.contains("panicked") && !told.contains("pipe"), "{arguments:?}: {told}");
        assert_eq!(output.status.code(), Some(141), "{arguments:?}");
    }
}

#[test]
fn a_list_that_is_none_is_told() {
    let list = "tests/transcript_runner/green.chat";
    let output = run(&[list, "--ids", list]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("green.chat has no column `id` or "), "{told}");
}

#[test]
fn a_spreadsheet_becomes_transcripts_that_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let sheet = folder.path().join("guiones.csv");
    // Windows writes `ó` as one byte.
    let rows = b"Caso;Paso;Usuario;Bot\r\nTC-1;1;hola;{...}\r\n;2;\xbfbusco un versa?;Encontr\xe9{...}\r\n\
                 ;x;hola;\r\n";
    fs::write(&sheet, rows).expect("a folder to write in");
    let to = folder.path().join("made");
    let (sheet, made) = (sheet.display().to_string(), to.display().to_string());
    let output = run(&["import", &sheet, "--to", &made]);
    assert_eq!(output.status.code(), Some(1), "a row was not used");
    assert_eq!(text(&output.stderr), format!("{sheet}: row 4: its step `x` is no number\n"));
    let counted = format!("{made}: 1 transcripts written, 1 rows not used\n");
    assert_eq!(text(&output.stdout), counted);
    let written = fs::read_to_string(to.join("TC-1.chat")).expect("a transcript");
    assert!(written.ends_with("\n> ¿busco un versa?\n< Encontré{...}\n"), "{written}");
    assert!(text(&run(&[&made]).stdout).ends_with("1 passed, 0 failed\n"));
}

/// A watch under way, ended with the test.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

/// How long the next line may take, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

impl Watch {
    fn over(folder: &Path) -> Self {
        let mut command = kavak_bot(&[&folder.display().to_string(), "--watch"]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        let (told, lines) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        // It ends with the pipe, and so with the child.
        thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| told.send(line))
        });
        Self { child, lines }
    }

    /// The next line that holds `words`.
    fn until(&self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("it goes on");
            if line.contains(words) {
                return line;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a file at once, as most editors do: a new one is moved into its place.
fn put(path: &Path, text: &str) {
    let aside = path.with_file_name(".aside");
    fs::write(&aside, text).expect("a folder to write in");
    fs::rename(&aside, path).expect("a folder to write in");
}

#[test]
fn a_change_reruns_what_it_touches_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let own = "@ catalog cars.csv\n> busco un versa\n= state purchase.choose\n";
    fs::copy("tests/fixtures/small.csv", at("cars.csv")).expect("a fixture");
    put(&at("own.chat"), own);
    put(&at("usual.chat"), "> hola\n< {...}\n");
    let watch = Watch::over(folder.path());
    watch.until("watching");

    put(&at("usual.chat"), "> hola\n< No.\n");
    assert!(watch.until("run again").ends_with("; now 1 passed, 1 failed"));
    put(&at("usual.chat"), "> hola\n< {...}\n");
    let told = watch.until("run again");
    assert!(
        told.starts_with("run again: 1 of 2, in ") && told.ends_with("; now 2 passed, 0 failed")
    );

    // Only one of them is played with these cars.
    let cars = fs::read_to_string(at("cars.csv")).expect("a catalogue");
    put(&at("cars.csv"), &cars.replace("Versa", "March"));
    let told = watch.until("run again");
    assert!(
        told.starts_with("run again: 1 of 2, in ") && told.ends_with("; now 1 passed, 1 failed")
    );

    put(&at("new.chat"), "> hola\n< {...}\n");
    assert!(watch.until("run again").starts_with("run again: 1 of 3, in "));
    fs::remove_file(at("own.chat")).expect("a transcript");
    assert!(watch.until("run again").ends_with("; now 2 passed, 0 failed"));
}

/// A folder with flows, and two transcripts that are played with them.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("flows/texts")).expect("a folder");
    for file in ["bot.yaml", "shop.yaml", "texts/es-MX.yaml"] {
        let from = Path::new("tests/transcript_runner/flows").join(file);
        fs::copy(from, at("flows").join(file)).expect("a flow");
    }
    put(&at("heard.chat"), "@ flows flows\n> [audio]\n< {...}Solo leo texto.{...}\n");
    put(&at("greeted.chat"), "@ flows flows\n> hola\n< ¿Qué auto buscas?{...}\n");
    folder
}

#[test]
fn a_text_or_a_step_touches_those_who_came_by_it() {
    let folder = shop();
    let at = |name: &str| folder.path().join(name);
    let watch = Watch::over(folder.path());
    watch.until("watching");

    let texts = at("flows/texts/es-MX.yaml");
    let before = fs::read_to_string(&texts).expect("the texts");
    put(&texts, &before.replace("Solo leo texto.", "No escucho audios."));
    let told = watch.until("run again");
    assert!(told.starts_with("run again: 1 of 2, in "), "{told}");
    assert!(told.ends_with("; now 1 passed, 1 failed"), "{told}");

    put(&texts, &before);
    let told = watch.until("run again");
    assert!(told.starts_with("run again: 1 of 2, in "), "{told}");
    assert!(told.ends_with("; now 2 passed, 0 failed"), "{told}");

    // What nobody says touches nobody: what is told next is of the edit after it.
    put(&texts, &before.replace("Algo falló de mi lado.", "Perdón."));

    // Nobody is silent for so long.
    let bot = fs::read_to_string(at("flows/bot.yaml")).expect("the bot");
    put(&at("flows/bot.yaml"), &bot.replace("expires_after_hours: 24", "expires_after_hours: 23"));

    // Only one of them comes to the question that is asked otherwise; a new version is no change.
    put(&at("found.chat"), "@ flows flows\n> busco un versa\n< {...}Nissan Versa{...}\n");
    assert!(watch.until("run again").starts_with("run again: 1 of 3, in "));
    let shop = fs::read_to_string(at("flows/shop.yaml")).expect("a flow");
    let shorter = shop.replace("version: 1", "version: 2").replace("page: 5", "page: 4");
    put(&at("flows/shop.yaml"), &shorter);
    let told = watch.until("run again");
    assert!(told.starts_with("run again: 1 of 3, in "), "{told}");
    // What every question offers, everybody may be offered.
    put(&at("flows/bot.yaml"), &bot.replace("label.person", "label.other"));
    let told = watch.until("run again");
    assert!(told.starts_with("run again: 3 of 3, in "), "{told}");
    put(&at("flows/bot.yaml"), &bot);
    watch.until("run again");
    fs::remove_file(at("found.chat")).expect("a transcript");
    watch.until("run again");
}

#[test]
fn refused_flows_fail_everybody_until_they_are_right_again() {
    let folder = shop();
    let at = |name: &str| folder.path().join(name);
    let watch = Watch::over(folder.path());
    watch.until("watching");
    let texts = at("flows/texts/es-MX.yaml");
    let before = fs::read_to_string(&texts).expect("the texts");
    let shop = fs::read_to_string(at("flows/shop.yaml")).expect("a flow");

    // A mistake in the flows fails everybody, and the watch goes on.
    let refuse = || {
        put(&at("flows/shop.yaml"), &shop.replace("next: find", "next: fnd"));
        // Two are stopped by the one mistake, which is told once.
        watch.until("for a reason that stands above: 1");
        assert!(watch.until("run again").ends_with("; now 0 passed, 2 failed"));
    };
    let repair = |run: &str, then: &str| {
        put(&at("flows/shop.yaml"), &shop);
        let told = watch.until("run again");
        assert!(told.starts_with(&format!("run again: {run} of 2, in ")), "{told}");
        assert!(told.ends_with(then), "{told}");
    };
    let greet = |words: &str| {
        put(&at("greeted.chat"), &format!("@ flows flows\n> hola\n< {words}{{...}}\n"));
        watch.until("run again");
    };

    // Once they are right again, all goes as before the mistake, and nobody has to be run.
    refuse();
    repair("0", "; now 2 passed, 0 failed");

    // But for one that changed meanwhile,
    refuse();
    greet("¿Qué casa buscas?");
    repair("1", "; now 1 passed, 1 failed");
    greet("¿Qué auto buscas?");

    // or went away and came back as another,
    refuse();
    fs::remove_file(at("greeted.chat")).expect("a transcript");
    watch.until("run again");
    greet("¿Qué casa buscas?");
    repair("1", "; now 1 passed, 1 failed");
    greet("¿Qué auto buscas?");

    // or says what is worded otherwise now.
    refuse();
    put(&texts, &before.replace("Solo leo texto.", "No escucho audios."));
    assert!(watch.until("run again").starts_with("run again: 2 of 2, in "));
    repair("1", "; now 1 passed, 1 failed");
}

#[test]
fn a_text_may_fit_the_cars_of_one_and_not_those_of_another() {
    let folder = shop();
    let at = |name: &str| folder.path().join(name);
    let texts = at("flows/texts/es-MX.yaml");
    let before = fs::read_to_string(&texts).expect("the texts");
    let watch = Watch::over(folder.path());
    watch.until("watching");

    // A text that is too long with the cars of one fails that one, although it says another.
    let cars = fs::read_to_string("tests/fixtures/small.csv").expect("a fixture");
    let wide = cars.replace("Nissan", "Nissan Nissan Nissan Nissan Nissan");
    put(&at("cars.csv"), &wide.replace("Versa", "Versa Versa Versa Versa Versa Versa"));
    put(&at("wide.chat"), "@ flows flows\n@ catalog cars.csv\n> [audio]\n< {...}Solo leo{...}\n");
    watch.until("run again");
    put(&at("found.chat"), "@ flows flows\n> busco un versa\n< {...}Nissan Versa{...}\n");
    assert!(watch.until("run again").ends_with("; now 4 passed, 0 failed"));
    // Again and again: which bot is looked at first is not always the same.
    for _ in 0..6 {
        put(&texts, &before.replace("Encontré", &"Encontré ".repeat(125)));
        let told = watch.until("run again");
        assert!(told.ends_with("; now 3 passed, 1 failed"), "{told}");
        put(&texts, &before);
        let told = watch.until("run again");
        assert!(told.ends_with("; now 4 passed, 0 failed"), "{told}");
    }
}

#[test]
fn a_suggestion_never_takes_the_place_of_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let suggested = folder.path().join("new").display().to_string();
    let green = "tests/transcript_runner/green.chat";
    let flows = "tests/transcript_runner/flows";
    let suggest = [green, "--flows", flows, "--suggest", &suggested];
    let first = run(&suggest);
    assert!(first.status.success(), "{}", text(&first.stderr));
    let again = run(&suggest);
    assert_eq!(again.status.code(), Some(2), "{}", text(&again.stdout));
    assert!(text(&again.stderr).contains(".chat is there already"), "{}", text(&again.stderr));
}
