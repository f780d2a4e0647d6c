//! Writes `data/catalog.csv` anew from `data/catalog/models.toml`.

mod generator;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let models = std::fs::read_to_string("data/catalog/models.toml")?;
    std::fs::write("data/catalog.csv", generator::catalog(&models, 1)?)?;
    Ok(())
}
