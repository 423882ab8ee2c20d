//! Templates and persons that mean harm, or are merely odd.

use proptest::prelude::*;
use regulars_deliver::template::{
    CART_REMINDER, Compiled, Kind, Part, Problem, RenderError, RenderProblem, Template,
    TemplateError, built_in,
};
use serde_json::{Value, json};

use crate::built_in::{compiled, context};

/// A transactional template with `column` as the content of its only column.
fn template(column: &str) -> Template {
    let body = format!(
        "<mjml><mj-body><mj-section><mj-column>\n{column}\n</mj-column></mj-section></mj-body></mjml>"
    );
    Template {
        kind: Kind::Transactional,
        subject: "Your receipt".into(),
        preheader: String::new(),
        body,
        text: None,
    }
}

fn text(content: &str) -> Template {
    template(&format!("<mj-text>{content}</mj-text>"))
}

fn errors(template: &Template) -> Vec<TemplateError> {
    match template.compile() {
        Ok(_) => panic!("it compiled: {}", template.body),
        Err(errors) => errors,
    }
}

fn error(template: &Template) -> TemplateError {
    let errors = errors(template);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors.into_iter().next().unwrap()
}

fn ready(template: &Template) -> Compiled {
    template.compile().unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn fails(content: &str, context: &Value) -> RenderError {
    match ready(&text(content)).render(context) {
        Ok(rendered) => panic!("it rendered: {}", rendered.html),
        Err(error) => error,
    }
}

#[test]
fn deep_nesting_is_refused_before_it_can_end_the_process() {
    for element in ["div", "mj-section", "mj-wrapper", "mj-raw", "b"] {
        let column = format!(
            "{}x{}",
            format!("<{element}>").repeat(1000),
            format!("</{element}>").repeat(1000)
        );
        assert_eq!(error(&template(&column)).problem, Problem::TooDeep, "{element}");
        assert_eq!(
            error(&template(&format!("<{element}>").repeat(10_000))).problem,
            Problem::TooDeep
        );
    }
    let statements = format!("{}{}", "{% if x %}".repeat(500), "{% endif %}".repeat(500));
    assert!(errors(&text(&statements)).iter().any(|error| error.problem == Problem::TooDeep));
}

#[test]
fn long_expressions_are_refused_before_they_are_parsed() {
    for expression in ["(".repeat(20_000), "-".repeat(20_000), format!("x{}", ".a".repeat(20_000))]
    {
        let errors = errors(&text(&format!("{{{{ {expression} }}}}")));
        assert!(
            errors
                .iter()
                .any(|e| matches!(e.problem, Problem::TagTooLong | Problem::NotClosed { .. })),
            "{errors:?}"
        );
    }
    for expression in [
        "(".repeat(480) + "x" + &")".repeat(480),
        format!("x{}", "|d(1)".repeat(190)),
        format!("x{}", ".a".repeat(490)),
        format!("x{}", "[0]".repeat(320)),
        "not ".repeat(240) + "x",
    ] {
        // Whatever the verdict, there is one.
        drop(text(&format!("{{{{ {expression} }}}}")).compile());
    }
}

#[test]
fn size_is_bounded() {
    let large = error(&text(&"x".repeat(300_000)));
    assert!(matches!(large.problem, Problem::TooLarge { size } if size > 300_000), "{large}");
    let blown_up = template("<mj-divider />".repeat(15_000).as_str());
    assert!(matches!(error(&blown_up).problem, Problem::LongHtml { .. }));
    let many = text(&"{{ x }}".repeat(3_000));
    assert!(errors(&many).iter().any(|error| error.problem == Problem::TooManyTags));
}

#[test]
fn loops_run_out_of_fuel() {
    let numbers: Vec<u32> = (0..100).collect();
    let loops = "{% for a in n %}{% for b in n %}{% for c in n %}{% for d in n %}x\
                 {% endfor %}{% endfor %}{% endfor %}{% endfor %}";
    assert_eq!(fails(loops, &json!({ "n": numbers })).problem, RenderProblem::TooMuch);
}

#[test]
fn results_are_bounded() {
    let long = "x".repeat(10_000);
    let numbers: Vec<u32> = (0..200).collect();
    let context = json!({ "n": numbers, "long": long });
    let content = "{% for a in n %}{{ long }}{% endfor %}";
    assert_eq!(fails(content, &context).problem, RenderProblem::TooMuch);
    let joined =
        "{% for a in [[long, long, long, long, long, long, long] | join] %}{{ a }}{% endfor %}";
    assert_eq!(fails(joined, &context).problem, RenderProblem::TooMuch);
}

#[test]
fn a_missing_value_is_an_error_in_every_filter() {
    let context = json!({ "person": { "null": null } });
    let filters = [
        "",
        "| upper",
        "| lower",
        "| capitalize",
        "| title",
        "| trim",
        "| truncate(5)",
        "| length",
        "| first",
        "| last",
        "| join(',')",
        "| urlencode",
        "| urlencode | default('x')",
    ];
    for filter in filters {
        for value in ["missing", "person.missing", "person.null"] {
            let content = format!("Hello\n{{{{ {value} {filter} }}}}");
            let error = fails(&content, &context);
            assert_eq!(error.problem, RenderProblem::Missing, "{content}");
            assert_eq!((error.part, error.line), (Part::Body, 3), "{content}");
            let shown = error.to_string();
            assert!(shown.contains(value) && shown.contains("default"), "{shown}");
        }
    }
    let content = "{% if missing %}x{% endif %}";
    assert_eq!(fails(content, &context).problem, RenderProblem::Missing);
    let content = "{% for x in missing %}x{% endfor %}";
    assert_eq!(fails(content, &context).problem, RenderProblem::Missing);
}

#[test]
fn every_filter_and_test_that_is_named_exists() {
    let context = json!({ "s": "ana ruiz", "l": ["a", "b"], "n": 4 });
    let content = "{{ x | default('1') }}{{ x | d('2') }} {{ s | upper }} {{ 'A' | lower }} \
        {{ s | capitalize }} {{ s | title }} {{ ' t ' | trim }} {{ s | truncate(4) }} {{ l | length }} \
        {{ l | first }}{{ l | last }} {{ l | join('+') }} {{ 'a b&c' | urlencode }} \
        {% if n is defined and x is undefined and s is not none and n is even and 3 is odd \
        and n is divisibleby(2) %}yes{% endif %}";
    let rendered = ready(&text(content)).render(&context).unwrap();
    assert_eq!(rendered.text, "12 ANA RUIZ a Ana ruiz Ana Ruiz t ana… 2 ab a+b a%20b%26c yes\n");
}

#[test]
fn links_that_are_no_links_are_refused_when_saved() {
    for link in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "&#106;avascript:alert(1)",
        "java{{ x }}:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//shop.example",
        "cart",
        "file:///x",
    ] {
        for column in [
            format!("<mj-button href=\"{link}\">Go</mj-button>"),
            format!("<mj-text>\n<a href=\"{link}\">Go</a></mj-text>"),
            format!("<mj-image src=\"{link}\" />"),
            format!("<mj-raw><img src=\"{link}\"></mj-raw>"),
        ] {
            let error = error(&template(&column));
            assert!(matches!(error.problem, Problem::Link { .. }), "{column}: {error}");
        }
    }
    assert_eq!(error(&text("a\nb\n<a href=\"javascript:x\">")).line, 1, "the tag is not closed");
    assert_eq!(error(&text("a\nb\n<a href=\"javascript:x\">c</a>")).line, 4);
}

