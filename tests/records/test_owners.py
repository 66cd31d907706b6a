"""The register of owners is taken over from a file: whom it names, and what it says of those whom it can't."""

from datetime import timedelta
from pathlib import Path

import pytest

from backend_client.contract.intakes import AnswerContent
from backend_client.contract.tenancies import RightKind
from records.cli import main
from records.services.tenancies import owning, silence
from records.store import ownerships
from tests.support.records_client import DENG, LAN, LATE, MOTHER, WIFE
from tests.support.tenancies import A_YEAR, DAY_S, Town, comer, who

HEAD = "building,unit,room,id_number,since\n"
WITH_END = "building,unit,room,id_number,since,until\n"


def _file(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "owners.csv"
    path.write_text(head + "\n".join(lines), "utf-8")
    return path


def test_an_owner_has_a_right_without_an_end_and_is_asked(town: Town, tmp_path: Path) -> None:
    """Twice the same file changes nothing; a line that can't be is named by its place alone."""
    door, gone = f"3,2,501,{LAN.id_number},2015-06-01", f"3,2,501,{LATE.id_number},2015-06-01"
    bad = (f"99,9,999,{DENG.id_number},2015-06-01", f"3,2,501,{DENG.id_number},2015-13-01", "3,2,501,1,2015-06-01")
    path = _file(tmp_path, door, gone, *bad)
    assert owning.take_over(town.records, path) == owning.TakenOver(1, 0, 0, (3, 4, 5, 6))
    assert owning.take_over(town.records, path) == owning.TakenOver(0, 1, 0, (3, 4, 5, 6))
    assert (town.kinds(LAN), town.state(LAN), town.right(LAN).ends_on) == ([RightKind.OWNER], "active", None)
    town.rents(DENG)
    assert [each.kind.value for each in town.asked(LAN)] == ["tenancy"]


def test_the_command_says_how_many_and_no_number(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _file(tmp_path, f"3,2,501,{LAN.id_number},2015-06-01", f"9,9,9,{DENG.id_number},2015-06-01")
    assert main(["--data", str(town.records.folder), "owners", "import", str(path)]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "1 owners added, 0 were known."
    assert "line 3" in said.out
    assert DENG.id_number not in said.out + said.err
    with town.records.database.reading() as transaction:
        assert ownerships.owners(transaction, town.flat().dwelling_id) == (town.person(LAN),)


def test_another_file_is_refused_in_one_sentence(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _file(tmp_path, "1,2", head="a,b\n")
    assert main(["--data", str(town.records.folder), "owners", "import", str(path)]) == 1
    assert "owners.csv needs these columns" in capsys.readouterr().err


def test_who_has_sold_a_flat_lives_and_answers_there_no_more(town: Town, tmp_path: Path) -> None:
    """A telephone that still has the code says nothing for the new owner, who is asked instead; the family's right
    ends with the last owner's."""
    begin = _file(tmp_path, f"3,2,501,{LAN.id_number},2015-06-01,", head=WITH_END)
    owning.take_over(town.records, begin)
    town.brings(LAN, comer(WIFE))
    number = town.rents(DENG)
    (ask,) = town.asked(LAN)
    sold = f"3,2,501,{LAN.id_number},2015-06-01,2026-11-20"
    bought, later = f"3,2,501,{MOTHER.id_number},2026-11-20,", f"3,2,502,{MOTHER.id_number},2026-12-24,"
    moved = owning.take_over(town.records, _file(tmp_path, bought, sold, later, head=WITH_END))
    assert moved == owning.TakenOver(1, 0, 1, (4,))
    assert (town.state(LAN), town.state(WIFE), town.asked(LAN)) == ("ended", "active", ())
    late = AnswerContent(who=who(LAN), ask=ask.ask_id, yes=True)
    assert town.at(town.hands_in(late)) == ("refused", "over")
    town.answers(MOTHER)
    assert (town.state(DENG), town.at(number)) == ("active", ("accepted", "by-rule"))
    owning.take_over(town.records, _file(tmp_path, f"3,2,501,{MOTHER.id_number},2026-11-20,2026-11-22", head=WITH_END))
    assert (town.state(MOTHER), town.state(WIFE), town.state(DENG)) == ("ended", "ended", "active")


def test_where_nobody_owns_a_flat_any_more_an_officer_is_asked(town: Town, tmp_path: Path) -> None:
    """Nobody's silence answers a renewal who is not the landlord."""
    town.lives()
    number = town.renews(A_YEAR + timedelta(days=90))
    owning.take_over(town.records, _file(tmp_path, f"3,2,501,{LAN.id_number},2015-01-01,2026-11-22", head=WITH_END))
    assert town.at(number) == ("waiting", "new-without-landlord")
    town.clock.pass_by(4 * DAY_S)
    assert (silence.note_over(town.records), town.right(DENG).ends_on) == (0, A_YEAR)
