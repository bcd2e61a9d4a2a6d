//! The template language: equal to the public expander in our subset, strict where it shrugs.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tenantry::template::Template;

fn read(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn expand(template: &Value, data: &Value) -> Result<Value, String> {
    let template = Template::parse(&template.to_string()).map_err(|error| error.to_string())?;
    let mut text = String::new();
    template.write(data, &mut text).map_err(|error| error.to_string())?;
    Ok(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

/// One expression alone in a string, on some data.
fn evaluate(expression: &str, data: &Value) -> Result<Value, String> {
    expand(&json!(format!("${{{expression}}}")), data)
}

/// `expected` of every case was written by the public expander: `tests/template/regenerate.mjs`.
#[test]
fn every_case_expands_as_the_public_expander_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/template");
    let mut count = 0;
    let mut wrong = Vec::new();
    for case in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if !case.join("template.json").exists() {
            continue;
        }
        count += 1;
        let expanded = expand(&read(&case.join("template.json")), &read(&case.join("data.json")));
        if expanded.as_ref() != Ok(&read(&case.join("expected.json"))) {
            wrong.push(format!("{}: {expanded:?}", case.file_name().unwrap().display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 70, "only {count} cases found");
}

#[test]
fn a_missing_path_is_an_error_with_its_place() {
    let template = json!({"body": [{"type": "TextBlock"}, {"columns": [{"text": "Hi ${tenant.nmae}!"}]}]});
    let found = expand(&template, &json!({"tenant": {"name": "Contoso"}}));
    assert_eq!(found.unwrap_err(), "$.body[1].columns[0].text: `tenant.nmae` is not in the data");

    let data = json!({"a": {"b": 1}, "list": [1], "none": null, "text": "x"});
    for path in [
        "missing",
        "a.c",
        "a.b.c",
        "list[1]",
        "list['a']",
        "a[0]",
        "none.x",
        "text.length",
        "A",
        "a.B",
        "$root.missing",
        "$data.missing",
        "$index",
        "list[a.b]",
        "x == 1",
        "not(x)",
        "concat('a', x)",
        "if(true, x, 1)",
        "x && true",
        "count(x)",
        "exists(list[x])",
    ] {
        let error = evaluate(path, &data).expect_err(path);
        assert!(error.ends_with("is not in the data"), "{path}: {error}");
    }
    assert!(expand(&json!([{"$data": "${rows}"}]), &data).unwrap_err().starts_with("$[0].$data: `rows`"));
    assert!(expand(&json!([{"$when": "${open}"}]), &data).unwrap_err().starts_with("$[0].$when: `open`"));
    assert!(expand(&json!([{"$when": "${open == 1}"}]), &data).is_err());
}

#[test]
fn absence_is_an_answer_only_where_it_is_the_question() {
    for (expression, value) in [
        ("exists(x)", json!(false)),
        ("exists(a.b.c)", json!(false)),
        ("exists(list[9].name)", json!(false)),
        ("empty(x.y)", json!(true)),
        ("if(x, 1, 2)", json!(2)),
        ("x ? 1 : 2", json!(2)),
        ("if(!x && !a.b, 1, 2)", json!(1)),
        ("x || true", json!(true)),
        ("or(x, a.b)", json!(false)),
    ] {
        assert_eq!(evaluate(expression, &json!({"a": {}, "list": []})), Ok(value), "{expression}");
    }
}

#[test]
fn a_wrong_template_does_not_parse() {
    for (template, place) in [
        (json!({"a": ["x ${foo(1)}"]}), "$.a[0]: unknown function `foo`"),
        (json!("${utcNow()}"), "$: unknown function `utcNow`"),
        (json!("${if(a, b)}"), "$: `if` takes another number of arguments"),
        (json!("${exists(a, b)}"), "$: `exists` takes"),
        (json!("${concat()}"), "$: `concat` takes"),
        (json!("${add(1)}"), "$: `add` takes"),
        (json!("${name"), "$: at byte 6: expected `}`"),
        (json!("${}"), "$: at byte 2: expected a value"),
        (json!("${a b}"), "$: at byte 4: expected `}`"),
        (json!("${a..b}"), "$: at byte 4: expected"),
        (json!("${'open}"), "$: at byte 8: expected the end of the string"),
        (json!("${1.}"), "$: at byte 4: expected a digit"),
        (json!("${(a}"), "$: at byte 4: expected `)`"),
        (json!("${a ? 1 : b ? 2 : 3}"), "$: at byte 12: expected `}`"),
        (json!("${[1, 2]}"), "$: at byte 2"),
        (json!("${a % b}"), "$: at byte 4"),
        (json!("${$host.theme}"), "$: unknown name `$host`"),
        (json!("a ` ${b}"), "$: a back-tick"),
        (json!("${formatDateTime(a, b)}"), "$: `formatDateTime` needs"),
        (json!("${formatDateTime(a, 'yyyy at')}"), "$: `formatDateTime` needs"),
        (json!("${formatDateTime(a, 'MMMMM')}"), "$: `formatDateTime` needs"),
        (json!({"$when": true}), "$.$when: `$when` must be"),
        (json!({"$when": "${a} and ${b}"}), "$.$when: `$when` must be"),
        (json!({"$data": "x${a}"}), "$.$data: `$data` must be"),
        (json!({"$data": [{"a": "${b}"}]}), "$.$data: `$data` must be"),
    ] {
        let error = expand(&template, &json!({})).expect_err(place);
        assert!(error.starts_with(place), "{template}: {error}");
    }
    assert_eq!(Template::parse("{").unwrap_err().to_string(), "$: not JSON");
}

#[test]
fn a_wrong_value_is_an_error() {
    let data = json!({"n": 1, "s": "x", "o": {}, "l": [{}], "z": null, "big": 1e308});
    for expression in [
        "n > 's'",
        "s > n",
        "n / 0",
        "mod(n, 0)",
        "mod(1.5, 1)",
        "n + z",
        "n + o",
        "s - 1",
        "big * 10",
        "max(l)",
        "max(z)",
        "count(n)",
        "count(z)",
        "length(n)",
        "join(s, ',')",
        "join(l, ',')",
        "join(l, n)",
        "json(s)",
        "json(n)",
        "toUpper(n)",
        "substring(s, 2)",
        "substring(s, 0, 2)",
        "substring(s, 0.5)",
        "formatNumber(s, 1)",
        "formatNumber(n, 21)",
        "formatNumber(n, 0 - 1)",
        "formatDateTime(s)",
        "formatDateTime(n)",
        "formatDateTime('2026-02-30')",
        "add(n, true)",
    ] {
        assert!(evaluate(expression, &data).is_err(), "{expression}");
    }
    for text in ["x ${o}", "x ${z}", "${l} x"] {
        assert!(expand(&json!(text), &data).unwrap_err().starts_with("$: in text"), "{text}");
    }
    for when in ["${n}", "${s}", "${z}"] {
        assert!(expand(&json!({"$when": when}), &data).unwrap_err().contains("neither true nor false"));
    }
}

#[test]
fn size_and_depth_of_an_expression_are_bounded() {
    for hostile in [
        format!("${{{}1{}}}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("${{{}true}}", "!".repeat(5_000)),
        format!("${{1{}}}", " + 1".repeat(5_000)),
        format!("${{a{}0{}}}", "[a".repeat(5_000), "]".repeat(5_000)),
        format!("${{{}1{}}}", "not(".repeat(5_000), ")".repeat(5_000)),
    ] {
        assert!(expand(&json!(hostile), &json!({})).unwrap_err().contains("nested too deep"));
    }
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(Template::parse(&deep).is_err());
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(Value::from("${a}")),
        Just(Value::from("2026-02-03")),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[abc]|\\$data", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Expressions of the language over the names a, b and c; most of them make sense.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[abc](\\.[abc]|\\[[0-2]\\]){0,2}",
        "\\$(root|data|index)(\\.[abc])?",
        "-?[0-9]{1,18}(\\.[0-9]{1,9})?",
        "'[^'`\\\\\\r\\n]{0,6}'",
        Just("true".to_owned()),
        Just("null".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let names = "if|equals|not|and|or|exists|empty|count|length|concat|string|join|json|greater|less|add|sub\
                     |mul|div|mod|max|min|toUpper|substring|formatNumber|formatDateTime";
        let operators = "==|!=|<|<=|>|>=|&&|\\|\\||\\+|-|\\*|/";
        prop_oneof![
            (names, prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(name, args)| format!("{name}({})", args.join(", "))),
            (inner.clone(), operators, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_makes_expansion_panic(expression in expressions(), noise in "\\PC{0,20}", data in anything()) {
        let whole = format!("${{{expression}}}");
        let template = json!([
            whole,
            {"text": format!("x {whole}")},
            {"$data": whole, "again": whole},
            {"$when": whole, "kept": 1},
        ]);
        for part in template.as_array().unwrap() {
            let _ = expand(part, &data);
        }
        let _ = expand(&json!(format!("${{{noise}}}")), &data);
        let _ = expand(&json!(format!("{noise}${{a}}{noise}")), &data);
        let _ = expand(&data, &data);
    }

    /// Also quotes, backslashes and control characters; but not a template's own words in its literals.
    #[test]
    fn sr_o1_any_text_comes_back_from_the_written_json(text in "(?s).{0,40}|[\\x00-\\x22\\\\]{0,40}") {
        prop_assume!(!text.contains("${"));
        let template = json!({"alone": "${text}", "inside": "<${text}>", text.clone() + "x": text.clone() + "y"});
        let expanded = expand(&template, &json!({"text": text}));
        prop_assert_eq!(
            expanded,
            Ok(json!({"alone": text, "inside": format!("<{text}>"), text.clone() + "x": text.clone() + "y"}))
        );
    }

    /// O1: a value from the data is never read as a template.
    #[test]
    fn sr_o1_what_comes_from_the_data_stays_as_it_is(
        text in "\\PC{0,10}\\$\\{(name|\\$root|secret|1/0|x\\()\\}?\\PC{0,10}"
    ) {
        let data = json!({"text": text, "list": [text], "secret": "s3cret", "rows": [{"text": text}]});
        let template = json!({
            "alone": "${text}",
            "inside": "<${text}>",
            "list": "${list}",
            "object": "${rows[0]}",
            "joined": "${join(list, '')}",
            "rows": [{"$data": "${rows}", "alone": "${text}", "when": {"$when": "${!empty(text)}", "t": "${text}"}}],
        });
        prop_assert_eq!(expand(&template, &data).unwrap(), json!({
            "alone": text,
            "inside": format!("<{text}>"),
            "list": [text],
            "object": {"text": text},
            "joined": text,
            "rows": [{"alone": text, "when": {"t": text}}],
        }));
    }
}
