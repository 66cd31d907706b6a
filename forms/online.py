"""Asking records what has become of a paper since it was printed. Only the code goes out: it is on the paper itself."""

from dataclasses import replace
from pathlib import Path

import requests

from forms.verification import Outcome, Verdict

_PATH = "/v1/verifications"
_TIMEOUT = (5, 10)  # seconds to connect, to answer
_CHANGED = {
    "void": (Outcome.VOID, "Records declared this paper void."),
    "expired": (Outcome.EXPIRED, "By records' clock the paper has expired."),
    "unknown": (Outcome.UNKNOWN_ISSUER, "Records know no such paper."),
}
_CONFIRMED = {
    "genuine": "Records hold it as delivered.",
    "not-yet": "Records have not heard yet that it was delivered: ask again later.",
}


def ask_records(verdict: Verdict, url: str, root_file: Path) -> Verdict:
    """Complete an offline verdict. TLS is verified against the trusted root alone; ``url`` must be https."""
    if verdict.outcome not in (Outcome.GENUINE, Outcome.CODE_GENUINE, Outcome.EXPIRED):
        return verdict
    standing = _standing(verdict.code, url, root_file)
    if standing in _CHANGED:
        outcome, why = _CHANGED[standing]
        return replace(verdict, outcome=outcome, why=why)
    if standing in _CONFIRMED:
        return replace(verdict, why=f"{verdict.why} {_CONFIRMED[standing]}")
    return replace(verdict, outcome=Outcome.NOT_REACHED, why="Records did not answer the question.")


def _standing(code: str, url: str, root_file: Path) -> str:
    if not url.startswith("https://"):
        return ""
    try:
        answer = requests.post(
            url.rstrip("/") + _PATH, json={"code": code}, timeout=_TIMEOUT, verify=str(root_file), allow_redirects=False
        )
        answer.raise_for_status()
        body = answer.json()
    except (requests.RequestException, ValueError):
        return ""
    standing = body.get("standing") if isinstance(body, dict) else None
    return standing if isinstance(standing, str) else ""
