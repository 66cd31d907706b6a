"""What gates of one site say to each other of a move-in slip that has just opened one of them: directly, over mutual
TLS on the site's own network. Records have no such route and hear nothing of it, unless the slip was at two places.

POST /v1/slips/shown   a gate's certificate; SlipShown -> 200 SlipHeard
"""

from typing import Final

from pydantic import Field

from backend_client.contract.base import Wire
from backend_client.contract.tenancies import Reference

SHOWN_PATH: Final = "/v1/slips/shown"
LONGEST_WALK_S: Final = 60


class SlipShown(Wire):
    """``credential``: of the slip, the same number at every gate and nowhere else; ``ago_ms``: when, by the clock of
    whoever tells it, which is never set; ``walk_s``: how long it takes at the least to get from there to any other
    gate, 0: not known."""

    credential: Reference
    ago_ms: int = Field(ge=0, le=LONGEST_WALK_S * 1000)
    walk_s: int = Field(ge=0, le=LONGEST_WALK_S)


class SlipHeard(Wire):
    """``twice``: it was shown here too, sooner than one person could have come."""

    twice: bool
