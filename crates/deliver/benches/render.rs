//! What one message costs: rendering and building, in CPU time on one thread.
//!
//! `cargo bench -p regulars-deliver` prints microseconds for each message, and the sizes behind them.

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime};

use regulars_deliver::email::{
    Algorithm, DkimKey, Email, Mailbox, Message, NewKey, Signers, Unsubscribe,
};
use regulars_deliver::template::{CART_COUPON, CART_REMINDER, built_in};
use serde_json::{Value, json};

fn context(products: usize) -> Value {
    let product = |number: usize| {
        json!({
            "name": format!("Linen T-shirt {number}"),
            "image": format!("https://oakleaf.example/img/{number}.jpg"),
            "price": "24,90 €",
            "url": format!("https://oakleaf.example/p/{number}?a=1&b=2"),
        })
    };
    json!({
        "person": { "first_name": "María" },
        "shop": {
            "name": "Oakleaf", "url": "https://oakleaf.example",
            "address": "Calle Mayor 1, 28013 Madrid",
        },
        "cart": {
            "url": "https://oakleaf.example/cart",
            "products": (1..=products).map(product).collect::<Vec<Value>>(),
        },
        "offer": { "text": "20 % off", "code": "MARIA-7Q4X", "until": "Sunday" },
        "unsubscribe_url": "https://oakleaf.example/u/AbC123",
    })
}

fn message(subject: String, html: String, text: String) -> Message {
    Message {
        from: Mailbox::parse("Oakleaf", "news@oakleaf.example").expect("a valid address"),
        bounces_to: None,
        reply_to: None,
        to: Mailbox::parse("María Ruiz", "maria@example.com").expect("a valid address"),
        subject,
        html,
        text,
        message_id: "m1@oakleaf.example".into(),
        sent_at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_000_000),
        unsubscribe: Some(
            Unsubscribe::parse("https://oakleaf.example/u/AbC123", None).expect("a valid address"),
        ),
        headers: Vec::new(),
    }
}

/// The fastest of five rounds, in CPU time of this thread where the system tells it, so that other
/// work on the machine does not count.
fn microseconds(rounds: u32, mut work: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut fastest = f64::MAX;
    for _ in 0..5 {
        let start = cpu_time().unwrap_or_else(|| started.elapsed());
        for _ in 0..rounds {
            work();
        }
        let spent = cpu_time().unwrap_or_else(|| started.elapsed()) - start;
        fastest = fastest.min(spent.as_secs_f64() * 1e6 / f64::from(rounds));
    }
    fastest
}

/// What Linux says this thread has used.
fn cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(stat.split(' ').next()?.parse().ok()?))
}

#[expect(clippy::print_stdout, reason = "a benchmark reports to the terminal")]
fn main() {
    for (name, products) in [(CART_REMINDER, 2), (CART_REMINDER, 6), (CART_COUPON, 2)] {
        let template = built_in(name).expect("a built-in name");
        let compiling = microseconds(20, || drop(black_box(template.compile())));
        let compiled = template.compile().expect("built-in templates compile");
        let context = context(products);
        let rendering = microseconds(500, || drop(black_box(compiled.render(&context))));
        let rendered = compiled.render(&context).expect("the context is complete");
        let sizes = (rendered.html.len(), rendered.text.len());
        let message = message(rendered.subject, rendered.html, rendered.text);
        let building = microseconds(500, || drop(black_box(Email::build(&message))));
        println!(
            "{name} with {products} products: render {rendering:.0} µs, build {building:.0} µs, \
             compile {compiling:.0} µs; {} bytes of HTML, {} of text",
            sizes.0, sizes.1
        );
        for algorithm in Algorithm::ALL {
            let key = DkimKey::new("oakleaf.example", "s", &NewKey::generate(algorithm));
            let signers = Signers::new(vec![key.expect("a key of ours")]);
            let email = Email::build(&message).expect("the message was built above");
            let signing = microseconds(50, || {
                let mut email = email.clone();
                signers.sign(&mut email, "oakleaf.example", message.sent_at);
                drop(black_box(email));
            });
            println!("  sign with {}: {signing:.0} µs", algorithm.word());
        }
    }
}
