//! Models of buying on the CDNOW cohort, read by the program's own import, and on invented crowds:
//! published parameters, a holdout that nothing was tuned on, time and memory; a peer beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use regulars_engine::condition::Aggregates;
use regulars_engine::event::{Currency, Event, Kind, Mode, Order};
use regulars_engine::identity::PersonId;
use regulars_engine::profile::Profile;
use regulars_engine::score::{
    Blend, Buyer, Buying, BuyingKind, Census, Counting, DAYS_A_WEEK, Dropout, Group, Measured,
    Part, Population, Purchases, ScoreName, Scorer, Shoppers, Spend, compare, day_of,
    fit_beta_geometric, fit_gamma_gamma, whole_orders,
};
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_ingest::table::Mapping;
use regulars_server::import::Import;
use regulars_server::writer::Writer;
use regulars_store::{Reader, SqliteStore};

use crate::buyers::buyers;
use crate::crowd::Dice;
use crate::machine::{described, peak_megabytes, thread_cpu};
use crate::number;

/// What the columns of the cohort mean. The file has no numbers of orders: each line gets one.
const MAPPING: &str = "
source: cdnow
rows: events
kind: order
columns:
  order_id: order
  customer_id: customer
  occurred_at: {column: day, format: \"%Y%m%d\", zone: UTC, precision: day}
  total: dollars
  currency: {value: USD}
  channel: {value: web}
properties:
  discs: discs
";

/// The last day of the calibration, and the last of the holdout: 39 weeks each.
const KNOWN_TO: &str = "1997-09-30T00:00:00Z";
const UNTIL: &str = "1998-06-30T00:00:00Z";

/// Runs it: `--customers N` for the crowd, `--peer` for lifetimes as well.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    println!("machine: {}", described());
    let customers = number(options, "--customers", 1_000_000)?;
    crowd(customers)?;
    reading()?;
    let folder = std::env::var_os("REGULARS_CHECK_DATA")
        .map(|folder| PathBuf::from(folder).join("data/cdnow"))
        .filter(|folder| folder.is_dir());
    match &folder {
        Some(folder) => {
            let sample = Cohort::read(&folder.join("CDNOW_sample.txt"), 1)?;
            parameters(&sample)?;
            holdout("1/10 sample", &sample)?;
            holdout("all customers", &Cohort::read(&folder.join("CDNOW_master.txt"), 0)?)?;
            wholesaler(&folder.with_file_name("online-retail").join("online_retail.csv.gz"))?;
        }
        None => println!(
            "skipped: CDNOW and the peer; set REGULARS_CHECK_DATA to the folder that holds data/cdnow"
        ),
    }
    if let Some(folder) = folder.filter(|_| options.iter().any(|option| option == "--peer")) {
        crate::peer::lifetimes(&folder.join("cdnow_customers_summary.csv"), customers)?;
    }
    Ok(())
}

/// The cohort as the program's store holds it after an import.
struct Cohort {
    shoppers: Shoppers,
    spends: Vec<Spend>,
    known_to: i32,
    until: i32,
}

impl Cohort {
    /// Reads a file of the cohort; `skip` columns stand before the customer's.
    fn read(path: &Path, skip: usize) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("could not read \"{}\"", path.display()))?;
        let mut csv = String::from("order,customer,day,discs,dollars\n");
        for (row, line) in text.lines().enumerate() {
            let cells: Vec<&str> = line.split_whitespace().skip(skip).collect();
            if let [customer, day, discs, dollars] = cells[..]
                && customer.bytes().all(|byte| byte.is_ascii_digit())
            {
                writeln!(csv, "{row},{customer},{day},{discs},{dollars}")?;
            }
        }
        let writer = imported(MAPPING, csv.as_bytes(), UNTIL)?;
        Self::gather(&writer)
    }

    fn gather(writer: &Writer<SqliteStore>) -> Result<Self> {
        let (known_to, until) = (moment(KNOWN_TO)?, moment(UNTIL)?);
        let zone = TimeZone::UTC;
        let currency = Currency::parse("USD").context("dollars are a currency")?;
        let counting = Counting { zone: &zone, currency };
        let mut cohort = Self {
            shoppers: Shoppers::default(),
            spends: Vec::new(),
            known_to: day_of(known_to, &zone),
            until: day_of(until, &zone),
        };
        everybody(writer, |profile| {
            cohort.shoppers.push(&Purchases::of(&profile.orders, counting, until));
            cohort.spends.extend(Purchases::of(&profile.orders, counting, known_to).spend(2));
        })?;
        Ok(cohort)
    }
}

