//! `kavak-bot catalog`: checking and searching the cars on sale.

use clap::{Args, Subcommand};

use super::{Verdict, assemble};
use crate::catalog::{Catalog as Cars, Words};
use crate::cli::out::outln;
use crate::config::Settings;

/// Rows that a search prints.
const SHOWN: usize = 20;

/// Check or search the cars on sale
#[derive(Debug, Subcommand)]
pub(super) enum Catalog {
    /// Report every row that cannot be used
    #[command(after_help = "Example: kavak-bot catalog check --catalog data/catalog.csv")]
    Check,
    /// Search as a customer would
    #[command(after_help = "Example: kavak-bot catalog search \"Versa de menos de 250 mil\"")]
    Search(Search),
}

/// Search as a customer would
#[derive(Debug, Args)]
pub(super) struct Search {
    /// What is looked for, in Spanish
    words: String,
}

impl Catalog {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match self {
            Self::Check => check(settings),
            Self::Search(search) => search.run(settings),
        }
    }
}

fn check(settings: &Settings) -> Verdict {
    let path = settings.catalog_path.display();
    match Cars::load(&settings.catalog_path, Words::built_in()) {
        Ok(loaded) => {
            for problem in &loaded.rejected {
                outln!("{path}:{problem}");
            }
            outln!(
                "{path}: {} cars; {} problems, their rows left out",
                loaded.catalog.len(),
                loaded.rejected.len()
            );
            if loaded.rejected.is_empty() { Verdict::Fine } else { Verdict::Wrong }
        }
        Err(error) => {
            eprintln!("{error}");
            Verdict::Wrong
        }
    }
}

impl Search {
    fn run(&self, settings: &Settings) -> Verdict {
        let assembled = match assemble::dealer(settings) {
            Ok(assembled) => assembled,
            Err(error) => {
                eprintln!("{error}");
                return Verdict::Wrong;
            }
        };
        let dealer = assembled.dealer;
        let Some(query) = dealer.query(&self.words) else {
            eprintln!("no search was understood in “{}”", self.words);
            return Verdict::Wrong;
        };
        let found = dealer.catalog().search(&query, 0, SHOWN);
        for car in &found.cars {
            outln!(
                "{}  {} {} {}  {}  {} km  {}",
                car.stock_id(),
                car.make(),
                car.model(),
                car.year(),
                car.price().short(),
                car.km(),
                car.version(),
            );
        }
        outln!("{} cars", found.total);
        if found.total == 0 { Verdict::Wrong } else { Verdict::Fine }
    }
}
