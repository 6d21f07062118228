//! The site in a real browser. Needs chromium and chromedriver; without them each test is skipped
//! with a line.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::built;
use fantoccini::key::Key;
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

/// What a driver can do beyond the standard.
#[derive(Debug)]
struct Chrome {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Chrome {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// A browser, and the driver that it hangs on.
struct Browser {
    client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Starts one, or says that the calling test is skipped.
    async fn start() -> Option<Self> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = driver else {
            util_testing::skipped("there is no chromedriver");
            return None;
        };
        let output = BufReader::new(driver.stdout.take().unwrap());
        let mut lines = output.lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse::<u16>().ok()
        });
        // It must not wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let data = format!("--user-data-dir={}", profile.path().display());
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &data,
        ];
        let capabilities = json!({
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("it is an object");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", port.unwrap()))
            .await
            .unwrap();
        let timeouts = TimeoutConfiguration::new(None, Some(Duration::from_secs(60)), None);
        client.update_timeouts(timeouts).await.unwrap();
        let browser = Self {
            client,
            driver,
            _profile: profile,
        };
        browser.width(1280).await;
        Some(browser)
    }

    async fn open(&self, page: &str) {
        let path = built().path().join(page);
        self.client
            .goto(&format!("file://{}", path.display()))
            .await
            .unwrap();
    }

    async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    async fn protocol(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client
            .issue_cmd(Chrome {
                path: "goog/cdp/execute",
                body,
            })
            .await
            .unwrap()
    }

    async fn width(&self, width: u32) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.protocol("Emulation.setDeviceMetricsOverride", size)
            .await;
    }

    /// What the browser has logged since it was last asked.
    async fn log(&self, kind: &str) -> Vec<Value> {
        let body = json!({ "type": kind });
        let log = self
            .client
            .issue_cmd(Chrome {
                path: "se/log",
                body,
            })
            .await
            .unwrap();
        log.as_array().unwrap().clone()
    }

    /// What has gone wrong and what has come from elsewhere since it was last asked.
    async fn complaints(&self) -> Vec<String> {
        let mut complaints: Vec<String> = self
            .log("browser")
            .await
            .iter()
            .filter(|entry| entry["level"] != "INFO" && entry["level"] != "DEBUG")
            .map(Value::to_string)
            .collect();
        for entry in self.log("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let message = &message["message"];
            if message["method"] == "Network.requestWillBeSent" {
                let url = message["params"]["request"]["url"].as_str().unwrap();
                if ["http", "ws", "ftp"]
                    .iter()
                    .any(|scheme| url.starts_with(scheme))
                {
                    complaints.push(format!("a request for {url}"));
                }
            }
        }
        complaints
    }

    async fn key(&self, key: &str) {
        let active = self.client.active_element().await.unwrap();
        active.send_keys(key).await.unwrap();
    }

    async fn is_focused(&self, selector: &str) -> bool {
        self.run(&format!(
            "return document.activeElement.matches('{selector}')"
        ))
        .await
            == true
    }

    /// Presses Tab until what `selector` chooses has the focus.
    async fn tab_to(&self, selector: &str) {
        for _ in 0..400 {
            if self.is_focused(selector).await {
                return;
            }
            self.key(&Key::Tab.to_string()).await;
        }
        panic!("Tab does not reach {selector}");
    }

    /// Waits until a script returns true.
    async fn wait(&self, script: &str) {
        for _ in 0..500 {
            // A page that is being left has nothing to run it in.
            if self
                .client
                .execute(script, Vec::new())
                .await
                .is_ok_and(|it| it == true)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it did not become true: {script}");
    }

    /// The pages that a search for `words` finds, the best first.
    async fn search(&self, words: &str) -> Vec<String> {
        self.open("index.html").await;
        self.client
            .find(Locator::Css("body"))
            .await
            .unwrap()
            .send_keys("s")
            .await
            .unwrap();
        let field = self
            .client
            .find(Locator::Id("mdbook-searchbar"))
            .await
            .unwrap();
        self.wait("return document.activeElement.id === 'mdbook-searchbar'")
            .await;
        field.send_keys(words).await.unwrap();
        self.wait("return document.querySelectorAll('#mdbook-searchresults li a').length > 0")
            .await;
        // What is found for the first letters gives way to what is found for all.
        let header = "return document.getElementById('mdbook-searchresults-header').textContent";
        self.wait(&format!("{header}.includes(\"'{words}'\")"))
            .await;
        let found = self
            .run("return Array.from(document.querySelectorAll('#mdbook-searchresults li a')).map(a => a.pathname.split('/').pop())")
            .await;
        serde_json::from_value(found).unwrap()
    }
}

/// Runs an asynchronous test.
fn in_browser(test: impl AsyncFnOnce(&Browser)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        if let Some(browser) = Browser::start().await {
            test(&browser).await;
            let _ = browser.client.clone().close().await;
        }
    });
}