fn moment(text: &str) -> Result<Timestamp> {
    let at: jiff::Timestamp = text.parse()?;
    Ok(Timestamp(at.as_millisecond()))
}

/// The published parameters, on the sample, and what a fit costs.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn parameters(sample: &Cohort) -> Result<()> {
    let census = sample.shoppers.census(sample.known_to);
    println!("CDNOW sample: {} customers, {} groups", census.buyers, census.groups.len());
    for kind in BuyingKind::ALL {
        let before = thread_cpu();
        let Some(fitted) = Buying::fit(kind, &census) else { continue };
        let taken = thread_cpu() - before;
        let told: Vec<String> = fitted
            .parameters
            .iter()
            .map(|p| format!("{} {:.4} ± {:.4}", p.name, p.value, p.error.unwrap_or(f64::NAN)))
            .collect();
        println!(
            "  {:<11} {}  LL {:.3}  {:.2} ms CPU",
            kind.name(),
            told.join("  "),
            fitted.ln_likelihood,
            taken.as_secs_f64() * 1e3
        );
    }
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..50 {
        let before = thread_cpu();
        fit_beta_geometric(&census, Dropout::AfterRepeats).context("the sample can be fitted")?;
        times.push(thread_cpu() - before);
    }
    times.sort();
    println!("  BG/NBD again: {:.2} ms CPU, the median of 50", times[25].as_secs_f64() * 1e3);
    let fitted = fit_gamma_gamma(&sample.spends).context("the sample can be fitted")?;
    println!(
        "  Gamma-Gamma p {:.3}  q {:.3}  v {:.3}, {} repeaters",
        fitted.model.p,
        fitted.model.q,
        fitted.model.v,
        sample.spends.len()
    );
    Ok(())
}

/// 39 weeks that nothing was tuned on: the program sees the calibration only.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn holdout(name: &str, cohort: &Cohort) -> Result<()> {
    let Cohort { shoppers, known_to, until, .. } = cohort;
    let outcomes = shoppers.outcomes(*known_to, *until);
    let census = Census::of(outcomes.iter().map(|(buyer, _)| *buyer));
    let weeks = f64::from(until - known_to) / DAYS_A_WEEK;
    println!("CDNOW holdout, {name}: {} customers, {weeks:.0} weeks", census.buyers);
    let mut peer = Vec::new();
    for kind in BuyingKind::ALL {
        let fitted = Buying::fit(kind, &census).context("the cohort can be fitted")?;
        let each = spread(&census.groups, |group| fitted.model.expected_orders(group.buyer, weeks));
        tell(kind.name(), &each, &outcomes);
        if kind == BuyingKind::Pareto {
            peer = each;
        }
    }
    let before = thread_cpu();
    let compared = compare(shoppers, *known_to, &mut || {});
    let mut parts = Vec::new();
    for member in &compared.members {
        let fitted = Buying::fit(member.kind, &census).context("the cohort can be fitted")?;
        parts.push(Part { model: fitted.model, level: member.level });
    }
    let blend = Blend::of(parts);
    let expected = spread(&census.groups, |group| blend.outlook(group.buyer).orders(weeks));
    let tails: Vec<Vec<f64>> =
        census.groups.iter().map(|group| blend.at_least(group.buyer, weeks)).collect();
    let mut wholes = whole_orders(&census.groups, &tails, expected.iter().sum()).into_iter();
    let whole = spread(&census.groups, |_| wholes.next().unwrap_or_default());
    let members: Vec<String> = compared
        .members
        .iter()
        .map(|member| format!("{} at level {:.3}", member.kind.name(), member.level))
        .collect();
    println!(
        "  the program took {}, by cuts of the calibration alone, in {:.2} s CPU",
        members.join(", "),
        (thread_cpu() - before).as_secs_f64()
    );
    tell("its expectation", &expected, &outcomes);
    tell("whole orders", &whole, &outcomes);
    let (errors, totals) = better(&whole, &peer, &outcomes);
    println!(
        "  whole orders against Pareto/NBD, paired bootstrap of 2,000: better in MAE {:.1} %, in total {:.1} %",
        errors * 100.0,
        totals * 100.0
    );
    Ok(())
}

