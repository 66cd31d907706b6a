"""What the flows of a rented flat hand in is what records can read."""

from datetime import date

import pytest

from backend_client.contract.intakes import CONTENTS, IntakeKind
from civic.masking import Personal
from kiosk.flows import contents, hand_in
from kiosk.presenters.gallery_intakes import WHO
from kiosk.presenters.gallery_tenancy_deeds import COMERS
from kiosk.services.contents import wired
from tests.kiosk.flows.test_tenancy_lease import DOOR

REF, DAY = "ab" * 16, date(2026, 12, 1)
NEW = contents.NewCard("09B1", number=Personal("04A1B2C309B1"))


@pytest.mark.parametrize(
    "content",
    [
        contents.Lease(WHO, DOOR, "", DAY, date(2027, 11, 30), "ZL1", COMERS, ("card", "face")),
        contents.Lease(WHO, None, REF, DAY, date(2027, 11, 30)),
        contents.Joining(WHO, REF, COMERS),
        contents.Departure(WHO, DAY, right=REF),
        contents.Departure(WHO, DAY, tenancy=REF),
        contents.Answer(WHO, REF, yes=False),
        contents.Ways(WHO, REF, card=NEW),
        contents.Ways(WHO, REF, face=True),
        contents.Ways(WHO, REF, lost=(REF,)),
    ],
)
def test_each_content_is_of_its_kind_at_the_wire(content: hand_in.Tenancies) -> None:
    sent = wired(content, "2026-11")
    assert type(sent) is CONTENTS[IntakeKind(content.kind)]
    assert sent.who.name == WHO.name.reveal()
    assert type(sent).model_validate_json(sent.model_dump_json()) == sent


def test_the_text_about_a_face_is_named_only_where_it_was_agreed_to() -> None:
    assert wired(contents.Ways(WHO, REF, face=True), "2026-11").notice == "2026-11"  # type: ignore[union-attr]
    assert wired(contents.Ways(WHO, REF, face=False), "2026-11").notice == ""  # type: ignore[union-attr]
