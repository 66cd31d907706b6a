"""Asking records what has become of a paper since it was printed. Only the code goes out: it is on the paper itself."""

from dataclasses import replace
from pathlib import Path

import requests

from forms.reasons import Sentence
from forms.verification import Outcome, Verdict

_PATH = "/v1/verifications"
_TIMEOUT = (5, 10)  # seconds to connect, to answer
_NO_ANSWER = Sentence("主管机关没有回答。", "Records did not answer the question.")
_CHANGED = {
    "void": (Outcome.VOID, Sentence("主管机关已宣布作废。", "Records declared this paper void.")),
    "expired": (Outcome.EXPIRED, Sentence("按主管机关的时间已过有效期。", "By records' clock the paper has expired.")),
    "unknown": (Outcome.UNKNOWN_ISSUER, Sentence("主管机关没有这份证明。", "Records know no such paper.")),
}
_CONFIRMED = {
    "genuine": Sentence("主管机关记录为已发出。", "Records hold it as delivered."),
    "not-yet": Sentence(
        "主管机关尚未收到已发出的消息，请稍后再查。",
        "Records have not heard yet that it was delivered: ask again later.",
    ),
}


def ask_records(verdict: Verdict, url: str, root_file: Path) -> Verdict:
    """Complete an offline verdict. TLS is verified against the trusted root alone; ``url`` must be https."""
    if verdict.outcome not in (Outcome.GENUINE, Outcome.COMPARE, Outcome.EXPIRED):
        return verdict
    standing = _standing(verdict.code, url, root_file)
    if standing in _CHANGED:
        outcome, why = _CHANGED[standing]
        return replace(verdict, outcome=outcome, why=why)
    if standing in _CONFIRMED:
        return replace(verdict, why=verdict.why.then(_CONFIRMED[standing]))
    return replace(verdict, outcome=Outcome.NOT_REACHED, why=_NO_ANSWER)


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
