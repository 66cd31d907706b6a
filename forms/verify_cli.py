"""``verify``: check a paper at any desk. No network unless asked with --online; nothing is written anywhere.

Exit status: 0 genuine (or the code is, and a person compares), 1 not to be relied on, 2 not decided.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from civic.clock import SystemClock
from forms.carried import held_in
from forms.code import Claims
from forms.content import chinese_date, chinese_minute
from forms.errors import TrustError
from forms.paper import CHINA_TIME, PaperKind
from forms.trust import ROOT_FILE, TrustStore
from forms.verification import Outcome, Verdict, verify_against, verify_paper

_DEFAULT_TRUST = Path("var/trust")
_KINDS = {
    PaperKind.HOUSEHOLD_CERTIFICATE: "户籍证明 household certificate",
    PaperKind.TEMPORARY_ID_PROOF: "临时身份证明 temporary ID proof",
    PaperKind.NO_CRIMINAL_RECORD: "无犯罪记录证明 no-criminal-record certificate",
    PaperKind.RESIDENCE_RECEIPT: "居住登记凭证 residence registration receipt",
    PaperKind.LATER_RECEIPT: "受理回执 receipt, to be collected later",
}
_WHAT_TO_DO = {
    Outcome.GENUINE: (
        "纸面与上列内容一致即可采用；现在是否作废请加 --online 查询。",
        "Accept it if the sheet agrees with these fields; add --online to learn whether it is void by now.",
    ),
    Outcome.COMPARE: (
        "请用眼比对纸面与所列各项，有一处不同即不予采用；以上未列的内容请与其 PDF 比对。",
        "Compare the sheet with what is listed, and the rest with its PDF: one difference, and it is not accepted.",
    ),
    Outcome.ALTERED: ("不予采用，请联系出具机关。", "Do not accept it; contact the issuer."),
    Outcome.VOID: ("已作废，请持证人重新办理。", "Do not accept it; its holder can have a new one issued."),
    Outcome.EXPIRED: ("已过有效期，请持证人重新办理。", "Ask its holder for a new one."),
    Outcome.UNKNOWN_ISSUER: (
        "不予采用；如确信来源，请更新信任目录后再验。",
        "Do not accept it; if you trust its source, update the trust folder and try again.",
    ),
    Outcome.NOT_READABLE: (
        "请重新扫描：平整、清晰、整页、每次一张。",
        "Scan again: flat, sharp, the whole page, one at a time, 200 dpi or more.",
    ),
    Outcome.NOT_REACHED: ("未能查询是否作废，请稍后再试。", "Whether it is void is not known; try again later."),
}
_STATUS = {Outcome.GENUINE: 0, Outcome.COMPARE: 0, Outcome.NOT_READABLE: 2, Outcome.NOT_REACHED: 2}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    folder = options.trust or Path(os.environ.get("LAMPLIGHT_TRUST", _DEFAULT_TRUST))
    try:
        verdict = _judge(options, folder)
    except TrustError as error:
        return _refuse(f"The trust folder {folder} can't be used: {error.detail}. Get root.pem and issuers.pem from the"
                       " issuer, and name their folder with --trust or LAMPLIGHT_TRUST.")  # fmt: skip
    except OSError as error:
        return _refuse(f"{error.filename} can't be read: {error.strerror}.")
    with suppress(BrokenPipeError):  # a reader that wanted the first line only
        print("\n".join(_lines(verdict)), flush=True)
    return _STATUS.get(verdict.outcome, 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="verify", description="Check whether a paper is genuine, without a network.")
    parser.add_argument("paper", type=Path, help="a scan (PNG, JPEG) or the PDF")
    parser.add_argument("--against", type=Path, metavar="PDF", help="the signed PDF the paper was printed from")
    parser.add_argument("--trust", type=Path, metavar="DIR", help="root.pem and issuers.pem (default: var/trust)")
    parser.add_argument("--online", action="store_true", help="also ask records whether it was voided")
    parser.add_argument("--records", default="", metavar="URL", help="whom to ask (default: the trust folder says)")
    return parser


def _judge(options: argparse.Namespace, folder: Path) -> Verdict:
    carried, trust = held_in(folder, TrustStore.from_folder(folder))
    paper, now = options.paper.read_bytes(), SystemClock().now()
    if options.against:
        verdict = verify_against(paper, options.against.read_bytes(), trust, now, carried)
    else:
        verdict = verify_paper(paper, trust, now, carried)
    if not options.online:
        return verdict
    from forms.online import ask_records  # noqa: PLC0415 # offline it is not even loaded

    return ask_records(verdict, options.records or trust.records_url, folder / ROOT_FILE)


def _lines(verdict: Verdict) -> Iterator[str]:
    yield verdict.outcome.value
    if verdict.claims:
        yield from _fields(verdict.claims)
    if verdict.compare and verdict.outcome is Outcome.COMPARE:
        yield f"请比对 compare: {'；'.join(f'{each.chinese} {each.english}' for each in verdict.compare)}"
    yield f"为什么 why: {verdict.why}"
    yield f"怎么办 what to do: {' '.join(_WHAT_TO_DO[verdict.outcome])}"


def _fields(claims: Claims) -> Iterator[str]:
    if claims.specimen:
        yield "样张 specimen: 无法律效力 not valid"
    yield f"种类 kind: {_KINDS[claims.kind]}"
    yield f"编号 serial: {claims.serial}"
    for label, text in claims.facts:
        yield f"{label.chinese} {label.english[:1].lower()}{label.english[1:]}: {text}"
    yield f"有效期至 valid until: {_end(claims)}"
    yield f"出具机关 issuer: {claims.issuer}"
    yield f"出具日期 date: {chinese_date(claims.issued_at.astimezone(CHINA_TIME).date())}"


def _end(claims: Claims) -> str:
    """The day, or the minute where a paper ends within one."""
    local = claims.expires_at.astimezone(CHINA_TIME)
    return chinese_date(claims.valid_until) if (local.hour, local.minute) == (0, 0) else chinese_minute(local)


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
