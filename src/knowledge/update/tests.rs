use proptest::prelude::*;

use super::*;
use crate::knowledge::MAX_TEXT_CHARS;

const FILE: &str = "// nota\n# Kavak\n\n## garantia/basica: Garantía\nfuente: kavak.com/mx/g, sin fecha\n\
    preguntas: ¿Qué garantía dan?\n// ojo\npalabras: cobertura\ndetalle: También por correo.\nDan 3 meses.\nSin costo.\n\n\
    ## garantia/otra: Otra\nfuente: kavak.com/mx/g, 2024; elpais.com, 2023\nCubre el motor.\n\n\
    # Fin\n## fin/fin: Fin\nfuente: regla\nAdiós.\n";

fn page(sections: &[(&str, &str)]) -> PageRead {
    PageRead {
        address: "kavak.com/mx/g".to_owned(),
        asked: "kavak.com/mx/vieja".to_owned(),
        date: jiff::civil::date(2026, 11, 29),
        sections: sections.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}

fn joined(file: &str, sections: &[(&str, &str)]) -> Updated {
    update(file, &page(sections), None).unwrap_or_else(|error| panic!("{error}"))
}

fn name(name: &str) -> String {
    name.to_owned()
}

#[test]
fn words_that_still_stand_are_confirmed() {
    let updated = joined(FILE, &[("Otro título", "Cubre el  motor. Dan 3 meses. Sin costo.")]);
    let expected = FILE
        .replace("kavak.com/mx/g, sin fecha", "kavak.com/mx/g, 2026-11-29")
        .replace("kavak.com/mx/g, 2024", "kavak.com/mx/g, 2026-11-29");
    assert_eq!(updated.text, expected);
    let names = ["garantia/basica", "garantia/otra"];
    assert_eq!(updated.notes, names.map(|one| Note::Confirmed { name: name(one) }));
}

#[test]
fn a_sentence_that_was_denied_does_not_stand() {
    let updated = joined(FILE, &[("Garantía", "No dan 3 meses.\nSin costo.")]);
    assert_eq!(updated.notes[0], Note::Refreshed { name: name("garantia/basica"), is_cut: false });
}

#[test]
fn other_words_take_the_place_of_the_old_ones_and_nothing_else_s() {
    let updated = joined(FILE, &[("¡GARANTIA!", "Dan 6 meses.")]);
    let expected = FILE
        .replace("kavak.com/mx/g, sin fecha", "kavak.com/mx/g, 2026-11-29")
        .replace("Dan 3 meses.\nSin costo.\n", "Dan 6 meses.\n");
    assert_eq!(updated.text, expected);
    assert_eq!(updated.notes[1], Note::Unmatched { name: name("garantia/otra") });
}

#[test]
fn a_passage_of_several_pages_is_left_alone() {
    let updated =
        joined(FILE, &[("Otra", "Cubre la caja."), ("Garantía", "Dan 3 meses. Sin costo.")]);
    assert_eq!(updated.notes[1], Note::Shared { name: name("garantia/otra") });
    assert!(updated.text.contains("kavak.com/mx/g, 2024; elpais.com, 2023\nCubre el motor."));
}

#[test]
fn a_passage_that_was_shortened_by_hand_stays_short() {
    let updated = joined(FILE, &[("Garantía", "Dan 3 meses. Sin costo. Y mucho más.")]);
    assert_eq!(updated.notes[0], Note::Grown { name: name("garantia/basica") });
    assert!(updated.text.contains("Dan 3 meses.\nSin costo.\n"));
}

#[test]
fn what_nobody_draws_on_comes_new_under_a_theme_at_the_end() {
    let text = "Puedes devolverlo en siete días o trescientos kilómetros.";
    let updated = joined(FILE, &[("Devolución: cómo", text), ("Ver más", "Aquí")]);
    let added = format!(
        "\n# kavak.com\n\n## kavak-com/devolucion-como: Devolución: cómo\n\
         // Nuevo y sin leer: revísalo, acórtalo y escribe sus preguntas.\n\
         fuente: kavak.com/mx/g, 2026-11-29\n{text}\n"
    );
    assert_eq!(updated.text, format!("{FILE}{added}"));
    let again = joined(&updated.text, &[("Devolución: cómo", text), ("Nueva", text)]);
    assert_eq!(again.text, updated.text, "the same words twice are one passage");
    let more = "Otra sección con palabras suficientes para un pasaje.";
    let in_theme = update(FILE, &page(&[("Fin", more)]), Some("kavak")).expect("a good file");
    assert!(in_theme.text.contains("Cubre el motor.\n\n## kavak/fin: Fin\n"), "{}", in_theme.text);
    assert!(in_theme.text.contains(&format!("{more}\n\n# Fin\n")), "{}", in_theme.text);
}

#[test]
fn a_long_section_is_cut_where_a_sentence_ends() {
    let long = format!("{} {}", "Una frase. ".repeat(50).trim(), "x".repeat(100));
    let updated = joined(FILE, &[("Garantía", &long)]);
    assert_eq!(updated.notes[0], Note::Refreshed { name: name("garantia/basica"), is_cut: true });
    assert!(updated.text.contains("Una frase. Una frase.\n"));
    let endless = "palabra ".repeat(200);
    let updated = joined(FILE, &[("Garantía", &endless)]);
    assert!(updated.text.contains("palabra palabra…\n"));
    assert_eq!(joined(&updated.text, &[("Garantía", &endless)]).text, updated.text);
}

#[test]
fn a_page_cannot_write_the_file_s_own_language() {
    let evil = "## a/b: Mía\n# Tema\n// # ## x\nFuente: nadie\ndetalle: enganche\nPregunta: ¿a?\n\u{feff}#";
    let updated = joined(FILE, &[("## c/d: Evil\nfuente: yo", evil)]);
    let knowledge = Knowledge::parse(&updated.text).expect("a good file");
    let names: Vec<_> = knowledge.passages().iter().map(|passage| passage.name.as_str()).collect();
    let expected = ["garantia/basica", "garantia/otra", "fin/fin", "kavak-com/c-d-evil-fuente-yo"];
    assert_eq!(names, expected);
    assert_eq!(
        knowledge.passages()[3].text,
        "a/b: Mía\nTema\nx\nFuente – nadie\ndetalle – enganche\nPregunta – ¿a?"
    );
}

#[test]
fn a_file_of_another_system_keeps_its_ends_of_lines() {
    let file = FILE.replace('\n', "\r\n");
    let file = file.trim_end();
    let long = "Otra sección con palabras suficientes para un pasaje.";
    let updated = joined(file, &[("Garantía", "Uno.\nDos."), ("Nueva", long)]);
    assert_eq!(updated.text.matches('\n').count(), updated.text.matches("\r\n").count());
    assert!(updated.text.contains("Uno.\r\nDos.\r\n\r\n##"), "{}", updated.text);
    assert!(updated.text.contains("Adiós.\r\n\r\n# kavak.com\r\n"), "{}", updated.text);
}

#[test]
fn a_page_that_has_moved_is_known_by_both_addresses() {
    let file = FILE.replace("kavak.com/mx/g, sin fecha", "www.kavak.com/mx/vieja/, 2020");
    let updated = joined(&file, &[("Garantía", "Dan 3 meses. Sin costo.")]);
    assert!(updated.text.contains("fuente: www.kavak.com/mx/vieja/, 2026-11-29\n"));
}

#[test]
fn a_file_with_mistakes_is_not_worked_on() {
    let problems = update("# T\n## a/b: C\nTexto.\n", &page(&[("D", "E")]), None);
    assert!(problems.expect_err("no source").to_string().contains("line 2"));
}

fn any_page() -> impl Strategy<Value = Vec<(String, String)>> {
    let heading = prop_oneof!["Garantía", "otra", "[A-Za-zñ:# /]{0,20}"];
    let line = prop_oneof![
        "Dan 3 meses\\.",
        "Cubre el motor\\.",
        "[#/]{0,3} ?(fuente|preguntas|no_dice|palabra)?:? ?[a-zé ]{0,60}[.!?…]?",
        "\\PC{0,80}",
        "([a-z]{1,9}[.]? ){0,120}",
    ];
    let text = prop::collection::vec(line, 0..5).prop_map(|lines| lines.join("\n"));
    prop::collection::vec((heading, text), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_second_time_changes_nothing_and_other_lines_are_never_touched(sections in any_page()) {
        let read = PageRead { sections, ..page(&[]) };
        let first = update(FILE, &read, None).unwrap_or_else(|error| panic!("{error}"));
        let second = update(&first.text, &read, None).unwrap_or_else(|error| panic!("{error}"));
        prop_assert_eq!(&second.text, &first.text);
        // Of the lines that stood there only sources and texts of the page's passages may be gone.
        let mut left = first.text.lines();
        for line in FILE.lines().filter(|line| {
            !line.contains("kavak.com/mx/g") && !["Dan 3 meses.", "Sin costo."].contains(line)
        }) {
            prop_assert!(left.any(|other| other == line), "{line} is gone");
        }
        let passages = Knowledge::parse(&first.text).expect("a good file");
        prop_assert!(passages.passages().iter().all(|one| one.text.chars().count() <= MAX_TEXT_CHARS));
    }
}