#[test]
fn every_page_opens_without_an_error_or_a_request_and_fits_the_screen() {
    in_browser(async |browser| {
        for page in built().pages() {
            for width in [1280, 320] {
                browser.width(width).await;
                browser.open(&page).await;
                // The text has a box that would scroll in place of the page.
                let overflow = browser
                    .run(
                        "return Math.max(...['html', '#mdbook-content', 'main'].map(it => {\
                         const box = document.querySelector(it);\
                         return box.scrollWidth - box.clientWidth; }))",
                    )
                    .await;
                assert!(
                    overflow.as_i64().unwrap() <= 0,
                    "{page} at {width}: {overflow} pixels too wide"
                );
            }
            let complaints = browser.complaints().await;
            assert!(complaints.is_empty(), "{page}: {complaints:#?}");
        }
    });
}

#[test]
fn searches_find_the_listing_first() {
    in_browser(async |browser| {
        for (words, pages) in [
            ("gather", &["4.6.html"][..]),
            ("asyncio.gather", &["4.6.html"]),
            ("semaphore", &["11.6.html", "11.7.html"]),
            ("create_task", &["2.8.html"]),
            ("wait_for", &["2.12.html"]),
            ("Lock", &["11.4.html"]),
            ("communicate", &["13.6.html"]),
            ("2.9", &["2.9.html"]),
            ("11.10", &["11.10.html"]),
        ] {
            let found = browser.search(words).await;
            assert!(pages.contains(&found[0].as_str()), "{words}: {found:?}");
        }
        let found = browser.search("asyncio.Queue").await;
        assert_eq!(found[0], "elsewhere.html", "{found:?}");
    });
}

#[test]
fn figures_follow_the_theme() {
    in_browser(async |browser| {
        browser.open("2.9.html").await;
        let colour = "return getComputedStyle(document.querySelector('.timeline rect.s0')).fill";
        let mut seen = Vec::new();
        let button = browser
            .client
            .find(Locator::Id("mdbook-theme-toggle"))
            .await
            .unwrap();
        // The list stays open when a theme is chosen.
        button.click().await.unwrap();
        for theme in ["light", "navy"] {
            let id = format!("mdbook-theme-{theme}");
            browser
                .client
                .find(Locator::Id(&id))
                .await
                .unwrap()
                .click()
                .await
                .unwrap();
            browser
                .wait(&format!(
                    "return document.documentElement.classList.contains('{theme}')"
                ))
                .await;
            seen.push(browser.run(colour).await);
        }
        assert_ne!(seen[0], seen[1]);
        // The next page has the theme that was chosen.
        browser.open("4.6.html").await;
        assert_eq!(
            browser
                .run("return document.documentElement.classList.contains('navy')")
                .await,
            true
        );
    });
}

#[test]
fn the_keyboard_alone_reaches_a_timeline_and_steps_through_it() {
    in_browser(async |browser| {
        // By its number.
        browser.open("index.html").await;
        browser.key("g").await;
        browser
            .wait("return document.activeElement.name === 'number'")
            .await;
        browser.key("2.99").await;
        browser.key(&Key::Enter.to_string()).await;
        browser
            .wait("return document.querySelector('dialog span').textContent === 'there is no 2.99'")
            .await;
        browser
            .key(&format!(
                "{}{}2.09",
                Key::Backspace,
                Key::Backspace.to_string().repeat(3)
            ))
            .await;
        browser.key(&Key::Enter.to_string()).await;
        browser
            .wait("return location.pathname.endsWith('/2.9.html')")
            .await;
        // By the table of contents.
        browser.open("index.html").await;
        browser.tab_to("a[href$=\"ch02.html\"]").await;
        browser.key(&Key::Enter.to_string()).await;
        browser
            .wait("return location.pathname.endsWith('/ch02.html')")
            .await;
        browser.tab_to("main a[href$=\"2.9.html\"]").await;
        browser.key(&Key::Enter.to_string()).await;
        browser.wait("return location.pathname.endsWith('/2.9.html') && document.readyState === 'complete'").await;
        browser.tab_to("figure.timeline").await;
        let status = "return document.querySelector('figure.timeline .event').textContent";
        browser.key(&Key::Right.to_string()).await;
        let first = browser.run(status).await;
        assert!(first.as_str().unwrap().contains("delay"), "{first}");
        assert_eq!(
            browser.run("return document.querySelectorAll('pre.code .line.chosen, svg .chosen').length > 1").await,
            true
        );
        browser.key(&Key::Right.to_string()).await;
        let second = browser.run(status).await;
        assert_ne!(first, second);
        browser.key(&Key::Left.to_string()).await;
        assert_eq!(browser.run(status).await, first);
        // The arrow keys did not turn the page.
        assert!(
            browser
                .client
                .current_url()
                .await
                .unwrap()
                .path()
                .ends_with("/2.9.html")
        );
        // And help says what there is.
        browser.key("?").await;
        browser.wait("return document.getElementById('mdbook-help-popup').textContent.includes('jump to a listing')").await;
    });
}

