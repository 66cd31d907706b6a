"""The worked example of ICAO 9303-11, appendix D."""

from collections.abc import Callable
from datetime import date

import pytest

from civic.masking import PersonalText
from civic.mrz import MrzKey
from devices.travel_document import bac
from devices.travel_document.apdu import Command
from devices.travel_document.api import DocumentProblem
from devices.travel_document.ciphers import FOR_ENCRYPTION, FOR_MAC, CipherSuite
from devices.travel_document.problems import DocumentError
from tests.support.chip_channels import ScriptedChannel

KEY = MrzKey(PersonalText("L898902C"), date(1969, 8, 6), date(1994, 6, 23))
CHALLENGE = "4608F91988702212 9000"
PROOF = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"
SEED = bytes.fromhex("239AB9CB282DAF66231DC5A4DF6BFBAE")


def _drawn() -> Callable[[int], bytes]:
    numbers = iter(("781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"))
    return lambda _: bytes.fromhex(next(numbers))


def test_the_keys_come_out_as_published() -> None:
    """D.2: from the zone's information to the document basic access keys."""
    assert KEY.information() == "L898902C<369080619406236"
    assert CipherSuite.TRIPLE_DES.derive(SEED, FOR_ENCRYPTION).hex().upper() == "AB94FDECF2674FDFB9B391F85D7F76F2"
    assert CipherSuite.TRIPLE_DES.derive(SEED, FOR_MAC).hex().upper() == "7962D9ECE03D1ACD4C76089DCE131543"


def test_the_session_is_opened_and_used_as_published() -> None:
    """D.3: E_IFD and M_IFD; D.4: each protected command, and what is in each protected response."""
    chip = ScriptedChannel(
        CHALLENGE,
        PROOF + "9000",
        "990290008E08FA855A5D4C50A8ED9000",
        "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
    )
    session = bac.open_session(chip, KEY, _drawn())
    assert session.exchange(Command(0xA4, 0x02, 0x0C, bytes.fromhex("011E"))).status == 0x9000
    assert session.exchange(Command(0xB0, 0, 0, le=4)).data.hex().upper() == "60145F01"
    assert session.exchange(Command(0xB0, 0, 4, le=18)).data.hex().upper() == "04303130365F36063034303030305C026175"
    assert chip.sent == [
        "0084000008",
        "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
        "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
        "0CB000000D9701048E08ED6705417E96BA5500",
        "0CB000040D9701128E082EA28A70F3C7B53500",
    ]


def test_the_session_keys_come_out_as_published() -> None:
    """D.3, 8 to 11: KS_ENC, KS_MAC and the counter's start."""
    session = bac.open_session(ScriptedChannel(CHALLENGE, PROOF + "9000"), KEY, _drawn())
    assert session._encryption_key.hex().upper() == "979EC13B1CBFE9DCD01AB0FED307EAE5"
    assert session._mac_key.hex().upper() == "F1CB1F1FB5ADF208806B89DC579DC1F8"
    assert f"{session._counter:016X}" == "887022120C06C226"


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        (("6D00",), DocumentProblem.REFUSED),
        (("01029000",), DocumentProblem.REFUSED),
        ((CHALLENGE, "6300"), DocumentProblem.WRONG_KEY),
        ((CHALLENGE, PROOF[:-2] + "48" + "9000"), DocumentProblem.REFUSED),
        ((CHALLENGE, PROOF[2:] + "9000"), DocumentProblem.REFUSED),
        (("5608F91988702212 9000", PROOF + "9000"), DocumentProblem.REFUSED),
    ],
)
def test_a_chip_that_does_not_prove_itself_is_refused(answers: tuple[str, ...], problem: DocumentProblem) -> None:
    """No BAC, half a challenge, a wrong key, a wrong MAC, a short proof, the proof for another challenge."""
    with pytest.raises(DocumentError) as refused:
        bac.open_session(ScriptedChannel(*answers), KEY, _drawn())
    assert refused.value.problem is problem
