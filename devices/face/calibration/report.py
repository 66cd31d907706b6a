"""The report: lines to read, lines to paste into kiosk.toml, and the same as JSON.

APCER stands for each species of attack instrument, and the worst one by itself. A rate never stands without its number
of trials, and what it is at most. Of synthetic recordings there are counts, and no rate.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from devices.face.calibration.rates import Rate
from devices.face.calibration.results import Presentations, Run

NOT_MEASURED = (
    "Measured are the passive check, on single frames, and the comparison. The active challenge (turn, look up) needs a"
    " live session and is in no figure here; nor is an injected picture, nor any species that was not recorded."
)
_SYNTHETIC = "synthetic: no rates. 合成数据：只检验流程，不得出任何比率。"
_THRESHOLDS = tuple(number / 100 for number in range(20, 75, 5))
_PASSIVE_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def text(run: Run) -> Iterator[str]:
    """The whole report, line by line."""
    note, measured = run.note, run.measured
    yield f"Recorded {note.recorded_on}, {note.place}, {note.camera}. Pack {run.settings.model}."
    yield _counted("genuine", measured.genuine)
    yield from (_counted(f"attack {species}", shown) for species, shown in measured.attacks.items())
    if note.synthetic:
        yield _SYNTHETIC
        return
    yield from _passive(run)
    yield from _comparison(run)
    lines = list(settings_lines(run))
    if lines:
        yield "\n可写入配置 For kiosk.toml"
        yield from lines
    yield f"\n{NOT_MEASURED}"


def settings_lines(run: Run) -> Iterator[str]:
    """To paste into kiosk.toml: only what these recordings can vouch for."""
    stated = run.stated
    if stated or run.has_passive:
        yield "[devices.face]"
    if stated:
        yield f"threshold = {stated.similarity:.3f}"
        yield f"false_match_rate = {stated.false_match_rate:g}"
        yield f"threshold_source = {json.dumps(_source(run), ensure_ascii=False)}"
    if run.has_passive:
        yield f"passive_threshold = {run.settings.passive_threshold:g}"


def as_json(run: Run) -> str:
    """The report as a file holds it."""
    measured = run.measured
    whole = {
        "recorded_on": run.note.recorded_on.isoformat(),
        "camera": run.note.camera,
        "place": run.note.place,
        "synthetic": run.note.synthetic,
        "model": run.settings.model,
        "genuine": _counts(measured.genuine),
        "attacks": {species: _counts(shown) for species, shown in measured.attacks.items()},
        "passive": _passive_numbers(run) if run.has_passive else None,
        "comparison": None if run.note.synthetic else _comparison_numbers(run),
        "not_measured": NOT_MEASURED,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _passive(run: Run) -> Iterator[str]:
    measured, at = run.measured, run.settings.passive_threshold
    yield "\n被动防伪 Passive check (ISO/IEC 30107-3:2023)"
    if not run.settings.passive_model:
        yield "  not measured: no model was named (--passive MODEL)."
        return
    yield f"  model {run.settings.passive_model}, threshold {at:.2f}"
    for species, shown in measured.attacks.items():
        yield f"  attack {species}: APCER {_said(shown.accepted(at))}; APNRR {_said(shown.silent)}"
    worst = measured.worst(at)
    yield f"  worst species: {worst[0]}, APCER {_said(worst[1])}" if worst else "  no attack got a response: no APCER."
    yield f"  genuine: BPCER {_said(measured.genuine.rejected(at))}; BPNRR {_said(measured.genuine.silent)}"
    yield "  threshold  worst APCER  BPCER"
    for other in _PASSIVE_THRESHOLDS:
        worst = measured.worst(other)
        yield f"  {other:9.2f}  {_value(worst[1]) if worst else '-':>11}  {_value(measured.genuine.rejected(other)):>5}"


def _comparison(run: Run) -> Iterator[str]:
    found = run.measured.comparisons
    yield "\n人脸比对 Comparison"
    yield f"  {len(found.genuine)} genuine comparisons, {len(found.impostors)} impostor ones, {found.pairs.pairs} pairs"
    yield "  threshold     FMR  of pairs  at most    FNMR  at most"
    for at in _THRESHOLDS:
        pairs, missed = found.pairs.at(at), found.missed(at)
        yield (
            f"  {at:9.2f} {_value(found.matched(at)):>7} {_value(pairs):>9} {pairs.upper:>8.2g}"
            f" {_value(missed):>7} {missed.upper:>8.2g}"
        )
    yield f"  {_threshold(run)}"


def _threshold(run: Run) -> str:
    pairs, rate, stated = run.measured.comparisons.pairs, run.settings.rate, run.stated
    if stated:
        missed = run.measured.comparisons.missed(stated.similarity)
        return f"for a false-match rate of {rate:g}: threshold {stated.similarity:.3f}; there FNMR is {_said(missed)}"
    if pairs.supports(rate):
        return "no threshold: two persons are all but one to the model. Was somebody recorded under two codes?"
    needed = f"a false-match rate of {rate:g} can't be stated: it takes {math.ceil(3 / rate)} pairs of persons"
    least = pairs.smallest_rate
    if least >= 1:
        return f"{needed}, and there are {pairs.pairs}; no rate can be stated. Record more people."
    possible = pairs.stated(least)
    at = f" (threshold {possible.similarity:.3f})" if possible else ""
    return f"{needed}, and there are {pairs.pairs}. The smallest that can be stated is {least:g}{at}: --rate {least:g}"


def _source(run: Run) -> str:
    note, found = run.note, run.measured
    return (
        f"own recordings of {note.recorded_on}, {note.place}, {note.camera}: {found.genuine.persons} persons,"
        f" {found.comparisons.pairs.pairs} pairs; pack {run.settings.model}"
    )


def _passive_numbers(run: Run) -> dict[str, Any]:
    measured, at = run.measured, run.settings.passive_threshold
    worst = measured.worst(at)
    return {
        "model": run.settings.passive_model,
        "threshold": at,
        "species": {
            species: {"apcer": _numbers(shown.accepted(at)), "apnrr": _numbers(shown.silent)}
            for species, shown in measured.attacks.items()
        },
        "worst_species": worst[0] if worst else None,
        "bpcer": _numbers(measured.genuine.rejected(at)),
        "bpnrr": _numbers(measured.genuine.silent),
    }


def _comparison_numbers(run: Run) -> dict[str, Any]:
    found, stated = run.measured.comparisons, run.stated
    table = [
        {
            "threshold": at,
            "fmr": _numbers(found.matched(at)),
            "fmr_of_pairs": _numbers(found.pairs.at(at)),
            "fnmr": _numbers(found.missed(at)),
        }
        for at in _THRESHOLDS
    ]
    return {
        "pairs_of_persons": found.pairs.pairs,
        "smallest_false_match_rate": found.pairs.smallest_rate,
        "stated": {"threshold": stated.similarity, "false_match_rate": stated.false_match_rate} if stated else None,
        "table": table,
    }


def _counted(kind: str, shown: Presentations) -> str:
    return f"  {kind}: {shown.persons} persons, {shown.trials} trials, {shown.usable} with a usable face"


def _counts(shown: Presentations) -> dict[str, int]:
    return {"persons": shown.persons, "trials": shown.trials, "usable": shown.usable}


def _said(rate: Rate) -> str:
    return f"{_value(rate)} ({rate.errors} of {rate.trials}; at most {rate.upper:.2g} with 95 % confidence)"


def _value(rate: Rate) -> str:
    return "-" if rate.value is None else f"{rate.value:.2g}"


def _numbers(rate: Rate) -> dict[str, float | None]:
    return {"errors": rate.errors, "trials": rate.trials, "rate": rate.value, "at_most": rate.upper}
