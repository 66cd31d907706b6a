"""Debian's Chromium for tests of records' pages: it trusts the test's root, and has the product's fonts alone.

with chromium(tmp_path, server.root_pem) as browser, visitor(browser, DESK, server.url) as seen:
    seen.page.goto("/check/")
    assert not seen.faults("zh-CN")
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, expect, sync_playwright

from civic.assets import third_party
from tests.support import pictures

_ROOT = Path(__file__).resolve().parent.parent.parent
OUT = _ROOT / "out" / "public"
DESK = "1366x768"
PHONE = "390x844"  # with touch
_STATUS = "Failed to load resource: the server responded with a status of "
_PATIENCE_MS = 60_000  # of a machine that is busy with the rest of the suite
_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--in-process-gpu",  # nothing is drawn but by the processor, and a process fewer starts
    "--renderer-process-limit=1",  # none is started in advance
    "--lang=zh-CN",
]
_FONTS = _ROOT / "assets" / "third_party" / "fonts"
_FONT_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>{fonts}</dir><cachedir>{cache}</cachedir>
<match><edit name="family" mode="append"><string>Noto Sans SC</string></edit></match>
</fontconfig>
"""
_MEASURED = """() => {
  const shown = each => each.getClientRects().length > 0 && each.getBoundingClientRect().right > 0;
  const width = document.documentElement.clientWidth; // a telephone's window grows with what is too wide
  const all = selector => [...document.querySelectorAll(selector)].filter(shown);
  const name = each => (each.id || each.textContent || each.outerHTML).trim();
  const fields = all("input:not([type=hidden]), select, textarea");
  const target = each => each.matches("input[type=radio], input[type=checkbox]") ? each.closest("label") : each;
  return {
    language: document.documentElement.lang,
    headings: all("h1").length,
    wider: Math.max(0, document.documentElement.scrollWidth - width),
    small: all("a, button, input:not([type=hidden]), summary").map(target)
      .filter(each => each.getBoundingClientRect().height < 44).map(name),
    unlabelled: fields.filter(each => ![...each.labels].some(label => label.textContent.trim())).map(name),
    outside: all("h1, h2, p, dt, dd, a, button, input, li")
      .filter(each => each.getBoundingClientRect().right > width + 1).map(name),
  };
}"""
# axe-core's findings, as "rule (impact): what is meant, where"
_JUDGED = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(each =>
  `${each.id} (${each.impact}): ${each.help}: ${each.nodes.map(node => node.target.join(" ")).join(", ")}`)"""


@contextmanager
def chromium(folder: Path, root_pem: Path) -> Iterator[Browser]:
    """A browser whose home, certificates and fonts are in ``folder``, as nobody has set it up by hand."""
    home = folder / "home"
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    subprocess.run(["certutil", "-N", "-d", f"sql:{database}", "--empty-password"], check=True)
    trusted = ["-n", "records", "-t", "C,,", "-i", os.fspath(root_pem)]
    subprocess.run(["certutil", "-A", "-d", f"sql:{database}", *trusted], check=True)
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONT_CONFIGURATION.format(fonts=_FONTS, cache=folder / "font-cache"), "utf-8")
    surroundings: dict[str, Any] = {"HOME": os.fspath(home), "FONTCONFIG_FILE": os.fspath(fonts)}
    surroundings["PATH"] = os.environ["PATH"]
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as library:
        browser = library.chromium.launch(executable_path="/usr/bin/chromium", args=_FLAGS, env=surroundings)
        yield browser
        browser.close()


@dataclass
class Seen:
    """A page, and what it did besides being shown."""

    page: Page
    site: str
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def faults(self, language: str) -> list[str]:
        """What breaks the rules of every page: one heading, labels, fingers' targets, no scrolling sideways,
        nothing that axe-core finds, and no word on the console, where a browser writes what a policy forbade."""
        self.page.wait_for_load_state()
        found = self.page.evaluate(_MEASURED)
        right = {"language": language, "headings": 1, "wider": 0, "small": [], "unlabelled": [], "outside": []}
        wrong = [f"{name}: {found[name]}" for name in right if found[name] != right[name]]
        self.page.evaluate((third_party("axe") / "axe.min.js").read_text("utf-8"))
        return [*wrong, *self.page.evaluate(_JUDGED), *self.said, *self.elsewhere]

    def picture(self, name: str) -> None:
        """Keep how all of it looks, for people who have asked for that: no test looks at it."""
        if not pictures.wanted():
            return
        OUT.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state()
        self.page.screenshot(path=OUT / f"{name}.png", full_page=True)

    @contextmanager
    def led_on(self) -> Iterator[None]:
        """What is done within leads to another page, or to the same one anew; a picture of a page that is just being
        left is never finished."""
        with self.page.expect_navigation():
            yield

    def comes_from(self, address: str) -> None:
        """Whose page it is, where records believe this machine as a proxy; what was said before is forgotten."""
        self.page.set_extra_http_headers({"X-Forwarded-For": address})
        self.said.clear()
        self.elsewhere.clear()

    def forgets(self) -> None:
        """As if nobody had ever been here: no cookie, nothing kept, no worker, with the network, and nothing said."""
        context = self.page.context
        context.set_offline(offline=False)
        self.page.goto("about:blank")
        context.clear_cookies()
        session = context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": self.site, "storageTypes": "all"})
        session.detach()
        self.said.clear()
        self.elsewhere.clear()

    def heard(self, message: ConsoleMessage) -> None:
        """The browser has written to the console. The page's own status it names there too; an answer may have any."""
        if not (message.text.startswith(_STATUS) and message.location["url"] == self.page.url):
            self.said.append(message.text)

    def asked(self, request: Request) -> None:
        """The page has asked for something."""
        if not request.url.startswith(f"{self.site}/"):
            self.elsewhere.append(request.url)


@contextmanager
def visitor(browser: Browser, size: str, site: str) -> Iterator[Seen]:
    """A new visitor's page."""
    width, height = map(int, size.split("x"))
    touch = size == PHONE
    context = browser.new_context(
        base_url=site,
        viewport=ViewportSize(width=width, height=height),
        has_touch=touch,
        is_mobile=touch,
        device_scale_factor=2 if touch else 1,
    )
    context.set_default_timeout(_PATIENCE_MS)
    seen = Seen(context.new_page(), site)
    seen.page.on("console", seen.heard)
    context.on("request", seen.asked)
    yield seen
    context.close()