#[test]
fn a_value_cannot_turn_a_link_into_script() {
    let links = ready(&text("<a href=\"https://ok.example\">a</a>\n<a href=\"{{ url }}\">b</a>"));
    for url in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,<script>",
        "//evil.example",
        "javascript&colon;alert(1)",
        "x",
    ] {
        let error = links.render(&json!({ "url": url })).unwrap_err();
        assert_eq!(error.problem, RenderProblem::Link, "{url}");
        assert!(!error.to_string().contains("alert"), "{error}");
    }
    let error = links.render(&json!({ "url": "javascript:alert(1)" })).unwrap_err();
    assert_eq!((error.line, error.placeholder.as_deref()), (3, Some("{{ url }}")));
    let looped = ready(&text("{% for p in l %}<a href=\"{{ p }}\">{{ p }}</a>{% endfor %}"));
    let error = looped.render(&json!({ "l": ["https://ok.example", "x:y"] })).unwrap_err();
    assert_eq!(error.placeholder.as_deref(), Some("{{ p }}"));
    let good = links.render(&json!({ "url": "https://shop.example/?q=\"><script>" })).unwrap();
    assert!(
        good.html.contains("https://shop.example/?q=&#34;&gt;&lt;script&gt;\">b"),
        "{}",
        good.html
    );
}

#[test]
fn nothing_is_included_from_anywhere() {
    for include in [
        "<mj-include path=\"/etc/passwd\" />",
        "<MJ-INCLUDE path='x'></MJ-INCLUDE>",
        "<mj-include path='x.html' type='html' />",
    ] {
        assert_eq!(error(&template(include)).problem, Problem::Include, "{include}");
    }
    let file = error(&text("{% include '/etc/passwd' %}"));
    assert!(matches!(file.problem, Problem::NoPartial { .. }), "{file}");
    for statement in ["{% include x %}", "{% extends 'x' %}", "{% import 'x' as y %}"] {
        let error = error(&text(statement));
        assert!(matches!(error.problem, Problem::Syntax { .. }), "{error}");
    }
}

