//! Laws of the models: what any parameters and any buyer must satisfy, and what fits find again.

use proptest::prelude::*;

use crate::score::{
    BetaGeometric, Blend, Buyer, Buying, BuyingKind, Census, DAYS_A_WEEK, Dropout, GammaGamma,
    Group, HORIZONS, Pareto, Part, Shoppers, Spend, compare, fit_beta_geometric, fit_gamma_gamma,
    whole_orders,
};

fn any_buyer() -> impl Strategy<Value = Buyer> {
    (0_u16..400, 1_u16..2_000, 0.0..1.0_f64).prop_map(|(repeats, age_days, part)| {
        let recency = if repeats == 0 { 0.0 } else { f64::from(age_days) * part };
        let recency_days = (0..=age_days).rev().find(|day| f64::from(*day) <= recency).unwrap_or(0);
        Buyer { age_days, repeats, recency_days }
    })
}

fn any_model() -> impl Strategy<Value = Buying> {
    let part = || 0.05..8.0_f64;
    let beta = (part(), 0.2..40.0_f64, part(), part(), any::<bool>());
    let beta = beta.prop_map(|(r, alpha, a, b, first)| {
        let dropout = if first { Dropout::AfterAnyOrder } else { Dropout::AfterRepeats };
        Buying::BetaGeometric(BetaGeometric { r, alpha, a, b, dropout })
    });
    let pareto = (part(), 0.2..40.0_f64, part(), 0.2..40.0_f64)
        .prop_map(|(r, alpha, s, beta)| Buying::Pareto(Pareto { r, alpha, s, beta }));
    prop_oneof![beta, pareto]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Numbers on pages are never nonsense, whatever was fitted and whoever asks: probabilities are
    /// probabilities, more weeks bring more orders, and nobody is expected to buy less than nothing.
    #[test]
    fn whatever_was_fitted_and_whoever_asks_the_answer_makes_sense(model in any_model(), buyer in any_buyer()) {
        let alive = model.probability_alive(buyer);
        prop_assert!((0.0..=1.0).contains(&alive), "{alive}");
        let mut before = 0.0;
        for weeks in [1.0, 4.0, 13.0, 52.0, 104.0] {
            let orders = model.expected_orders(buyer, weeks);
            prop_assert!(orders.is_finite() && orders >= before - 1e-9, "{orders} in {weeks} weeks");
            before = orders;
        }
        let tails = model.at_least(buyer, 13.0);
        prop_assert!(tails.windows(2).all(|two| two[0] >= two[1] - 1e-12));
        prop_assert!(tails.first().is_none_or(|first| *first <= alive + 1e-9));
    }

    /// The distribution and the expectation are of one model: tails add up to the mean.
    #[test]
    fn tails_add_up_to_the_expectation(model in any_model(), repeats in 0_u16..12, age_days in 30_u16..400) {
        let buyer = Buyer { age_days, repeats, recency_days: if repeats == 0 { 0 } else { age_days / 2 } };
        let (sum, mean) = (model.at_least(buyer, 10.0).iter().sum::<f64>(), model.expected_orders(buyer, 10.0));
        // Pareto/NBD's leaving within the weeks is cut into eighths, and tails end at a thousandth.
        prop_assert!((sum - mean).abs() <= 0.03 * mean + 0.02, "{sum} is not {mean}");
    }

    /// What a page reads off curves is what the formulas say that models are fitted and compared by.
    #[test]
    fn what_is_read_off_is_what_the_formulas_say(model in any_model(), buyer in any_buyer()) {
        let repeats = buyer.repeats % 70;
        let buyer = Buyer { repeats, recency_days: if repeats == 0 { 0 } else { buyer.recency_days }, ..buyer };
        let blend = Blend::of(vec![Part { model, level: 1.0 }]);
        let outlook = blend.outlook(buyer);
        let right = model.probability_alive(buyer);
        match outlook.alive() {
            Some(read) => prop_assert!((read - right).abs() <= 1e-9, "{read} is not {right}"),
            None => prop_assert_eq!((repeats, right), (0, 1.0)),
        }
        for days in HORIZONS {
            let weeks = f64::from(days) / DAYS_A_WEEK;
            let (read, right) = (outlook.orders(weeks), model.expected_orders(buyer, weeks));
            prop_assert!((read - right).abs() <= 1e-9 * right.max(1e-3), "{read} is not {right}");
            let (read, right) = (outlook.any_order(weeks), model.at_least(buyer, weeks));
            let right = right.first().copied().unwrap_or(0.0);
            prop_assert!((read - right).abs() <= 1e-9 || read < 1e-3 && right <= 0.0, "{read} is not {right}");
        }
    }

    /// Silence never makes somebody more alive.
    #[test]
    fn a_longer_silence_never_makes_anybody_more_alive(model in any_model(), buyer in any_buyer(), more in 1_u16..300) {
        let later = Buyer { age_days: buyer.age_days + more, ..buyer };
        prop_assert!(model.probability_alive(later) <= model.probability_alive(buyer) + 1e-9);
    }

    /// Whole orders come to the sum that was asked for, so that plans of parcels agree with plans of money.
    #[test]
    fn whole_orders_come_to_their_sum(buyers in proptest::collection::vec(any_buyer(), 2..40), part in 0.1..1.5_f64) {
        let model = BetaGeometric { r: 0.24, alpha: 4.4, a: 0.8, b: 2.4, dropout: Dropout::AfterRepeats };
        let census = Census::of(buyers);
        let tails: Vec<Vec<f64>> = census.groups.iter().map(|g| model.at_least(g.buyer, 20.0)).collect();
        let most: f64 = census.groups.iter().zip(&tails).map(|(g, t)| f64::from(g.count) * t.len() as f64).sum();
        let total = (part * census.groups.iter().map(|g| f64::from(g.count) * model.expected_orders(g.buyer, 20.0)).sum::<f64>()).min(most);
        let whole = whole_orders(&census.groups, &tails, total);
        let sum: f64 = census.groups.iter().zip(&whole).map(|(g, w)| f64::from(g.count) * w).sum();
        prop_assert!((sum - total).abs() < 1e-6 * total.max(1.0), "{sum} is not {total}");
    }
}

