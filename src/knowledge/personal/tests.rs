//! Questions with personal data, and questions that only look like it.

use proptest::prelude::*;

use super::masked;

#[test]
fn what_is_personal_is_masked() {
    for (text, expected) in [
        ("mi cel es 5512345678", "mi cel es [teléfono]"),
        ("márcame al 55 1234 5678", "márcame al [teléfono]"),
        ("55-1234-5678 gracias", "[teléfono] gracias"),
        ("(55) 1234 5678", "[teléfono]"),
        ("+52 55 1234 5678", "[teléfono]"),
        ("+52 1 55 1234 5678", "[teléfono]"),
        ("5215512345678", "[teléfono]"),
        ("044 55 1234 5678", "[teléfono]"),
        ("01 222 123 4567", "[teléfono]"),
        ("222 123 4567 es el mío", "[teléfono] es el mío"),
        ("55 12 34 56 78", "[teléfono]"),
        ("55.1234.5678", "[teléfono]"),
        ("5 5 1 2 3 4 5 6 7 8", "[teléfono]"),
        ("tel 5555-1234", "tel [teléfono]"),
        ("5555 1234", "[teléfono]"),
        ("whats: 1234567", "whats: [teléfono]"),
        ("+1 415 555 2671", "[teléfono]"),
        ("５５１２３４５６７８", "[teléfono]"),
        ("jetta 2019 55 1234 5678", "jetta 2019 [teléfono]"),
        ("cinco cinco uno dos tres cuatro cinco seis siete ocho", "[teléfono]"),
        ("escríbeme a ana.perez@gmail.com", "escríbeme a [correo]"),
        ("ANA+1@EMPRESA.COM.MX, va?", "[correo], va?"),
        ("ana arroba gmail.com", "[correo]"),
        ("https://ana:clave@sitio.mx/x", "[enlace]"),
        ("wa.me/5215512345678", "[enlace]"),
        ("mi perfil https://www.facebook.com/ana.perez", "mi perfil [enlace]"),
        ("soy @anita_99", "soy [usuario]"),
        ("CURP PEPJ850101HDFRRN09", "CURP [CURP]"),
        ("mi rfc es pepj850101ab1", "mi rfc es [RFC]"),
        ("PEPJ-850101-AB1", "[RFC]"),
        ("ABC850101AB1", "[RFC]"),
        ("PEPJ850101", "[RFC]"),
        ("mi NSS es 12345678901", "mi NSS es [NSS]"),
        ("tarjeta 4152 3136 1234 5678", "tarjeta [cuenta]"),
        ("4152313612345678", "[cuenta]"),
        ("CLABE 012180001234567891", "CLABE [cuenta]"),
        ("serie 3N1CN7AP5KL812345", "serie [NIV]"),
        ("1HGCM82633A004352", "[NIV]"),
        ("ABC-123-D", "[placa]"),
        ("abc123d", "[placa]"),
        ("A01-AAA", "[placa]"),
        ("mi auto es el ABC-12-34", "mi auto es el [placa]"),
        ("123-ABC", "[placa]"),
        ("placas abc 123 d", "placas [placa]"),
        ("mis placas son A01 AAA", "mis placas son [placa]"),
        ("placa: ABC 12 34", "placa: [placa]"),
        ("me llamo Ana", "me llamo [nombre]"),
        ("me llamo juan perez y busco un auto", "me llamo [nombre] y busco un auto"),
        ("Mi nombre es María de la Luz Ortiz", "Mi nombre es [nombre]"),
        ("soy Juan Pérez", "soy [nombre]"),
        ("hola soy juan, busco un versa", "hola soy [nombre], busco un versa"),
        ("me llamo José Luis Hernández López, va", "me llamo [nombre], va"),
        ("soy el ing. Pérez", "soy el ing. [nombre]"),
        ("habla Luis Gómez", "habla [nombre]"),
        ("le saluda Carmen Ruiz Soto", "le saluda [nombre]"),
        ("Gracias. Atte. Luis Mora", "Gracias. Atte. [nombre]"),
        ("atentamente, Rosa", "atentamente, [nombre]"),
        ("te habla pedro", "te habla [nombre]"),
        ("de parte de Sofía", "de parte de [nombre]"),
        ("Soy ANA LÓPEZ y mi tel es 5512345678", "Soy [nombre] y mi tel es [teléfono]"),
    ] {
        assert_eq!(masked(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_personal_stays() {
    for text in [
        "250,000",
        "$1,500.50",
        "tengo 250,000 de enganche",
        "1500000",
        "15000000",
        "$250000",
        "un jetta 2019",
        "58,400 km",
        "58400 km",
        "CX-30",
        "F-150",
        "F150XL",
        "BMW 330e",
        "BMW330i",
        "Mazda 3",
        "GMC 2021",
        "BMW2019",
        "48 meses",
        "a 36, 48 o 60 meses",
        "24 36 48 60",
        "10 %",
        "20 por ciento",
        "CP 76040",
        "entre 2018-2020",
        "2018 2019 2020",
        "de 200 a 300 mil",
        "250mil",
        "300kms",
        "1 500 000 pesos",
        "2019 250000",
        "2019 58400 km",
        "$1.500.000",
        "12-05-2019",
        "2025-03-25",
        "9:00 a 18:00",
        "NOM-122-SCFI-2010",
        "GLC300e",
        "soy de Puebla",
        "soy independiente",
        "soy comerciante",
        "soy mayor de edad",
        "soy nuevo en esto",
        "soy extranjero",
        "soy taxista",
        "soy empleado",
        "soy el dueño",
        "soy la esposa del titular",
        "soy mexicana",
        "¿habla español?",
        "habla con un asesor",
        "quiero ver un auto",
        "¿cuánto es de enganche?",
        "placas de otro estado",
        "¿cuánto cuestan las placas?",
        "las placas de mi auto, un BMW 2019",
        "me llamo la atención",
        "¿quién habla?",
        "kavak.com/mx",
        "aquí estoy",
        "aquí en Puebla",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn names_in_everyday_forms_are_masked() {
    for (text, expected) in [
        ("mi esposa se llama María López", "mi esposa se llama [nombre]"),
        ("mi esposa se llama maría lópez", "mi esposa se llama [nombre]"),
        ("le escribe Roberto Díaz", "le escribe [nombre]"),
        ("nombre Juan Pérez", "nombre [nombre]"),
        ("nombre completo Juan Pérez", "nombre completo [nombre]"),
        ("Hola, Juan Pérez aquí", "Hola, [nombre] aquí"),
        ("Hola Juan Pérez aquí", "Hola [nombre] aquí"),
        ("Juan León", "[nombre]"),
        ("¿se lo dan a Xóchitl Iñárritu?", "¿se lo dan a [nombre]?"),
        ("Busco un Nissan Versa para Rosa de la Cruz", "Busco un Nissan Versa para [nombre]"),
        ("QUIERO QUE SE LO DEN A MARIA LOPEZ", "QUIERO QUE SE LO DEN A [nombre]"),
        ("está a nombre de mi esposo Juan Pérez Gómez", "está a nombre de mi esposo [nombre]"),
        ("a nombre de mi mamá Rosa, ¿se puede?", "a nombre de mi mamá [nombre], ¿se puede?"),
    ] {
        assert_eq!(masked(text), expected, "{text}");
    }
}

#[test]
fn capitals_and_announcements_of_other_things_stay() {
    for text in [
        "Nissan Versa",
        "Busco Nissan Versa Advance en Ciudad de México",
        "¿Qué es Kavak Total?",
        "Quiero un Seat León o un Ford Fiesta",
        "Estoy en San Luis Potosí",
        "Vivo en San Pedro Garza García, Nuevo León",
        "Mercedes Benz Clase C",
        "Hyundai Santa Fe",
        "¿Tiene Android Auto y Apple Car Play?",
        "Quiero Saber Si Tienen Autos Rojos Con Quemacocos Panorámico",
        "QUIERO SABER SI TIENEN AUTOS ROJOS CON QUEMACOCOS PANORAMICO",
        "¿Cómo se llama la app?",
        "¿cómo se llama el seguro?",
        "¿cómo se llama tu plan?",
        "¿a nombre de quién sale la factura?",
        "a nombre de mi esposa sale más caro",
        "a nombre de mi esposo",
        "el nombre del dueño",
        "mi empresa es SA de CV",
        "¿La Guardia Nacional multa por no llevar seguro?",
        "a nombre de empresa qué más piden",
        "cambio de nombre",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn plates_phones_and_mail_in_everyday_forms_are_masked() {
    for (text, expected) in [
        ("mi placa es ABC 123", "mi placa es [placa]"),
        ("mi placa es abc-123", "mi placa es [placa]"),
        ("circula hoy el XYZ 123 A?", "circula hoy el [placa]?"),
        ("¿hoy no circula ABC123?", "¿hoy no circula [placa]?"),
        ("55/1234/5678", "[teléfono]"),
        ("55_1234_5678", "[teléfono]"),
        ("cel 55,1234,5678", "cel [teléfono]"),
        ("cel 55, 1234, 5678", "cel [teléfono]"),
        ("55/12/34/56/78", "[teléfono]"),
        ("cincuenta y cinco doce treinta y cuatro cincuenta y seis setenta y ocho", "[teléfono]"),
        ("Cincuenta y cinco, uno dos tres cuatro, cinco seis, setenta y ocho", "[teléfono]"),
        (
            "quinientos cincuenta y cinco ciento veintitrés cuarenta y cinco sesenta y siete",
            "[teléfono]",
        ),
        ("ana.perez arroba gmail punto com", "[correo]"),
        ("ana punto perez arroba empresa punto com punto mx", "[correo]"),
    ] {
        assert_eq!(masked(text), expected, "{text}");
    }
}

#[test]
fn lists_dates_and_models_are_no_phones_and_plates() {
    for text in [
        "¿circula hoy un BMW 320?",
        "¿hoy circula el GLC 300?",
        "las placas cuestan mas 500 pesos",
        "las placas en los 300",
        "placas por 800",
        "placas por 2026",
        "tiene placas vencidas desde 2019",
        "Calendario hoy no circula por placa 2026",
        "12/05/2019",
        "2018/2019/2020",
        "24,36,48,60,72",
        "10,15,20,25,30 de enganche",
        "de 300, 350, 4000",
        "1,234,567,890",
        "doce veinticuatro treinta y seis cuarenta y ocho sesenta",
        "diez veinte treinta cuarenta cincuenta",
        "doscientos cincuenta mil",
        "punto com",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn no_question_of_the_measured_ones_is_changed() {
    #[derive(serde::Deserialize)]
    struct Questions {
        tuned: Vec<(String, String)>,
        held_out: Vec<(String, String)>,
    }
    let file = include_str!("../../../tests/data/questions.toml");
    let Questions { tuned, held_out } = toml::from_str(file).unwrap();
    let capitalised = |text: &str| -> String {
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        };
        text.split(' ').map(capital).collect::<Vec<String>>().join(" ")
    };
    let questions = tuned.into_iter().chain(held_out).map(|(question, _)| question);
    // The one that has a name in it: "hazme un poema pa mi novia se llama lupita".
    let questions: Vec<String> =
        questions.filter(|question| !question.ends_with("lupita")).collect();
    assert!(questions.len() > 200);
    let written = questions
        .iter()
        .flat_map(|question| [question.clone(), question.to_uppercase(), capitalised(question)]);
    let changed: Vec<String> = written.filter(|written| masked(written) != *written).collect();
    assert!(changed.is_empty(), "{changed:#?}");
}

proptest! {
    #[test]
    fn a_phone_in_any_common_grouping_is_masked(
        digits in "[2-9][0-9]{9}",
        shape in 0..8_usize,
        before in "[a-zñáé ]{0,20}",
        after in "[a-zñáé ]{0,20}",
    ) {
        let part = |lengths: &[usize], mark: &str| {
            let mut rest = digits.as_str();
            let mut parts = Vec::new();
            for length in lengths {
                let (head, tail) = rest.split_at(*length);
                parts.push(head);
                rest = tail;
            }
            parts.join(mark)
        };
        let phone = match shape {
            0 => digits.clone(),
            1 => part(&[2, 4, 4], " "),
            2 => part(&[3, 3, 4], " "),
            3 => part(&[2, 4, 4], "-"),
            4 => part(&[2, 2, 2, 2, 2], " "),
            5 => format!("+52 {}", part(&[2, 4, 4], " ")),
            6 => format!("521{digits}"),
            _ => format!("({}) {}", &digits[..3], part(&[3, 3, 4], "-").split_off(4)),
        };
        let text = format!("{before} {phone} {after}");
        let masked = masked(&text);
        prop_assert!(!masked.contains(|it: char| it.is_ascii_digit()), "{text}: {masked}");
    }

    #[test]
    fn masking_twice_is_masking_once(text in "\\PC{0,60}") {
        let once = masked(&text);
        prop_assert_eq!(masked(&once), once);
    }

    #[test]
    fn few_digits_are_no_phone(text in "[a-z0-9 ,.()+-]{0,40}") {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        prop_assume!(digits < 7);
        prop_assert!(!masked(&text).contains("[teléfono]"));
    }
}
