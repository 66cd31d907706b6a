"""Every screen of identification, with synthetic content (see gallery.py)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from civic.document import DocumentKind
from civic.mrz_entry import MrzEntry, MrzField, MrzProblem
from civic.number_entry import NumberEntry, NumberProblem
from kiosk.flows import claim, proof
from kiosk.flows import identity as who

TODAY = date(2026, 11, 22)
OFFERS = who.Offers(
    documents=(
        (DocumentKind.RESIDENT_CARD, ""),
        (DocumentKind.PASSPORT, ""),
        (DocumentKind.TRAVEL_PERMIT, ""),
        (DocumentKind.NUMBER, ""),
        (DocumentKind.HMT_PERMIT, "exit_entry"),
        (DocumentKind.FOREIGNER_CARD, "exit_entry"),
        (DocumentKind.FOREIGNER_CARD_2017, "exit_entry"),
    ),
    today=TODAY,
    officer=True,
)
CARD_PROBLEMS = ("moved", "unknown-card", "refused", "damaged")
DOCUMENT_PROBLEMS = (
    "moved",
    "silent",
    "wrong-key",
    "not-travel-document",
    "refused",
    "incomplete",
    "damaged",
    "altered",
    "signature-wrong",
    "signer-unknown",
    "signer-expired",
    "page-differs",
)
PAGE_INSTRUCTIONS = ("show-page", "come-closer", "hold-still", "too-dark", "glare")
PAGE_FAILURES = ("timed-out", "no-camera", "no-model")
STAGES = ("opening", "reading", "portrait", "checking")
INSTRUCTIONS = (
    "no-face",
    "one-person",
    "come-closer",
    "step-back",
    "to-the-middle",
    "too-dark",
    "too-bright",
    "uncover-face",
    "level-head",
    "look-straight",
    "hold-still",
    "turn-left",
    "turn-right",
    "look-up",
    "look-down",
    "look-back",
)
CHOICE = proof.ChoosingProof(proof.Case(who.Claim(DocumentKind.RESIDENT_CARD), face_works=True, officer=True))
_NUMBER = "990101198603140019"


def claims() -> Iterator[tuple[str, claim.Here]]:
    """(name, state) of kiosk.flows.claim."""
    night = replace(OFFERS, officer=False, broken=((who.Way.CARD, "id_card.unplugged"),))
    yield "way", claim.ChoosingWay(OFFERS)
    yield "way-night", claim.ChoosingWay(night)
    for failed in (who.Way.CARD, who.Way.TRAVEL):
        yield f"way-failed-{failed}", claim.ChoosingWay(OFFERS.without(failed), failed)
    yield "elsewhere", claim.Elsewhere(OFFERS, "exit_entry")
    yield "elsewhere-laid", claim.Elsewhere(OFFERS, "exit_entry", DocumentKind.FOREIGNER_CARD)
    yield "looking-at-reader", claim.LookingAtReader(OFFERS)
    yield "lift-card", claim.LiftingCard(OFFERS)
    for problem in CARD_PROBLEMS:
        yield f"lift-card-{problem}", claim.LiftingCard(OFFERS, 1, problem)
        yield f"window-{problem}", claim.AtWindow(OFFERS, problem)
    yield "card", claim.AwaitingCard(OFFERS)
    yield "identifying", claim.Identifying(OFFERS)
    yield "number", claim.EnteringNumber(OFFERS, NumberEntry())
    yield "number-typed", claim.EnteringNumber(OFFERS, NumberEntry(_NUMBER))
    for name, typed in (
        ("region", "110105"),
        ("region-long", "654023"),
        ("region-former", "110104"),
        ("region-unknown", "110199"),
    ):
        yield f"number-{name}", claim.EnteringNumber(OFFERS, NumberEntry(typed))
    for wrong in NumberProblem:
        yield f"number-{wrong}", claim.EnteringNumber(OFFERS, NumberEntry(_NUMBER[:14], wrong))
    yield "slowed", claim.Waiting(OFFERS, NumberEntry(_NUMBER), 42)
    yield from _travel()


def _travel() -> Iterator[tuple[str, claim.Here]]:
    for instruction in PAGE_INSTRUCTIONS:
        yield f"page-{instruction}", claim.ShowingPage(OFFERS, 0, instruction)
    texts = ("E12345678", "19860314", "20330501")
    for field in MrzField:
        yield f"typing-{field}", claim.TypingPage(OFFERS, MrzEntry(field, texts))
    yield "typing-permit", claim.TypingPage(OFFERS, MrzEntry(permit=True))
    for failure in (*PAGE_FAILURES, "wrong-key", "page-differs"):
        yield f"typing-{failure}", claim.TypingPage(OFFERS, MrzEntry(), 1, failure)
    for wrong in MrzProblem:
        yield f"typing-{wrong}", claim.TypingPage(OFFERS, MrzEntry(MrzField.EXPIRY, texts, wrong))
    yield "lay-document", claim.LayingDocument(OFFERS, None)
    for stage in STAGES:
        yield f"lay-document-{stage}", claim.LayingDocument(OFFERS, None, 0, stage, 0.6)
    for problem in DOCUMENT_PROBLEMS:
        failed = claim.can_lay_again(problem) or claim.can_type_again(problem)
        if failed:
            yield f"document-{problem}", claim.DocumentFailed(OFFERS, None, 1, problem)
        yield f"window-document-{problem}", claim.AtWindow(OFFERS, problem, who.Way.TRAVEL)
    yield "window-not-served", claim.AtWindow(OFFERS, "not-served")


def proofs() -> Iterator[tuple[str, proof.Here]]:
    """(name, state) of kiosk.flows.proof."""
    case = CHOICE.case
    yield "proof", CHOICE
    yield "proof-night", proof.ChoosingProof(replace(case, officer=False))
    for name, alone in (
        ("unclear", replace(case, claim=replace(case.claim, unclear=True))),
        ("minor", replace(case, claim=replace(case.claim, minor=True))),
        ("no-portrait", replace(case, claim=replace(case.claim, has_portrait=False))),
        ("no-camera", replace(case, face_works=False)),
        ("chosen", replace(case, refused=True)),
        ("face", replace(case, face_tries=proof.FACE_TRIES)),
    ):
        yield f"proof-{name}", proof.ChoosingProof(alone)
    for instruction in INSTRUCTIONS:
        yield f"camera-{instruction}", proof.FacingCamera(case, instruction, 0.4)
    for result in (who.FaceResult.NOT_CONFIRMED, who.FaceResult.TIMED_OUT):
        yield f"face-{result}", proof.FaceNotConfirmed(case, result, 2)
    for result in (who.FaceResult.NO_CAMERA, who.FaceResult.NO_LINK):
        yield f"face-{result}", proof.FaceNotConfirmed(case, result, 0)
    yield "officer-asking", proof.AskingOfficer(case)
    yield "officer", proof.WithOfficer(case, "482913")
    yield "officer-opened", proof.WithOfficer(case, "482913", opened=True)
    for because in ("chosen", "declined", "seen", "no-answer", "nobody", "no-link"):
        yield f"officer-{because}", proof.AtWindow(case, because)
    yield "tries", proof.TellingTries(who.Tries(3, datetime(2026, 11, 20, 15, 12, tzinfo=UTC)))
