//! The site in a real browser. Needs chromium and chromedriver; without them each test is skipped
//! with a line.

use std::fs;
use std::path::PathBuf;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::json;

use crate::driver::{BACKSPACE, Browser, ENTER, LEFT, RIGHT};
use crate::{pages, root};

/// What the status line of a timeline says.
const STATUS: &str = "return document.querySelector('figure.timeline .event').textContent";

/// How many elements a selector chooses.
fn count(browser: &Browser, selector: &str) -> u64 {
    let all = format!("document.querySelectorAll('{selector}')");
    let count = browser.run(&format!("return {all}.length"));
    count.as_u64().unwrap()
}

/// Every page opens without an error or a request, and fits a screen with this many columns of
/// pixels.
fn every_page_opens_and_fits(width: u32) {
    Browser::test(|browser| {
        // The text has a box that would scroll in place of the page.
        let overflow = "return Math.max(...['html', '#mdbook-content', 'main'].map(it => {\
                    const box = document.querySelector(it);\
                    return box.scrollWidth - box.clientWidth; }))";
        browser.size(width, 900);
        for page in pages() {
            browser.open(&page);
            let wide = browser.run(overflow);
            assert!(wide.as_i64() <= Some(0), "{page} at {width}: {wide}");
            let complaints = browser.complaints();
            assert!(complaints.is_empty(), "{page}: {complaints:#?}");
        }
    });
}

#[test]
fn every_page_opens_and_fits_a_desk() {
    every_page_opens_and_fits(1280);
}

#[test]
fn every_page_opens_and_fits_a_telephone() {
    every_page_opens_and_fits(320);
}

/// The pages that a search for `words` finds, the best first.
fn search(browser: &Browser, words: &str) -> Vec<String> {
    browser.open("index.html");
    browser.keys("s");
    browser.wait("document.activeElement.id === 'mdbook-searchbar'");
    browser.keys(words);
    let results = "document.querySelectorAll('#mdbook-searchresults li a')";
    browser.wait(&format!("{results}.length > 0"));
    // What is found for the first letters gives way to what is found for all.
    let header = "document.getElementById('mdbook-searchresults-header').textContent";
    browser.wait(&format!("{header}.includes(\"'{words}'\")"));
    let names = format!("return Array.from({results}).map(a => a.pathname.split('/').pop())");
    serde_json::from_value(browser.run(&names)).unwrap()
}

#[test]
fn searches_find_the_listing_first() {
    Browser::test(|browser| {
        let searches = "gather 4.6, asyncio.gather 4.6, semaphore 11.6 11.7, create_task 2.8, \
            wait_for 2.12, Lock 11.4, communicate 13.6, 2.9 2.9, 11.10 11.10, \
            asyncio.Queue elsewhere";
        for (words, pages) in searches.split(", ").filter_map(|it| it.split_once(' ')) {
            let found = search(browser, words);
            let best = found[0].trim_end_matches(".html");
            assert!(pages.split(' ').any(|it| it == best), "{words}: {found:?}");
        }
    });
}

#[test]
fn figures_follow_the_theme() {
    Browser::test(|browser| {
        // A figure that has a style of its own, too.
        browser.open("ch02.html");
        let fill = |bar: &str| {
            browser.run(&format!(
                "return getComputedStyle(document.querySelector('{bar}')).fill"
            ))
        };
        // The list stays open when a theme is chosen.
        browser.click("#mdbook-theme-toggle");
        for (theme, colour) in [("light", "rgb(9, 105, 218)"), ("navy", "rgb(68, 147, 248)")] {
            browser.click(&format!("#mdbook-theme-{theme}"));
            browser.wait(&format!(
                "document.documentElement.classList.contains('{theme}')"
            ));
            assert_eq!(fill(".figure rect.s0"), colour);
        }
        // The next page has the theme that was chosen.
        browser.open("4.6.html");
        assert_eq!(fill(".timeline rect.s0"), "rgb(68, 147, 248)");
    });
}

#[test]
fn the_keyboard_alone_reaches_a_timeline_and_steps_through_it() {
    Browser::test(|browser| {
        // By its number.
        browser.open("index.html");
        browser.keys("g");
        browser.wait("document.activeElement.name === 'number'");
        browser.keys(&format!("2.99{ENTER}"));
        browser.wait("document.querySelector('dialog span').textContent === 'there is no 2.99'");
        browser.keys(&format!("{}2.09{ENTER}", BACKSPACE.repeat(4)));
        browser.wait("location.pathname.endsWith('/2.9.html')");
        // By the table of contents.
        browser.open("index.html");
        browser.tab_to("a[href$=\"ch02.html\"]");
        browser.keys(ENTER);
        browser.wait("location.pathname.endsWith('/ch02.html')");
        browser.tab_to("main a[href$=\"2.9.html\"]");
        browser.keys(ENTER);
        let at_listing = "location.pathname.endsWith('/2.9.html')";
        browser.wait(&format!(
            "{at_listing} && document.readyState === 'complete'"
        ));
        browser.tab_to("figure.timeline");
        browser.keys(RIGHT);
        let first = browser.run(STATUS);
        assert!(first.as_str().unwrap().contains("delay"), "{first}");
        assert!(count(browser, "pre.code .line.chosen") > 0);
        assert_eq!(count(browser, "svg .bar.chosen, svg .row.chosen"), 2);
        browser.keys(RIGHT);
        assert_ne!(browser.run(STATUS), first);
        browser.keys(LEFT);
        assert_eq!(browser.run(STATUS), first);
        // The arrow keys did not turn the page.
        assert_eq!(browser.run(&format!("return {at_listing}")), true);
        // And help says what there is.
        browser.keys("?");
        let help = "document.getElementById('mdbook-help-popup').textContent";
        browser.wait(&format!("{help}.includes('jump to a listing')"));
    });
}