#[test]
fn placeholders_where_no_escaping_would_help_are_refused() {
    for content in [
        "<b {{ x }}>y</b>",
        "<b {{ x }}=\"y\">z</b>",
        "<b class=\"y\"{{ x }}>z</b>",
        "<{{ x }}>y</b>",
    ] {
        assert!(!errors(&text(content)).is_empty(), "{content}");
    }
    for column in [
        "<mj-raw><script>{{ x }}</script></mj-raw>",
        "<mj-raw><script>1</script></mj-raw>",
        "<mj-text><b onclick=\"{{ x }}\">y</b></mj-text>",
        "<mj-raw><iframe src=\"https://x\"></iframe></mj-raw>",
        "<mj-raw><style>{{ x }}</style></mj-raw>",
    ] {
        let error = error(&template(column));
        assert!(
            matches!(
                error.problem,
                Problem::Element { .. } | Problem::Script { .. } | Problem::Place { .. }
            ),
            "{column}: {error}"
        );
    }
}

#[test]
fn a_value_in_a_style_stays_a_plain_value() {
    let styled = ready(&template("<mj-text color=\"{{ color }}\">x</mj-text>"));
    assert!(styled.render(&json!({ "color": "#aa00ff" })).unwrap().html.contains("color:#aa00ff"));
    for color in
        ["red;background:url(https://evil.example)", "red}", "expression(alert(1))", "a\\3a"]
    {
        let error = styled.render(&json!({ "color": color })).unwrap_err();
        assert_eq!(error.problem, RenderProblem::Style, "{color}");
    }
}

#[test]
fn marketing_needs_a_way_out_and_a_sender() {
    let mut template = text("Buy!");
    template.kind = Kind::Marketing;
    let shown: Vec<String> = errors(&template).iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "body, line 1: a marketing template must print {{ unsubscribe_url }}; \
             add a link: <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>",
            "body, line 1: a marketing template must print {{ shop.address }}; \
             add {{ shop.address }} to the footer",
        ]
    );
    let footer = "{{ shop.address }} <a href=\"{{ unsubscribe_url }}\">Stop</a>";
    let context = json!({ "x": "", "shop": { "address": "Main St 1" }, "unsubscribe_url": "https://u.example" });
    template.body = text(footer).body;
    assert!(ready(&template).render(&context).is_ok());
    template.text = Some("Buy!".into());
    assert_eq!(errors(&template).len(), 2, "a text of one's own needs them too");
    template.text = None;
    // Printing them only sometimes, or not as a link, is found out when it happens.
    for content in [
        "{% if x != '' %}{{ shop.address }} <a href=\"{{ unsubscribe_url }}\">Stop</a>{% endif %}",
        "{{ shop.address }} {{ unsubscribe_url }}",
        "{% if x != '' %}{{ shop.address }}{% endif %}<a href=\"{{ unsubscribe_url }}\">Stop</a>",
    ] {
        template.body = text(content).body;
        let error = ready(&template).render(&context).unwrap_err();
        assert_eq!(error.problem, RenderProblem::Required, "{content}");
    }
}

#[test]
fn all_mistakes_are_named_at_once_with_their_lines() {
    let template = Template {
        kind: Kind::Transactional,
        subject: "{{ a | nope }}".into(),
        preheader: "{{ b.c() }}".into(),
        body: "<mjml><mj-body>\n<mj-section><mj-column><mj-text>\n{{ c | safe }}\n\
               {% autoescape false %}{% endautoescape %}\n{{ d is blue }}</mj-text></mj-column>\
               </mj-section></mj-body></mjml>"
            .into(),
        text: Some("x\n{{ 2 * 3 }}".into()),
    };
    let places: Vec<(Part, usize)> = errors(&template).iter().map(|e| (e.part, e.line)).collect();
    assert_eq!(
        places,
        [
            (Part::Subject, 1),
            (Part::Preheader, 1),
            (Part::Body, 3),
            (Part::Body, 4),
            (Part::Body, 5),
            (Part::Text, 2)
        ]
    );
}

/// What hostile people write into forms.
fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "Ana\r\nBcc: victim@example.com\r\n\r\nHello",
        "Ana\nGo to https://evil.example",
        "\u{202E}gnp.exe\u{2066}",
        "--><script>alert(1)</script><!--",
        "]]><![endif]--><b>",
        "</title></style></a></td></table><h1>",
        "{{ shop.address }}{% for x in y %}",
        "zqtag0gatqz",
        "&lt;b&gt; &amp; &#60;",
        "\0\u{1}\u{7f}\u{2028}\u{2029}",
        "\u{feff}\u{200b}",
        "=?utf-8?q?=0D=0ABcc:_x?=",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("Ñandú ".repeat(1_700));
    names
}

