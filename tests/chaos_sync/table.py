"""What was done to a city, and what became of it."""

from statistics import median

from tests.chaos_sync.run import Outcome


def table(outcome: Outcome) -> str:
    """For whoever reads the terminal."""
    done = [f"  {what:34}{count:8}" for what, count in sorted(outcome.done.items())]
    return "\n".join(["what happened", *done, "", *_totals(outcome), "", *_verdict(outcome)])


def _totals(outcome: Outcome) -> list[str]:
    records, kiosks = outcome.evidence.records, outcome.evidence.kiosks
    delays = sorted(outcome.delays) or [0.0]
    steps = [step for kiosk in kiosks for step in kiosk.steps]
    return [
        "what there is",
        f"  {'intakes at records':34}{sum(map(len, records.intakes.values())):8}",
        f"  {'serials at records, all void':34}{sum(map(len, records.papers.values())):8}",
        f"  {'changes in the feed':34}{len(records.changes):8}",
        f"  {'steps of kiosks along the feed':34}{len(steps):8}",
        f"  {'of these by a snapshot':34}{sum(step.anew for step in steps):8}",
        f"  {'from taken in to acknowledged':34}{median(delays):8.2f} s in the middle, {delays[-1]:.1f} s at worst",
        f"  {'until all was still':34}{outcome.calm_s:8.1f} s",
        *(f"  {'peak memory of ' + what:34}{peak / 1024:8.0f} MiB" for what, peak in sorted(outcome.peaks.items())),
    ]


def _verdict(outcome: Outcome) -> list[str]:
    if not outcome.wrong:
        return ["Nothing lost, nothing twice, no gap."]
    names = {number: f"kiosk {number}" if number >= 0 else "records" for number in outcome.wrong}
    return [f"WRONG, {names[number]}: {each}" for number, wrong in sorted(outcome.wrong.items()) for each in wrong]
