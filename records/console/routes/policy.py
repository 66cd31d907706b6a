"""The rules: what is in force, drafts of other ones with what they would change, and the second signature."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, File, Form, Path, Request, Response, UploadFile
from starlette.exceptions import HTTPException

from forms.errors import FormsError
from forms.paper import PaperKind
from records.console import paths
from records.console.pages import go, page
from records.console.policy_words import Called
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules import policy_fields, reasons
from records.rules.policy_changes import changes
from records.rules.policy_slips import Slip
from records.services import policy, policy_samples
from records.services import policy_editing as editing
from records.services import policy_signing as signing
from records.services.policy_alerts import ENDING_WITHIN
from records.services.policy_editing import Draft
from records.services.refusals import DraftRefusedError, ReasonUnfitError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
DraftId = Annotated[str, Path(max_length=64)]
Name = Annotated[str, Path(max_length=64)]
Revision = Annotated[int, Form(ge=1, le=2**31 - 1)]
_LARGEST_FILE: Final = 60_000  # bytes; what comes with the service has a fifth of it


@dataclass(frozen=True, slots=True)
class Said:
    """Why a draft's page came back. ``wrong``: with the ``content`` of a file that was not taken; ``told``: what its
    reader said."""

    problem: str = ""
    told: str = ""
    wrong: tuple[Slip, ...] = ()
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """What the answer is called."""
        if not self.problem:
            return 200
        unfit = self.problem in {"size", "toml", "rules", "unfit", "nothing"} or self.problem.startswith("reason-")
        return 422 if unfit else 409


_NOTHING: Final = Said()


async def typed(request: Request) -> dict[str, str]:
    """All fields of a form, whatever they are called."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Typed = Annotated[dict[str, str], Depends(typed)]


@router.get("/policy")
def policy_page(here: AnyVisitor, session: AtConsole) -> Response:
    """What is in force, and the drafts."""
    return _overview(here, session)


@router.post("/policy/drafts", dependencies=FORM)
def begin(here: AnyVisitor, session: AtConsole) -> Response:
    """A draft of the rules in force."""
    try:
        return go(paths.policy_draft(editing.begin(here.records, session)))
    except DraftRefusedError as error:
        return _overview(here, session, error.detail)


@router.get("/policy/drafts/{draft_id}")
def draft_page(here: AnyVisitor, session: AtConsole, draft_id: DraftId) -> Response:
    """What it would change: the same for its author and for whoever signs."""
    return _draft(here, session, _found(here, session, draft_id))


@router.get("/policy/drafts/{draft_id}/papers/{kind}")
def paper(here: AnyVisitor, session: AtConsole, draft_id: DraftId, kind: Name) -> Response:
    """How a paper would look."""
    rules, _ = policy.fit(_found(here, session, draft_id).new)
    made = policy_samples.papers(rules) if rules is not None else {}
    if kind not in set(PaperKind) or PaperKind(kind) not in made:
        raise HTTPException(404)
    try:
        return Response(policy_samples.picture(*made[PaperKind(kind)]), media_type="image/png")
    except FormsError:
        raise HTTPException(404) from None


@router.get("/policy/drafts/{draft_id}/edit/{key}")
def subject_page(here: AnyVisitor, session: AtConsole, draft_id: DraftId, key: Name) -> Response:
    """A part of it as a form."""
    draft = _found(here, session, draft_id)
    return _subject(here, session, draft, key, {})


@router.post("/policy/drafts/{draft_id}/edit/{key}", dependencies=FORM)
def save(here: AnyVisitor, session: AtConsole, draft_id: DraftId, key: Name, form: Typed) -> Response:
    """Put it into the draft, or say beside each field what is wrong."""
    draft = _found(here, session, draft_id)
    subject = editing.subject_of(draft, key)
    if subject is None:
        raise HTTPException(404)
    try:
        new, wrong = editing.save(here.records, session, draft, subject, form)
    except DraftRefusedError as error:
        return _draft(here, session, draft, Said(error.detail))
    if not wrong:
        return go(paths.policy_draft(draft_id))
    return _subject(here, session, Draft(draft.row, draft.old, new, draft.wrong, draft.outdated), key, wrong)


@router.post("/policy/drafts/{draft_id}/file", dependencies=FORM)
def replace(
    here: AnyVisitor, session: AtConsole, draft_id: DraftId, rules: Annotated[UploadFile | None, File()] = None
) -> Response:
    """A whole file of rules in the draft's place."""
    draft = _found(here, session, draft_id)
    content = rules.file.read(_LARGEST_FILE + 1) if rules is not None else b""
    if not 0 < len(content) <= _LARGEST_FILE:
        return _draft(here, session, draft, Said("size"))
    try:
        read = tomllib.loads(content.decode("utf-8"))
        wrong = editing.replace(here.records, session, draft, read)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return _draft(here, session, draft, Said("toml", str(error)))
    except DraftRefusedError as error:
        return _draft(here, session, draft, Said(error.detail))
    return _draft(here, session, draft, Said("rules", "", wrong, read)) if wrong else go(paths.policy_draft(draft_id))