/// By the plain rate everybody goes on for ever: that says nothing of who is a customer still.
#[test]
fn the_plain_rate_does_not_say_who_left() {
    let buyer = Buyer { repeats: 5, recency_days: 100, age_days: 700 };
    let of = |parts: &[Buying]| {
        let parts = parts.iter().map(|model| Part { model: *model, level: 1.0 });
        let blend = Blend::of(parts.collect());
        let outlook = blend.outlook(buyer);
        (outlook.alive(), outlook.orders(10.0))
    };
    let pareto = Buying::Pareto(Pareto { r: 0.5, alpha: 10.0, s: 0.6, beta: 12.0 });
    let (alive, orders) = of(&[Buying::PlainRate]);
    assert!(alive.is_none() && orders > 0.0, "{alive:?} {orders}");
    assert_eq!(of(&[Buying::PlainRate, pareto]).0, of(&[pareto]).0);
}

/// Steps of a generator that is the same everywhere, between 0 and 1.
struct Steps(u64);

impl Steps {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.next()).ln()
    }
}

/// Days of people who buy at exponential rates, and of whom one in five leaves after each order.
fn crowd(people: u32) -> Shoppers {
    let mut steps = Steps(11);
    let mut shoppers = Shoppers::default();
    for _ in 0..people {
        let rate = steps.exponential() / 30.0;
        let mut day = steps.next() * 100.0;
        let mut days = Vec::new();
        while day < 400.0 {
            days.push((0..=400).rev().find(|whole| f64::from(*whole) <= day).unwrap_or(0));
            if steps.next() < 0.2 {
                break;
            }
            day += (steps.exponential() / rate.max(1e-6)).max(1.0);
        }
        shoppers.push_days(days);
    }
    shoppers
}

#[test]
fn fits_find_a_known_crowd_again_and_say_how_sure_they_are() {
    let census = crowd(4_000).census(400);
    let fit = fit_beta_geometric(&census, Dropout::AfterAnyOrder).unwrap();
    let errors = fit.errors.unwrap();
    // Exponential rates of one in thirty days are a gamma of shape 1 and scale 30 days.
    assert!((fit.model.r - 1.0).abs() < 4.0 * errors[0].max(0.03), "{fit:?}");
    assert!((fit.model.alpha - 30.0 / 7.0).abs() < 4.0 * errors[1].max(0.2), "{fit:?}");
    let drops = fit.model.a / (fit.model.a + fit.model.b);
    assert!((drops - 0.2).abs() < 0.04, "{fit:?}");
    // What is fitted is a peak: a step aside in any direction is lower.
    for aside in [0.98, 1.02] {
        let beside = BetaGeometric { alpha: fit.model.alpha * aside, ..fit.model };
        assert!(beside.ln_likelihood(&census) < fit.ln_likelihood);
    }
}

#[test]
fn the_program_s_own_holdout_prefers_models_to_a_plain_rate() {
    let compared = compare(&crowd(3_000), 400, &mut || {});
    assert_eq!(compared.cuts.len(), 3);
    assert!(!compared.members.is_empty());
    assert!(
        compared.members.iter().all(|member| member.kind != BuyingKind::PlainRate),
        "{compared:?}"
    );
}

#[test]
fn shops_with_nobody_or_nothing_repeated_have_no_fit_and_no_crash() {
    let nobody = Census::of([]);
    let once = Census::of((1..90).map(|age_days| Buyer { age_days, ..Buyer::default() }));
    let one = Census::of([Buyer { age_days: 9, repeats: 3, recency_days: 4 }]);
    for census in [&nobody, &once, &one] {
        for kind in BuyingKind::ALL.into_iter().filter(|kind| *kind != BuyingKind::PlainRate) {
            assert!(Buying::fit(kind, census).is_none(), "{kind:?}");
        }
    }
    // Everybody buys every day, nobody ever leaves: at the edge of every model.
    let steady =
        Census::of((1..90).map(|age| Buyer { age_days: age, repeats: age, recency_days: age }));
    for kind in BuyingKind::ALL {
        let fitted = Buying::fit(kind, &steady).unwrap();
        let orders = fitted.model.expected_orders(steady.groups[40].buyer, 4.0);
        assert!(orders.is_finite() && orders >= 0.0, "{kind:?}: {orders}");
    }
    assert!(compare(&Shoppers::default(), 10, &mut || {}).cuts.is_empty());
}

#[test]
fn one_order_more_is_worth_between_one_s_own_mean_and_everybody_s() {
    let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
    let everybody = model.expected_value(None).unwrap();
    let own = model.expected_value(Some(Spend { orders: 4, mean: 80.0 })).unwrap();
    assert!(everybody < own && own < 80.0, "{everybody} {own}");
    assert!(fit_gamma_gamma(&[Spend { orders: 1, mean: 5.0 }; 40]).is_none());
}

#[test]
fn groups_carry_their_counts() {
    let census = Census::of([Buyer::default(); 3]);
    assert_eq!(census.groups, [Group { buyer: Buyer::default(), count: 3 }]);
}
