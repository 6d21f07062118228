use std::collections::BTreeSet;

use super::*;

fn full() -> Report {
    let machine = Machine {
        bandwidth: Some(Bandwidth { one: 1.0, all: 2.0 }),
        ..Machine::default()
    };
    let cost = Cost {
        wall: 1.0,
        part: None,
        cpu: None,
        peak_memory: None,
    };
    let mut report = Report::new(machine, None);
    report.comparisons.push(Comparison {
        chapter: "ch01".into(),
        name: "a".into(),
        lesson: None,
        bound: Some(Bound {
            kind: WorkKind::Wait,
            overlap: 2.0,
        }),
        processes: false,
        programs: vec![Entry {
            program: "one".into(),
            label: "1.1".into(),
            role: Role::Baseline,
            beside: Vec::new(),
            at_once: None,
            threads: None,
            book: None,
            runs: vec![cost],
        }],
        disturbance: Some(Disturbance::default()),
        notes: Vec::new(),
    });
    report.loads.push(Load {
        chapter: "ch01".into(),
        name: "b".into(),
        lesson: None,
        clients: Behaviour::Echo,
        servers: vec![Server {
            connections: 1,
            server: "c".into(),
            reference: true,
            served: 1,
            trips_per_second: vec![1.0],
            window: 1.0,
            p50_us: 1.0,
            p99_us: 1.0,
            memory_per_connection: None,
            peak_memory: None,
            cpu_us_per_trip: None,
        }],
        disturbance: None,
        notes: Vec::new(),
    });
    let point = Point {
        count: 1,
        runs: vec![cost],
    };
    report.curves.push(Curve {
        series: vec![Series {
            program: "d".into(),
            points: vec![point],
        }],
        ..Curve::default()
    });
    report
}

fn fields(value: &serde_json::Value, names: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                names.insert(name.clone());
                fields(value, names);
            }
        }
        serde_json::Value::Array(values) => {
            values.iter().for_each(|value| fields(value, names));
        }
        _ => {}
    }
}

#[test]
fn each_field_of_the_json_is_documented() {
    let mut names = BTreeSet::new();
    fields(&serde_json::to_value(full()).unwrap(), &mut names);
    let readme = include_str!("../../../README.md");
    let (_, json) = readme.split_once("## The JSON").unwrap();
    assert!(names.len() > 40, "{}", names.len());
    for name in names {
        assert!(json.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn a_report_is_read_back_as_it_was_written() {
    let text = serde_json::to_string(&full()).unwrap();
    // What is not known is null, and stays unknown.
    assert!(text.contains("\"cpu\":null"));
    let read: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}