#[test]
fn hovering_names_a_bar_and_marks_its_function_and_its_line() {
    in_browser(async |browser| {
        browser.open("2.9.html").await;
        let hover = |selector: &str| {
            format!(
                "document.querySelector('{selector}').dispatchEvent(new MouseEvent('mouseover', {{ bubbles: true }}));\
                 return document.querySelector('figure.timeline .event').textContent"
            )
        };
        let bar = browser
            .run(&hover("figure.timeline .row rect[data-event]"))
            .await;
        assert!(bar.as_str().unwrap().contains("on main"), "{bar}");
        assert_eq!(
            browser
                .run("return document.querySelectorAll('pre.code .line.chosen').length")
                .await,
            3
        );
        let mark = browser.run(&hover("figure.timeline circle")).await;
        assert!(
            mark.as_str().unwrap().contains("prints: sleeping"),
            "{mark}"
        );
        assert_eq!(
            browser
                .run("return document.querySelectorAll('.output .line.chosen').length")
                .await,
            1
        );
    });
}

#[test]
fn a_button_copies_the_command() {
    in_browser(async |browser| {
        browser.open("2.9.html").await;
        browser
            .client
            .find(Locator::Css("button.copy"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        browser
            .wait("return document.querySelector('button.copy').textContent === 'Copied'")
            .await;
    });
}

#[test]
fn without_javascript_the_page_stands() {
    in_browser(async |browser| {
        browser
            .protocol(
                "Emulation.setScriptExecutionDisabled",
                json!({ "value": true }),
            )
            .await;
        browser.open("2.9.html").await;
        let seen = browser
            .protocol(
                "Runtime.evaluate",
                json!({
                    "returnByValue": true,
                    "expression": "[document.documentElement.classList.contains('js'), \
                        document.querySelector('.timeline svg').getBoundingClientRect().height > 50, \
                        document.querySelector('pre.code').getBoundingClientRect().height > 50, \
                        getComputedStyle(document.querySelector('button.copy')).display]"
                }),
            )
            .await;
        assert_eq!(
            seen["result"]["value"],
            json!([false, true, true, "none"]),
            "{seen}"
        );
    });
}

/// The script of axe-core, where AXE_CORE or the folder into which `.ci/run` puts it has it.
fn axe() -> Option<String> {
    let usual = common::root().join("target/npm/node_modules/axe-core/axe.min.js");
    let path = std::env::var_os("AXE_CORE").map_or(usual, PathBuf::from);
    fs::read_to_string(path).ok()
}

#[test]
fn one_page_of_each_kind_is_accessible_in_light_and_dark() {
    let Some(axe) = axe() else {
        util_testing::skipped("there is no axe-core; AXE_CORE names its axe.min.js");
        return;
    };
    in_browser(async |browser| {
        for theme in ["light", "navy"] {
            browser.open("index.html").await;
            browser
                .run(&format!("localStorage.setItem('mdbook-theme', '{theme}')"))
                .await;
            for page in [
                "index",
                "ch02",
                "2.9",
                "1.8",
                "8.14",
                "2.6",
                "map",
                "elsewhere",
                "results",
                "contributing",
            ] {
                browser.open(&format!("{page}.html")).await;
                browser.run(&axe).await;
                let violations = browser
                    .client
                    .execute_async(
                        "const done = arguments[0];\
                         axe.run(document, { resultTypes: ['violations'] }).then(found => done(found.violations\
                         .filter(it => it.impact === 'serious' || it.impact === 'critical')\
                         .map(it => it.id + ': ' + it.nodes.slice(0, 3).map(node => node.html).join(' | '))))",
                        Vec::new(),
                    )
                    .await
                    .unwrap();
                assert_eq!(violations, json!([]), "{page} in {theme}: {violations:#}");
            }
        }
    });
}

#[test]
#[ignore = "draws the front page's picture: cargo test --manifest-path xtask/site/Cargo.toml picture -- --ignored"]
fn picture() {
    in_browser(async |browser| {
        let size =
            json!({ "width": 1200, "height": 1150, "deviceScaleFactor": 1, "mobile": false });
        browser
            .protocol("Emulation.setDeviceMetricsOverride", size)
            .await;
        browser.open("2.9.html").await;
        // As if the third event had been chosen.
        browser
            .run("document.querySelector('figure.timeline').focus({ preventScroll: true })")
            .await;
        for _ in 0..3 {
            browser.key(&Key::Right.to_string()).await;
        }
        browser.run("window.scrollTo(0, 0)").await;
        let picture = browser.client.screenshot().await.unwrap();
        fs::write(common::root().join("xtask/figures/book.png"), picture).unwrap();
    });
}
