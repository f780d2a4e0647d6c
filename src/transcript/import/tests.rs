use super::*;
use crate::message::{Content, Media};
use crate::transcript::parse::parse;
use crate::transcript::script::{Move, Sent};
use proptest::prelude::*;
use step::{MAX_CELL_CHARS, words};

fn row(number: usize, cells: [&str; 4]) -> Row<4> {
    Row { number, cells: cells.map(str::to_owned), surplus: 0 }
}

fn imported(rows: &[[&str; 4]]) -> Import {
    let rows = rows.iter().enumerate();
    Import::of("guiones.csv", rows.map(|(index, cells)| row(index + 2, *cells)).collect())
}

/// What each turn of a transcript says, with the answers that it lists.
fn played(text: &str) -> Vec<(Content, Vec<String>)> {
    let script = parse("a.chat", text).expect("a transcript that can be read");
    let turns = script.moves.into_iter().map(|event| match event {
        Move::Turn(turn) => {
            let Sent::Message(content) = turn.sent else { panic!("no message") };
            let words = turn.replies.iter().map(|reply| {
                reply.iter().map(|line| line.words.as_str()).collect::<Vec<_>>().join("\n")
            });
            (content, words.collect())
        }
        other => panic!("{other:?} is no turn"),
    });
    turns.collect()
}

#[test]
fn a_case_is_a_transcript() {
    let import = imported(&[
        ["TC-1", "1", "hola", "¿Qué auto buscas?\r\n1. Una persona"],
        ["", "2", "[audio]", ""],
        ["", "", "", "¿Seguimos?"],
        ["Él dice: ¡ñandú!", "", "\\[x", "Sí"],
    ]);
    assert!(import.unused.is_empty(), "{:?}", import.unused);
    let files: Vec<(&str, &str)> = import
        .transcripts
        .iter()
        .map(|imported| (imported.name.as_str(), imported.text.as_str()))
        .collect();
    assert_eq!(
        files,
        [
            (
                "TC-1.chat",
                "# id: TC-1\n# From guiones.csv, rows 2 to 4\n\n> hola\n< ¿Qué auto buscas?\n\
                 | 1. Una persona\n\n> [audio]\n< {...}\n< ¿Seguimos?\n"
            ),
            (
                "El-dice-nandu.chat",
                "# id: Él dice: ¡ñandú!\n# From guiones.csv, row 5\n\n> \\\\[x\n< Sí\n"
            ),
        ]
    );
}

#[test]
fn a_row_with_cells_too_many_is_told() {
    let spilled = Row { surplus: 2, ..row(2, ["a", "1", "hola", "Encontré"]) };
    let import = Import::of("guiones.csv", vec![spilled]);
    let [unused] = import.unused.as_slice() else { panic!("{:?}", import.unused) };
    assert!(
        unused.to_string().starts_with("row 2: it has more cells than the first row, 2 of them")
    );
    assert!(import.transcripts.is_empty());
}

#[test]
fn a_step_that_stands_twice_is_told() {
    let import = imported(&[
        ["a", "1", "uno", "1"],
        ["a", "1", "", "y más"],
        ["a", "2", "dos", "2"],
        ["", "", "tres", "3"],
        ["a", "1", "otra", "x"],
    ]);
    let [unused] = import.unused.as_slice() else { panic!("{:?}", import.unused) };
    assert_eq!(unused.to_string(), "row 6: its case has this step already, in row 2");
    assert_eq!(played(&import.transcripts[0].text).len(), 3);
}

#[test]
fn steps_give_the_order() {
    let import = imported(&[
        ["a", "2", "dos", "2"],
        ["a", "", "", "2 y más"],
        ["b", "Paso 1.", "otro", "x"],
        ["a", "1.0", "uno", "1"],
    ]);
    let turns = played(&import.transcripts[0].text);
    let words: Vec<String> = turns.into_iter().flat_map(|(_, replies)| replies).collect();
    assert_eq!(words, ["1", "2", "2 y más"]);
}

