//! A believable used-car catalogue: the same one each time, for the same list of models.

use serde::Deserialize;

/// Where the random numbers start. Another value is another catalogue.
const SEED: u64 = 0x4e6f_7061_6c32_3032;
/// The first stock id after those that documents name.
const FIRST_ID: u32 = 100_301;
/// The widest gap between two stock ids: the cars between them were sold.
const ID_GAP: u64 = 300;
/// What a car is worth after each year, in parts of a thousand of a new one.
const WORTH: [u64; 16] =
    [930, 860, 790, 730, 675, 625, 580, 535, 495, 455, 420, 388, 358, 330, 305, 282];
/// What the oldest cars come near to: those that drove more are not taken in.
const MOST_KM: u64 = 140_000;
/// The age at which a car has driven half of that, in half years.
const HALF_WAY: u64 = 14;

/// The list of models, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    today: u16,
    fixed: Vec<Fixed>,
    models: Vec<Generation>,
}

/// A car that stands in the catalogue as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixed {
    stock_id: u32,
    km: u64,
    price: u64,
    make: String,
    model: String,
    year: u16,
    version: String,
    bluetooth: bool,
    size: [u16; 3],
    car_play: bool,
}

/// One generation of a model.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generation {
    make: String,
    model: String,
    cars: usize,
    years: [u16; 2],
    size: [u16; 3],
    new_price: u64,
    car_play: Option<u16>,
    versions: Vec<(String, u64)>,
}

/// The CSV of `models`, with each model's number of cars taken `times` times.
///
/// # Errors
///
/// The list of models is malformed, or a row cannot be written.
pub(crate) fn catalog(models: &str, times: usize) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let source: Source = toml::from_str(models)?;
    let mut random = Random(SEED);
    let mut cars = Vec::new();
    for model in &source.models {
        for _ in 0..model.cars * times {
            cars.push(car(model, source.today, &mut random));
        }
    }
    random.shuffle(&mut cars);
    let mut id = FIRST_ID;
    for car in &mut cars {
        car.stock_id = id;
        id += u32::try_from(1 + random.below(ID_GAP))?;
    }
    written(source.fixed.iter().chain(&cars))
}

fn car(model: &Generation, today: u16, random: &mut Random) -> Fixed {
    let [first, last] = model.years;
    // The mean of two draws: the middle years of a generation are the most frequent on sale.
    let span = u64::from(last - first) + 1;
    let year = first + as_u16(u64::midpoint(random.below(span), random.below(span)));
    let age = u64::from(today - year);
    let (version, percent) = &model.versions[random.pick(model.versions.len())];
    let km = km(age, random);
    let decent = *percent >= 90;
    let car_play = model.car_play.is_some_and(|from| year >= from + if decent { 0 } else { 2 });
    Fixed {
        stock_id: 0,
        km,
        price: price(model.new_price * percent / 100, age, km, random),
        make: model.make.clone(),
        model: model.model.clone(),
        year,
        version: version.clone(),
        bluetooth: car_play || random.below(100) < if year > 2015 { 98 } else { 60 },
        size: model.size,
        car_play,
    }
}

/// Kilometres grow with age; some drive half of the usual, some half more.
fn km(age: u64, random: &mut Random) -> u64 {
    let km = usual_km(age) * (550 + random.below(800)) / 1000;
    // Most people round.
    if random.below(3) == 0 { km / 100 * 100 } else { km }
}

/// What most cars of this age, in the middle of their year, have driven.
fn usual_km(age: u64) -> u64 {
    let half_years = 2 * age + 1;
    MOST_KM * half_years / (half_years + HALF_WAY)
}

/// What a car of this age is worth, less 2 % for each 10,000 km over the usual or more for what
/// is under it, give or take 3 % of haggling; it ends in 999, as prices of cars do.
fn price(new: u64, age: u64, km: u64, random: &mut Random) -> u64 {
    let worth = WORTH[usize::try_from(age).unwrap_or(usize::MAX).min(WORTH.len() - 1)];
    let for_km = 1000 + usual_km(age) / 500 - km / 500;
    let haggled = 970 + random.below(61);
    let price = new * worth / 1000 * for_km / 1000 * haggled / 1000;
    price / 1000 * 1000 + 999
}

fn written<'a>(
    cars: impl Iterator<Item = &'a Fixed>,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "stock_id",
        "km",
        "price",
        "make",
        "model",
        "year",
        "version",
        "bluetooth",
        "largo",
        "ancho",
        "altura",
        "car_play",
    ])?;
    let yes = |has: bool| if has { "Sí" } else { "" };
    for car in cars {
        let [length, width, height] = car.size.map(|side| side.to_string());
        csv.write_record([
            &car.stock_id.to_string(),
            &car.km.to_string(),
            &car.price.to_string(),
            &car.make,
            &car.model,
            &car.year.to_string(),
            &car.version,
            yes(car.bluetooth),
            &length,
            &width,
            &height,
            yes(car.car_play),
        ])?;
    }
    Ok(csv.into_inner()?)
}

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014):
/// short, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number under `limit`; the bias of the remainder is of no account for so small limits.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.pick(last + 1));
        }
    }
}

fn as_u16(value: u64) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}