/// The tags of a message, with the values of attributes left out: what a value must not change.
fn skeleton(html: &str) -> String {
    let mut skeleton = String::new();
    let mut quote = None;
    let mut inside = false;
    for c in html.chars() {
        match (inside, quote) {
            (false, _) if c == '<' => inside = true,
            (false, _) => continue,
            (true, None) if c == '>' => inside = false,
            (true, None) if c == '"' => quote = Some(c),
            (true, None) => {}
            (true, Some(open)) if c == open => quote = None,
            (true, Some(_)) => continue,
        }
        skeleton.push(c);
    }
    skeleton
}

fn stays_in_place(template: &Compiled, name: &str) {
    let plain = skeleton(&template.render(&context()).unwrap().html);
    let mut context = context();
    context["person"]["first_name"] = name.into();
    context["cart"]["products"][0]["name"] = name.into();
    context["cart"]["products"][0]["price"] = name.into();
    let rendered = match template.render(&context) {
        Ok(rendered) => rendered,
        Err(error) => {
            assert_eq!(error.problem, RenderProblem::Missing, "{name:?}: {error}");
            return;
        }
    };
    assert_eq!(skeleton(&rendered.html), plain, "{name:?}");
    assert!(!rendered.html.contains("<script"), "{name:?}");
    assert!(!rendered.subject.chars().any(char::is_control), "{name:?}");
    assert!((1..=200).contains(&rendered.subject.chars().count()), "{name:?}");
    let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    let usual = template.render(&crate::built_in::context()).unwrap().text;
    assert!(lines(&rendered.text) <= lines(&usual), "{name:?}: {}", rendered.text);
    for part in [&rendered.subject, &rendered.html, &rendered.text] {
        assert!(!part.contains(['\u{202E}', '\u{2066}', '\0', '\u{2028}']), "{name:?}");
    }
}

#[test]
fn hostile_names_stay_in_their_place() {
    let template = compiled(CART_REMINDER);
    for name in hostile_names() {
        stays_in_place(&template, &name);
    }
}

#[test]
fn whole_persons_and_lists_are_never_printed() {
    let context = json!({ "person": { "email": "ana@example.com" }, "list": ["a"] });
    for content in [
        "{{ true }}",
        "{{ person }}",
        "{{ list }}",
        "{{ person | upper }}",
        "{{ [person] | join }}",
    ] {
        let error = fails(content, &context);
        assert_eq!(error.problem, RenderProblem::WrongKind, "{content}");
        assert!(!error.to_string().contains("ana@"), "{error}");
    }
}

#[test]
fn errors_while_rendering_show_no_values() {
    let context = json!({ "person": { "email": "ana@example.com" }, "n": 1 });
    for content in [
        "{{ person.email - n }}",
        "{{ person.email / 2 }}",
        "{{ person.email | truncate(person.email) }}",
        "{% for a, b in person.email %}{% endfor %}",
    ] {
        let error = fails(content, &context);
        assert!(!format!("{error} {error:?}").contains("ana@"), "{error}");
    }
}

proptest! {
    /// No value whatever changes the structure of a message, so a person cannot speak for the shop.
    #[test]
    fn no_value_leaves_its_place(name in any::<String>()) {
        thread_local!(static TEMPLATE: Compiled = compiled(CART_REMINDER));
        TEMPLATE.with(|template| stays_in_place(template, &name));
    }

    /// Saving never panics, whatever was done to a good template, so a bad paste costs an error at most.
    #[test]
    fn damaged_templates_are_refused_or_harmless(
        cut in 0usize..6_000,
        length in 0usize..200,
        paste in prop_oneof![
            any::<String>(),
            "[<>{}%\"'/= a-z-]{0,30}",
            Just("{% for p in cart.products %}".to_owned()),
            Just("<mj-raw><b".to_owned()),
            Just("<!--[if mso]>".to_owned()),
            Just("{{".to_owned()),
        ],
    ) {
        let mut template = built_in(CART_REMINDER).unwrap();
        let boundary = |at: usize| (0..=at.min(template.body.len())).rev()
            .find(|at| template.body.is_char_boundary(*at)).unwrap_or(0);
        let (start, end) = (boundary(cut), boundary(cut + length));
        template.body.replace_range(start..end, &paste);
        if let Ok(compiled) = template.compile() {
            drop(compiled.render(&context()));
        }
    }
}
