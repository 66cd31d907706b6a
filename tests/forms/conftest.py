"""What the papers' tests share: one PKI, one signed copy of each paper, one look at each line of print."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from forms.code import CodeKey, sign_code
from forms.paper import Medium, Paper
from forms.placement import seal_place
from forms.render import render
from forms.signature import make_cms, prepare
from forms.trust import ISSUERS_FILE, ROOT_FILE, TrustStore
from tests.support.pki import Pki, make_pki
from tests.support.remembered import reading_each_line_once


@pytest.fixture(scope="package", autouse=True)
def _remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        reading_each_line_once(patch)
        yield


@pytest.fixture(scope="session")
def pki() -> Pki:
    """Throw-away keys."""
    return make_pki()


@pytest.fixture(scope="session")
def trust(pki: Pki) -> TrustStore:
    """A verifier that believes them."""
    return pki.trust()


@pytest.fixture(scope="session")
def code_key(pki: Pki) -> CodeKey:
    """The key that signs codes."""
    return CodeKey(pki.code.key)


@pytest.fixture(scope="session")
def signed_code(code_key: CodeKey) -> Callable[[Paper], str]:
    """The one code of a paper: no two signatures are the same, and a code of other corners moves all lines by a dot."""
    return cache(lambda paper: sign_code(paper, code_key))


@pytest.fixture(scope="session")
def rendered(signed_code: Callable[[Paper], str]) -> Callable[..., bytes]:
    """The unsigned PDF of a paper, on a page unless a medium is named."""
    return cache(lambda paper, medium=Medium.PAGE: render(paper, signed_code(paper), medium))


@pytest.fixture(scope="session")
def signed(rendered: Callable[..., bytes], pki: Pki) -> Callable[..., bytes]:
    """The finished document of a paper, on a page unless a medium is named."""

    @cache
    def sign(paper: Paper, medium: Medium = Medium.PAGE) -> bytes:
        prepared = prepare(rendered(paper, medium), paper.issued_at, seal=seal_place(paper, medium))
        chain = (pki.root.certificate,)
        return prepared.fill(make_cms(prepared.digest, pki.document.key, pki.document.certificate, chain))

    return sign


@pytest.fixture(scope="session")
def trust_folder(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same belief as files."""
    folder = tmp_path_factory.mktemp("trust")
    (folder / ROOT_FILE).write_text(pki.root.pem)
    (folder / ISSUERS_FILE).write_text(pki.issuers_pem)
    return folder