#[test]
fn a_mouse_names_a_bar_marks_its_function_and_its_line_and_copies_the_command() {
    Browser::test(|browser| {
        browser.open("2.9.html");
        let hover = |selector: &str| {
            let event = "new MouseEvent('mouseover', { bubbles: true })";
            let element = format!("document.querySelector('figure.timeline {selector}')");
            let status = browser.run(&format!("{element}.dispatchEvent({event}); {STATUS}"));
            status.as_str().unwrap().to_owned()
        };
        let bar = hover(".row .bar");
        assert!(bar.contains("on main"), "{bar}");
        assert_eq!(count(browser, "pre.code .line.chosen"), 3);
        let mark = hover("circle");
        assert!(mark.contains("prints: sleeping"), "{mark}");
        assert_eq!(count(browser, ".output .line.chosen"), 1);
        // The command is copied.
        browser.click(".run .clip-button");
        browser.wait("document.querySelector('.run .clip-button').textContent === 'Copied!'");
    });
}

#[test]
fn the_front_page_steps_by_itself_unless_a_reader_wants_no_motion() {
    Browser::test(|browser| {
        browser.open("index.html");
        let status = STATUS.trim_start_matches("return ");
        browser.wait(&format!("{status} !== ''"));
        browser.click("button.play");
        let button = "document.querySelector('button.play').textContent";
        browser.wait(&format!("{button} === 'Play'"));
        let feature = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        let media = json!({ "features": [feature] });
        browser.protocol("Emulation.setEmulatedMedia", &media);
        browser.open("index.html");
        assert_eq!(browser.run(&format!("return {button}")), "Play");
        // Words with the same meaning are marked in both programs.
        assert_eq!(count(browser, "mark.p1"), 4);
        browser.tab_to("#mdbook-searchbar");
        browser.keys("gather");
        browser.wait("document.querySelector('#mdbook-searchresults a') !== null");
    });
}

#[test]
fn a_construct_says_what_it_is_to_a_keyboard() {
    Browser::test(|browser| {
        browser.open("2.9.html");
        browser.tab_to("a.entry[href$=mark]");
        let says = "getComputedStyle(document.activeElement, '::after').content";
        let says = browser.run(&format!("return {says}"));
        assert!(says.as_str().unwrap().contains("no exceptions"), "{says}");
        browser.keys(ENTER);
        browser.wait("location.hash === '#result-and-the-question-mark'");
        // Listings beside the book are folded.
        assert_eq!(count(browser, "#mdbook-sidebar details[open]"), 0);
        browser.open("event_loop.html");
        assert_eq!(count(browser, "#mdbook-sidebar details[open]"), 1);
    });
}

#[test]
fn without_javascript_the_page_stands() {
    Browser::test(|browser| {
        let disabled = json!({ "value": true });
        browser.protocol("Emulation.setScriptExecutionDisabled", &disabled);
        browser.open("2.9.html");
        let expression = "document.documentElement.classList.contains('js') + ' ' + \
            (document.querySelector('.timeline svg').getBoundingClientRect().height > 50) + ' ' + \
            (document.querySelector('pre.code').getBoundingClientRect().height > 50)";
        let seen = browser.evaluate(expression);
        assert_eq!(seen, Some(json!("false true true")));
    });
}

/// The script of axe-core, where AXE_CORE or the folder into which `.ci/run` puts it has it.
fn axe() -> Option<String> {
    let usual = root().join("target/npm/node_modules/axe-core/axe.min.js");
    let path = std::env::var_os("AXE_CORE").map_or(usual, PathBuf::from);
    fs::read_to_string(path).ok()
}

#[test]
fn one_page_of_each_kind_is_accessible_in_light_and_dark() {
    let Some(axe) = axe() else {
        util_testing::skipped("there is no axe-core; AXE_CORE names its axe.min.js");
        return;
    };
    Browser::test(|browser| {
        let find = "const done = arguments[0];\
                axe.run(document, { resultTypes: ['violations'] }).then(found => done(\
                found.violations.filter(it => ['serious', 'critical'].includes(it.impact))\
                .map(it => it.id + ': ' + it.nodes.slice(0, 3).map(it => it.html).join(' | '))))";
        let pages = "index start ch02 2.9 1.8 8.14 2.6 rust map elsewhere results";
        for theme in ["light", "navy"] {
            browser.open("index.html");
            browser.run(&format!("localStorage.setItem('mdbook-theme', '{theme}')"));
            for page in pages.split(' ') {
                browser.open(&format!("{page}.html"));
                browser.run(&axe);
                let violations =
                    browser.post("execute/async", &json!({ "script": find, "args": [] }));
                assert_eq!(violations, json!([]), "{page} in {theme}: {violations:#}");
            }
        }
    });
}

#[test]
#[ignore = "draws the front page's picture: cargo test --manifest-path xtask/site/Cargo.toml picture -- --ignored"]
fn picture() {
    Browser::test(|browser| {
        browser.size(1200, 1150);
        browser.open("2.9.html");
        // As if the third event had been chosen.
        browser.run("document.querySelector('figure.timeline').focus({ preventScroll: true })");
        browser.keys(&RIGHT.repeat(3));
        browser.run("window.scrollTo(0, 0)");
        let picture = browser.protocol("Page.captureScreenshot", &json!({ "format": "png" }));
        let picture = picture["data"].as_str().unwrap();
        let picture = BASE64_STANDARD.decode(picture).unwrap();
        fs::write(root().join("xtask/figures/book.png"), picture).unwrap();
    });
}
