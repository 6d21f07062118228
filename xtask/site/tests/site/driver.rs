//! A browser that the tests drive, by the protocol of WebDriver.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Error;

use crate::built;

/// Keys, as the protocol names them.
pub const BACKSPACE: &str = "\u{e003}";
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const LEFT: &str = "\u{e012}";
pub const RIGHT: &str = "\u{e014}";

/// It asks nobody for anything.
const ARGUMENTS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
                         --disable-dev-shm-usage --disable-background-networking \
                         --disable-component-update --disable-sync";

/// A browser, and the driver that it hangs on.
pub struct Browser {
    session: String,
    driver: Child,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn post(url: &str, body: &Value) -> Result<Value, Error> {
    let mut answer: Value = ureq::post(url).send_json(body)?.body_mut().read_json()?;
    Ok(answer["value"].take())
}

impl Browser {
    /// Runs a test with one, or says that the test is skipped.
    pub fn test(test: impl FnOnce(&Self)) {
        let mut driver = Command::new("chromedriver");
        driver
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let Ok(mut driver) = driver.spawn() else {
            util_testing::skipped("there is no chromedriver");
            return;
        };
        let output = BufReader::new(driver.stdout.take().unwrap());
        let mut lines = output.lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse::<u16>().ok()
        });
        // It must not wait for a reader.
        thread::spawn(move || lines.for_each(drop));
        let sessions = format!("http://127.0.0.1:{}/session", port.unwrap());
        let profile = tempfile::tempdir().unwrap();
        let profile_folder = format!("--user-data-dir={}", profile.path().display());
        let mut arguments: Vec<&str> = ARGUMENTS.split_whitespace().collect();
        arguments.push(&profile_folder);
        let capabilities = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "timeouts": { "pageLoad": 120_000, "script": 120_000 },
        });
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let session = post(&sessions, &body).unwrap();
        let browser = Self {
            session: format!("{sessions}/{}", session["sessionId"].as_str().unwrap()),
            driver,
            _profile: profile,
        };
        browser.size(1280, 900);
        test(&browser);
    }

    pub fn post(&self, command: &str, body: &Value) -> Value {
        let answer = post(&format!("{}/{command}", self.session), body);
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub fn open(&self, page: &str) {
        let url = format!("file://{}", built().join(page).display());
        self.post("url", &json!({ "url": url }));
        // The driver may come back before the page does.
        self.wait(&format!(
            "document.readyState === 'complete' && location.href === '{url}'"
        ));
    }

    /// What a script returns.
    pub fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// A command of the browser's own protocol.
    pub fn protocol(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.post("goog/cdp/execute", &body)
    }

    pub fn size(&self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.protocol("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Does something with the element that an expression names.
    fn with(&self, element: &str, what: &str, body: &Value) {
        let element = self.run(&format!("return {element}"));
        let id = element.as_object().unwrap().values().next().unwrap();
        self.post(&format!("element/{}/{what}", id.as_str().unwrap()), body);
    }

    pub fn click(&self, selector: &str) {
        self.with(
            &format!("document.querySelector('{selector}')"),
            "click",
            &json!({}),
        );
    }

    /// Types where the focus is.
    pub fn keys(&self, keys: &str) {
        self.with(
            "document.activeElement ?? document.body",
            "value",
            &json!({ "text": keys }),
        );
    }

    /// Presses Tab until what `selector` chooses has the focus.
    pub fn tab_to(&self, selector: &str) {
        let is_focused = format!("return document.activeElement.matches('{selector}')");
        for _ in 0..400 {
            if self.run(&is_focused) == true {
                return;
            }
            self.keys(TAB);
        }
        panic!("Tab does not reach {selector}");
    }

    /// What an expression is, even if scripts may not run. Of a page that is being left, nothing.
    pub fn evaluate(&self, expression: &str) -> Option<Value> {
        let body = json!({ "cmd": "Runtime.evaluate", "params": { "expression": expression } });
        let answer = post(&format!("{}/goog/cdp/execute", self.session), &body);
        Some(answer.ok()?["result"]["value"].take())
    }

    /// Waits until an expression is true.
    pub fn wait(&self, expression: &str) {
        let came = || self.evaluate(expression) == Some(Value::Bool(true));
        util_testing::wait_until(came, || expression.to_owned());
    }

    /// What has gone wrong and what has come from elsewhere since it was last asked.
    pub fn complaints(&self) -> Vec<Value> {
        let log = |kind| self.post("se/log", &json!({ "type": kind }));
        let mut complaints = log("browser").as_array().unwrap().clone();
        complaints.retain(|entry| entry["level"] != "INFO" && entry["level"] != "DEBUG");
        for entry in log("performance").as_array().unwrap() {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let url = message["message"]["params"]["request"]["url"].as_str();
            let schemes = ["http", "ws", "ftp"];
            if url.is_some_and(|url| schemes.iter().any(|scheme| url.starts_with(scheme))) {
                complaints.push(message);
            }
        }
        complaints
    }
}
