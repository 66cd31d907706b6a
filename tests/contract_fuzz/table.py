"""What a campaign did, to be read."""

from tests.contract_fuzz.campaign import Campaign
from tests.contract_fuzz.rules import TEXTING

_SERVER_ERROR = 500
_AWAY = 503


def table(campaign: Campaign) -> str:
    """For each operation its cases and their answers."""
    operations = sorted({operation for operation, _ in campaign.cases}, key=lambda each: each.split()[::-1])
    return "\n".join(_line(each, campaign) for each in operations)


def verdict(campaign: Campaign) -> str:
    """One line."""
    failed = sum(count for answer, count in campaign.cases.items() if _failed(*answer))
    return f"{campaign.count} cases, {failed} server errors or none to hear, {len(campaign.wrong)} broken checks"


def complaints(campaign: Campaign) -> str:
    """Each check that was broken, with one request that does."""
    return "\n\n".join(f"{' | '.join(what)}\n{example}" for what, example in campaign.wrong.items())


def _failed(operation: str, status: int) -> bool:
    """No answer, or a server error that is not the documented one of a gateway that is away."""
    return not status or (status >= _SERVER_ERROR and (operation, status) != (TEXTING, _AWAY))


def _line(operation: str, campaign: Campaign) -> str:
    answers = campaign.statuses(operation)
    said = "  ".join(f"{status or 'none'}: {count}" for status, count in sorted(answers.items()))
    return f"{answers.total():6}  {operation:55} {said}"