/// A wholesaler's invoices and credit notes: what came back takes from orders and from what was spent.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn wholesaler(path: &Path) -> Result<()> {
    let unpacked =
        Command::new("gzip").arg("-dc").arg(path).output().context("could not start gzip")?;
    ensure!(unpacked.status.success(), "could not unpack \"{}\"", path.display());
    let mapping = include_str!("../../examples/mappings/online-retail.yaml");
    let writer = imported(mapping, &unpacked.stdout, "2012-01-01T00:00:00Z")?;
    let (now, zone) = (moment("2011-12-10T00:00:00Z")?, TimeZone::get("Europe/London")?);
    let counting = Counting { zone: &zone, currency: Currency::parse("GBP").context("pounds")? };
    let mut population = Population::new(now, zone.clone(), counting.currency);
    let (mut customers, mut sold, mut kept, mut days) = (0_u64, 0_u64, 0_u64, 0_usize);
    let (mut spent, mut below) = (0_i64, 0_u64);
    everybody(&writer, |profile| {
        population.push(profile);
        let orders = profile.orders.by_key.values();
        let sales = orders.filter(|record| record.sale.is_some()).count() as u64;
        let purchases = Purchases::of(&profile.orders, counting, now);
        let gross = purchases.days.iter().filter(|day| day.net_minor > 0).count() as u64;
        (customers, sold, kept) = (customers + 1, sold + sales, kept + gross);
        days += purchases.days.len();
        spent += purchases.spent_minor();
        below += u64::from(purchases.spent_minor() < 0);
    })?;
    let model = population.fit(&mut || {});
    println!(
        "Online Retail: {customers} customers, {sold} sales become {days} days with a purchase ({kept} of them above 0); spent and kept {:.2} GBP; {below} customers below 0; {} left out as outliers",
        spent as f64 / 100.0,
        model.outliers
    );
    for fitted in &model.fits {
        println!(
            "  {:<11} LL {:.1}, settled: {}",
            fitted.model.kind().name(),
            fitted.ln_likelihood,
            fitted.settled
        );
    }
    Ok(())
}

/// Gives everybody's profile to `take`.
fn everybody(writer: &Writer<SqliteStore>, mut take: impl FnMut(&Profile)) -> Result<()> {
    let mut after = PersonId(0);
    loop {
        let page = writer.reader().persons_after(after, 1_000)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.0;
        for (_, _, record) in &page {
            take(&record.profile);
        }
    }
}

/// A store with a table in it, read by the program's own import.
fn imported(mapping: &str, table: &[u8], received_at: &str) -> Result<Writer<SqliteStore>> {
    let mapping = Mapping::parse(mapping, "mapping.yaml")
        .map_err(|mistakes| anyhow::anyhow!("the mapping does not read: {mistakes:?}"))?;
    let mut writer = Writer::open(SqliteStore::in_memory()?, Purpose::Live)?;
    let received_at = moment(received_at)?;
    let import = Import {
        source: None,
        feed: None,
        mapping: Some(mapping),
        mode: Mode::Backfill,
        received_at,
        complete_through: None,
    };
    let imported = import.run(&mut writer, table, 0, received_at, &mut |_, _| {})?;
    ensure!(imported.receipt.quarantined == 0, "every line is understood");
    Ok(writer)
}