#[test]
fn every_row_that_cannot_be_used_is_told() {
    let long = "x".repeat(MAX_CELL_CHARS + 1);
    let import = imported(&[
        ["", "1", "hola", "x"],
        ["a", "1", "", "Hola"],
        ["a", "uno", "hola", "x"],
        ["a", "3", " ", "\n"],
        ["a", "4", "hola", "{n:entero} autos"],
        ["a", "5", &long, "x"],
        ["a", "6", "hola", "{n:int} autos"],
    ]);
    let told: Vec<String> = import.unused.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "row 2: it names no case, and neither does a row above it",
            "row 3: the bot answers here before the customer has said anything",
            "row 4: its step `uno` is no number",
            "row 5: nobody says anything in it",
            "row 6: there is no wildcard `{n:entero}`; there is `{...}`, `{n:int}`, `{m:money}`, \
             `{text:NAME}`",
            "row 7: a cell has more than 10000 characters; was a quote left open?",
        ]
    );
    assert_eq!(import.transcripts.len(), 1);
}

#[test]
fn no_two_cases_share_a_file() {
    let mut taken = HashSet::new();
    let names = ["tc 1", "TC-1", "../..", "¿?", "ñ"].map(|case| name(case, &mut taken));
    assert_eq!(names, ["tc-1.chat", "TC-1-2.chat", "case.chat", "case-2.chat", "n.chat"]);
}

#[test]
fn a_file_that_is_there_is_left_but_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let import = imported(&[["a", "1", "hola", "x"]]);
    let file = folder.path().join("new/a.chat");
    let write = |replace| import.write(file.parent().unwrap(), replace).next().unwrap();
    assert_eq!(write(false).unwrap(), file);
    fs::write(&file, "mine").unwrap();
    assert!(matches!(write(false), Err(WriteError::Exists(_))));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    write(true).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), import.transcripts[0].text);
}

/// Lines as people write them, and as would be markup.
fn lines() -> impl Strategy<Value = String> {
    let line = "(\\[audio\\]|\\\\\\[|\\\\\\\\|\\[3 ja\\]|[>|<=!@#] ?|\\{|\\}| |ñ|¿|\t|[a-c1]){0,6}";
    proptest::collection::vec(line, 1..4).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn what_was_in_the_cells_is_in_the_transcript(
        cells in proptest::collection::vec((lines(), lines()), 1..6),
    ) {
        let cells: Vec<_> = cells.iter().map(|(user, bot)| ["a", "", user, bot]).collect();
        let import = imported(&cells);
        let kept = cells.iter().filter(|cells| words(cells[2]).is_some());
        let sent = |words: String| match words.strip_prefix("[audio]") {
            Some(caption) => {
                // Only the line of the kind is trimmed.
                let caption = caption.trim_start_matches([' ', '\t']).to_owned();
                Content::Media { kind: Media::Audio, caption }
            }
            None => Content::Text(words),
        };
        let expected: Vec<Content> =
            kept.clone().map(|cells| sent(words(cells[2]).unwrap())).collect();
        let Some(made) = import.transcripts.first() else {
            prop_assert!(expected.is_empty());
            return Ok(());
        };
        let turns = played(&made.text);
        let messages: Vec<Content> = turns.iter().map(|(content, _)| content.clone()).collect();
        prop_assert_eq!(messages, expected);
        let first = cells.iter().position(|cells| words(cells[2]).is_some()).unwrap();
        let answers = cells[first..].iter().filter_map(|cells| {
            let any = words(cells[2]).is_some().then(|| "{...}".to_owned());
            words(cells[3]).or(any)
        });
        let listed = turns.into_iter().flat_map(|(_, replies)| replies);
        prop_assert_eq!(listed.collect::<Vec<_>>(), answers.collect::<Vec<_>>());
    }
}