@router.post("/policy/drafts/{draft_id}/ask", dependencies=FORM)
def ask(here: AnyVisitor, session: AtConsole, draft_id: DraftId) -> Response:
    """Ask for the second signature."""
    return _step(here, session, draft_id, lambda draft: signing.ask(here.records, session, draft))


@router.post("/policy/drafts/{draft_id}/take-back", dependencies=FORM)
def take_back(here: AnyVisitor, session: AtConsole, draft_id: DraftId) -> Response:
    """Change it further."""
    return _step(here, session, draft_id, lambda draft: signing.take_back(here.records, session, draft))


@router.post("/policy/drafts/{draft_id}/give-up", dependencies=FORM)
def give_up(here: AnyVisitor, session: AtConsole, draft_id: DraftId) -> Response:
    """It is not wanted any more."""
    return _step(here, session, draft_id, lambda draft: signing.give_up(here.records, session, draft), paths.POLICY)


@router.post("/policy/drafts/{draft_id}/sign", dependencies=FORM)
def sign(here: AnyVisitor, session: AtConsole, draft_id: DraftId, revision: Revision) -> Response:
    """The second signature: a new version."""
    return _step(
        here, session, draft_id, lambda draft: signing.sign(here.records, session, draft, revision), paths.POLICY
    )


@router.post("/policy/drafts/{draft_id}/refuse", dependencies=FORM)
def refuse(
    here: AnyVisitor, session: AtConsole, draft_id: DraftId, revision: Revision, reason: Annotated[str, Form()] = ""
) -> Response:
    """No, and why."""
    return _step(
        here, session, draft_id, lambda draft: signing.refuse(here.records, session, draft, revision, reason),
        paths.POLICY,
    )  # fmt: skip


def _step(here: Visitor, session: Session, draft_id: str, step: Callable[[Draft], object], then: str = "") -> Response:
    draft = _found(here, session, draft_id)
    try:
        step(draft)
    except DraftRefusedError as error:
        return _draft(here, session, draft, Said(error.detail))
    except ReasonUnfitError as error:
        return _draft(here, session, draft, Said(f"reason-{error.detail}"))
    return go(then or paths.policy_draft(draft_id))


def _found(here: Visitor, session: Session, draft_id: str) -> Draft:
    draft = editing.find(here.records, session, draft_id)
    if draft is None:
        raise HTTPException(404)
    return draft


def _overview(here: Visitor, session: Session, problem: str = "") -> Response:
    shown = editing.overview(here.records, session)
    left: timedelta = shown.version.expires_at - here.records.clock.now()
    values = {"shown": shown, "problem": problem, "days": max(left.days, 0), "ending": left < ENDING_WITHIN}
    parts = [
        (each, list(zip(cycle(each.fields), policy_fields.filled(each, shown.rules).values(), strict=False)))
        for each in (policy_fields.subjects(shown.rules) if shown.rules else ())
    ]
    called = Called(here.words)
    return page(here, "policy.html", session, status=409 if problem else 200, called=called, parts=parts, **values)


def _draft(here: Visitor, session: Session, draft: Draft, said: Said = _NOTHING) -> Response:
    old, new = policy.fit(draft.old)[0], policy.fit(draft.new)[0]
    values = {
        "draft": draft,
        "own": draft.row.author == session.officer.officer_id,
        "changes": changes(draft.old, draft.new),
        "subjects": policy_fields.subjects(draft.new),
        "papers": tuple(policy_samples.papers(new)) if new is not None else (),
        "differ": policy_samples.differ(old, new) if old is not None and new is not None else frozenset(),
        "wrong": said.wrong or draft.wrong,
        "within": said.content or draft.new,
        "problem": said.problem,
        "told": said.told,
        "longest": reasons.LONGEST,
        "called": Called(here.words, draft.old, draft.new),
    }
    return page(here, "policy_draft.html", session, status=said.status, **values)


def _subject(here: Visitor, session: Session, draft: Draft, key: str, wrong: dict[str, Slip]) -> Response:
    subject = editing.subject_of(draft, key)
    if subject is None:
        raise HTTPException(404)
    part = policy_fields.part(draft.new, subject.place)
    values = {
        "draft": draft,
        "subject": subject,
        "filled": policy_fields.filled(subject, draft.new),
        "count": len(part) if subject.many else 0,
        "titled": f".{'title' if subject.name == 'purposes' else 'name'}.{here.words.language}",
        "wrong": wrong,
        "called": Called(here.words),
    }
    return page(here, "policy_subject.html", session, status=422 if wrong else 200, **values)