/// One forecast a buyer, from one a group.
fn spread(groups: &[Group], mut forecast: impl FnMut(&Group) -> f64) -> Vec<f64> {
    let mut each = Vec::new();
    for group in groups {
        let one = forecast(group);
        each.extend((0..group.count).map(|_| one));
    }
    each
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn tell(name: &str, forecasts: &[f64], outcomes: &[(Buyer, u16)]) {
    let came = outcomes.iter().map(|(_, came)| f64::from(*came));
    let measured = Measured::of(forecasts.iter().copied().zip(came));
    println!(
        "  {name:<16} correlation {:.4}  MAE {:.4}  RMSE {:.4}  total {:+.1} %",
        measured.correlation,
        measured.absolute_error,
        measured.square_error,
        measured.total_error() * 100.0
    );
}

/// In which share of resampled cohorts `ours` is nearer than `theirs`: by customer, and in sum.
fn better(ours: &[f64], theirs: &[f64], outcomes: &[(Buyer, u16)]) -> (f64, f64) {
    let mut chance = Dice::new(1);
    let (mut errors, mut totals) = (0.0, 0.0);
    for _ in 0..2_000 {
        let (mut error, mut ours_off, mut theirs_off) = (0.0, 0.0, 0.0);
        for _ in 0..outcomes.len() {
            let at = usize::try_from(chance.below(outcomes.len() as u64)).unwrap_or(0);
            let came = f64::from(outcomes[at].1);
            error += (ours[at] - came).abs() - (theirs[at] - came).abs();
            ours_off += ours[at] - came;
            theirs_off += theirs[at] - came;
        }
        errors += f64::from(u8::from(error < 0.0));
        totals += f64::from(u8::from(ours_off.abs() < theirs_off.abs()));
    }
    (errors / 2_000.0, totals / 2_000.0)
}

/// An invented crowd with known parameters: what a fit finds, takes and needs beyond the crowd.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn crowd(customers: u64) -> Result<()> {
    let crowd = buyers(customers);
    let held = peak_megabytes();
    let before = thread_cpu();
    let census = Census::of(crowd.iter().copied());
    let gathered = thread_cpu() - before;
    let fitted =
        fit_beta_geometric(&census, Dropout::AfterRepeats).context("a crowd can be fitted")?;
    let taken = thread_cpu() - before;
    let model = fitted.model;
    println!(
        "BG/NBD on {customers} simulated customers (r .24, alpha 4.4, a .79, b 2.43): r {:.4}  alpha {:.4}  a {:.4}  b {:.4}",
        model.r, model.alpha, model.a, model.b
    );
    println!(
        "  {:.3} s CPU, of which {:.3} s to gather {} groups; {} MB beyond the crowd",
        taken.as_secs_f64(),
        gathered.as_secs_f64(),
        census.groups.len(),
        peak_megabytes().saturating_sub(held)
    );
    Ok(())
}

/// What it costs to read one person's scores: stage, engagement, and for a buyer everything else.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn reading() -> Result<()> {
    const DAYS: i64 = 24 * 3_600 * 1_000;
    let now = Timestamp(20_400 * DAYS);
    let currency = Currency::EUR;
    let profiles: Vec<Profile> = (0..2_000_i64).map(|n| profile(n, now, DAYS)).collect();
    let mut population = Population::new(now, TimeZone::UTC, currency);
    for profile in &profiles {
        population.push(profile);
    }
    let model = population.fit(&mut || {});
    let zone = TimeZone::get("Europe/Madrid")?;
    let scorer = Scorer { model: &model, zone: &zone };
    let orders: usize = profiles.iter().map(|profile| profile.orders.by_key.len()).sum();
    let (mut sum, rounds) = (0.0, 50);
    let before = thread_cpu();
    for _ in 0..rounds {
        for profile in &profiles {
            let scores = scorer.of(profile, now).all();
            sum += scores.buying.map_or(0.0, |buying| buying.alive.unwrap_or(1.0));
        }
    }
    let each =
        (thread_cpu() - before).as_secs_f64() * 1e6 / f64::from(rounds) / profiles.len() as f64;
    let before = thread_cpu();
    for _ in 0..rounds {
        for profile in &profiles {
            sum += scorer.of(profile, now).score(ScoreName::Engagement(None)).unwrap_or_default();
        }
    }
    let engaged =
        (thread_cpu() - before).as_secs_f64() * 1e6 / f64::from(rounds) / profiles.len() as f64;
    println!(
        "one person's scores, {:.1} orders each, {} models used: {each:.2} µs CPU; engagement alone {engaged:.2} µs (check {sum:.0})",
        orders as f64 / profiles.len() as f64,
        model.blend.parts().len(),
    );
    Ok(())
}

/// Somebody with a rhythm of their own, and what they did on the site.
fn profile(n: i64, now: Timestamp, day: i64) -> Profile {
    let mut profile = Profile::default();
    let (gap, orders) = (15 + n % 60, 1 + n * 7 % 14);
    for order in 0..orders {
        let at = now.plus(-(gap * order + n % 90 + 1) * day);
        let mut event = blank(at, Kind::OrderCompleted, format!("{n}-{order}"));
        event.order = Some(Order {
            key: format!("{n}-{order}"),
            total_minor: Some(1_000 + n % 700),
            currency: Currency::EUR,
            discount_minor: None,
            coupon: None,
        });
        profile.fold(&event, &Aggregates::default());
        profile.fold(
            &blank(at.plus(-day), Kind::ProductViewed, format!("{n}-{order}-look")),
            &Aggregates::default(),
        );
    }
    profile
}

fn blank(at: Timestamp, kind: Kind, message_id: String) -> Event {
    Event { mode: Mode::Backfill, ..Event::bare("web", message_id, kind, at) }
}
