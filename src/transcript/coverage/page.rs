//! The coverage as a page, in Spanish, that needs no network and no script: a table, each flow as a
//! graph, and the list of what nobody walks.

use std::fmt::Write as _;

use super::{Coverage, Share};
use crate::engine::graph::{STYLE, escaped};
use crate::engine::landmark::Kind;

/// The page.
pub(super) fn page(coverage: &Coverage) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"es-MX\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Cobertura de los flujos</title>\n<style>{STYLE}</style>\n\
         <h1>Cobertura de los flujos</h1>\n\
         <p>Qué parte de los flujos recorren las conversaciones de prueba que pasan. Lo verde ya se \
         recorre, con el número de veces; lo rojo y punteado todavía no lo recorre ninguna; a lo gris \
         no lleva ningún mensaje.</p>\n"
    );
    table(&mut page, coverage);
    for flow in coverage.chart.flows() {
        let times = |landmark: &_| coverage.times.get(landmark).copied();
        page.push_str(&coverage.chart.section(flow, &times));
    }
    missing(&mut page, coverage);
    page.push_str("</html>\n");
    page
}

fn table(page: &mut String, coverage: &Coverage) {
    page.push_str("<table>\n<tr><th>Qué<th>Cubierto<th>Total<th>%\n");
    for kind in Kind::ALL {
        let share = coverage.share(kind);
        let Share { covered, total } = share;
        let _ = writeln!(
            page,
            "<tr><td>{}<td class=\"n\">{covered}<td class=\"n\">{total}<td class=\"n\">{:.1}",
            in_spanish(kind),
            share.percent(),
        );
    }
    page.push_str("</table>\n");
}

const fn in_spanish(kind: Kind) -> &'static str {
    match kind {
        Kind::Steps => "Pasos",
        Kind::Transitions => "Transiciones",
        Kind::Rungs => "Respuestas a lo que no se entiende",
        Kind::Bounds => "Límites de los datos",
        Kind::Commands => "Comandos en cada pregunta",
        Kind::Texts => "Textos",
        Kind::Inbound => "Tipos de mensaje",
    }
}

fn missing(page: &mut String, coverage: &Coverage) {
    page.push_str("<h2>Falta por recorrer</h2>\n");
    for kind in Kind::ALL {
        let mut missing = coverage.missing().filter(|landmark| landmark.kind() == kind).peekable();
        if missing.peek().is_none() {
            continue;
        }
        let _ = writeln!(page, "<h3>{}</h3>\n<ul class=\"no\">", in_spanish(kind));
        for landmark in missing {
            let _ = writeln!(page, "<li>{}", escaped(&landmark.to_string()));
        }
        page.push_str("</ul>\n");
    }
    if coverage.missing().next().is_none() {
        page.push_str("<p>Nada: todo se recorre al menos una vez.</p>\n");
    }
}
