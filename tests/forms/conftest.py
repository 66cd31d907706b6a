"""What the papers' tests share: one PKI and one signed copy of each paper, made once."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from forms.code import CodeKey, sign_code
from forms.paper import HouseholdCertificate
from forms.render import render
from forms.signature import make_cms, prepare
from forms.trust import ISSUERS_FILE, ROOT_FILE, TrustStore
from tests.support.pki import Pki, make_pki


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
def rendered(code_key: CodeKey) -> Callable[[HouseholdCertificate], bytes]:
    """The unsigned page of a paper."""
    return cache(lambda paper: render(paper, sign_code(paper, code_key)))


@pytest.fixture(scope="session")
def signed(rendered: Callable[[HouseholdCertificate], bytes], pki: Pki) -> Callable[[HouseholdCertificate], bytes]:
    """The finished document of a paper."""

    @cache
    def sign(paper: HouseholdCertificate) -> bytes:
        prepared = prepare(rendered(paper), paper.issued_at)
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
