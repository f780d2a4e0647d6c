use super::*;
use proptest::prelude::*;

fn turns(text: &str) -> Vec<Turn> {
    let script = parse("a.chat", text).expect("a good transcript");
    let turns = script.moves.into_iter().filter_map(|event| match event {
        Move::Turn(turn) => Some(turn),
        _ => None,
    });
    turns.collect()
}

fn text(turn: &Turn) -> &str {
    match &turn.sent {
        Sent::Message(Content::Text(words)) => words,
        other => panic!("{other:?} is no text"),
    }
}

#[test]
fn lines_go_on_with_what_came_before() {
    let turns = turns("> hola\n| ¿hay alguien?\n\n< a\n| b\n|\n| c\n< d\n");
    assert_eq!(text(&turns[0]), "hola\n¿hay alguien?");
    let replies = turns[0].replies.iter();
    let words = replies.map(|reply| reply.iter().map(|line| line.words.as_str()).collect());
    assert_eq!(words.collect::<Vec<Vec<_>>>(), [vec!["a", "b", "", "c"], vec!["d"]]);
}

#[test]
fn each_message_is_a_turn_but_in_a_burst() {
    let turns = turns("> a\n> b\n! burst\n> c\n# more\n> d\n= state x\n> e\r\n>\n");
    let words: Vec<&str> = turns.iter().map(text).collect();
    assert_eq!(words, ["a", "b", "c\nd", "e", ""]);
}

#[test]
fn what_is_said_twice_or_shows_nothing_is_told() {
    for (text, line, rule) in [
        ("# id: A\n# id: B\n> a\n= state x\n", 2, "id"),
        ("@ clock 2026-03-02 10:00\n@ clock 2026-03-02 10:00\n> a\n= state x\n", 2, "scene"),
        ("> a\n= state x\n! wait 2h\n", 3, "event"),
        ("> a\n= state x\n! restart\n! wait 2h\n", 4, "event"),
        ("> a\n< {..}\n", 2, "wildcard"),
        ("> a\n< {...\n", 2, "wildcard"),
        ("> a\n< son {m:money al mes\n", 2, "wildcard"),
        ("> a\n< {text:}\n", 2, "wildcard"),
        ("> a\n< {txt:main.menu}\n", 2, "wildcard"),
    ] {
        let Malformed { problems, .. } = parse("a.chat", text).expect_err(text);
        let told: Vec<_> = problems.iter().map(|problem| (problem.line, problem.rule)).collect();
        assert_eq!(told, [(line, rule)], "{text}");
    }
    assert!(parse("a.chat", "> a\n! duplicate\n").is_ok(), "it shows something by itself");
    assert!(parse("a.chat", "> a\n< {a} {} {: o { b\n").is_ok());
}

#[test]
fn what_is_no_transcript_is_not_told_line_by_line() {
    let Malformed { problems, .. } = parse("a.chat", &"Hola\n".repeat(500)).expect_err("words");
    assert_eq!(problems.len(), MAX_PROBLEMS + 1);
}

#[test]
fn a_case_has_a_name_and_a_title() {
    let script = parse("a.chat", "#\n# id: TC-017\n# Change of term\n# More\n> a\n");
    let script = script.expect("a good transcript");
    assert_eq!(script.id.as_deref(), Some("TC-017"));
    assert_eq!(script.title.as_deref(), Some("Change of term"));
    let malformed = parse("a.chat", "# id: TC-018\nhola\n").expect_err("no mark");
    assert_eq!(malformed.id.as_deref(), Some("TC-018"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_lines_that_it_has(
        lines in proptest::collection::vec("[#@><|=! ]{0,2}(burst|wait|id:|clock|\\[|\\{n:|é| ){0,4}", 0..12),
    ) {
        let text = lines.join("\n");
        if let Err(Malformed { problems, .. }) = parse("a.chat", &text) {
            prop_assert!(!problems.is_empty());
            let last = text.lines().count().max(1);
            prop_assert!(problems.iter().all(|problem| (1..=last).contains(&problem.line)));
        }
    }
}
