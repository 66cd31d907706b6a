"""A records service of a file's own, and the browser that looks at it."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from civic.clock import SystemClock
from records import installation
from records.context import Records
from tests.support.browser import Seen, chromium, visitor
from tests.support.records_server import RecordsServer, running_records


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("records")) as started:
        yield started


@pytest.fixture(scope="module")
def records(server: RecordsServer) -> Iterator[Records]:
    """The same data, beside the service."""
    opened = installation.open_existing(server.folder, SystemClock())
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def browser(server: RecordsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("browser"), server.root_pem) as started:
        yield started


@pytest.fixture(scope="module")
def visitors(browser: Browser, server: RecordsServer) -> Iterator[Callable[[str], Seen]]:
    """Return a page at a size, the same for all tests of a file: to start another takes longer than most pages."""
    with ExitStack() as pages:
        yield functools.cache(lambda size: pages.enter_context(visitor(browser, size, server.url)))
