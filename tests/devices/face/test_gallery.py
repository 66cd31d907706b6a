"""The faces that a gate knows: who is most alike, who comes and goes, and what it costs."""

import tracemalloc

import numpy as np
import pytest

from devices.face.api import Vector
from devices.face.gallery import Best, Gallery
from devices.face.template import Rows, Template, TemplateError

RANDOM = np.random.default_rng(11)
MODEL = "model-1"


def rows(count: int = 1, length: int = 16) -> Rows:
    made = RANDOM.normal(size=(count, length)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def template(*vectors: Vector) -> Template:
    return Template(MODEL, np.stack(vectors))


def gallery(count: int, length: int = 16) -> tuple[Gallery, Rows]:
    made, known = Gallery(MODEL), rows(count, length)
    for number, vector in enumerate(known):
        made.put(f"holder-{number}", template(vector))
    return made, known


def best(found: Best | None) -> Best:
    assert found is not None
    return found


def test_the_best_of_all_is_found_with_the_best_of_anybody_else() -> None:
    made, known = gallery(100)
    asked = rows()[0]
    scores = known @ asked
    found = best(made.search(asked))
    assert found.holder == f"holder-{scores.argmax()}"
    assert found.score == pytest.approx(np.sort(scores)[-1], abs=1e-6)
    assert found.other == pytest.approx(np.sort(scores)[-2], abs=1e-6)


def test_nobody_is_found_in_an_empty_gallery_and_nobody_else_beside_one_holder() -> None:
    made = Gallery(MODEL)
    assert made.search(rows()[0]) is None
    vector = rows()[0]
    made.put("only", template(vector))
    found = best(made.search(vector))
    assert (found.holder, found.other) == ("only", -1.0)


def test_of_several_vectors_of_one_holder_the_best_counts_and_none_of_them_is_somebody_else() -> None:
    made, _ = gallery(5)
    mine = rows(3)
    made.put("me", template(*mine))
    for vector in mine:
        found = best(made.search(vector))
        assert found.holder == "me"
        assert found.score == pytest.approx(1, abs=1e-6)
        assert found.other < 0.99
    assert (len(made), made.vectors) == (6, 8)


def test_whoever_goes_is_found_no_more_and_everybody_else_still_is() -> None:
    made, known = gallery(200)
    order = RANDOM.permutation(200)
    for count, number in enumerate(order[:150], start=1):
        assert made.remove(f"holder-{number}")
        assert f"holder-{number}" not in made
        assert len(made) == 200 - count
    for number in order[150:]:
        assert best(made.search(known[number])).holder == f"holder-{number}"
    assert all(best(made.search(known[number])).score < 0.999 for number in order[:150])
    assert not made.remove("holder-nobody")


def test_a_template_made_anew_takes_the_place_of_the_old() -> None:
    made, known = gallery(10)
    new = rows(2)
    made.put("holder-3", template(*new))
    assert (len(made), made.vectors) == (10, 11)
    assert best(made.search(known[3])).score < 0.999
    assert best(made.search(new[1])).holder == "holder-3"


def test_comings_and_goings_in_any_order_leave_what_a_plain_table_would_hold() -> None:
    made, plain = Gallery(MODEL), dict[str, Rows]()
    for _ in range(600):
        holder = f"holder-{RANDOM.integers(40)}"
        if RANDOM.random() < 0.4:
            assert made.remove(holder) == (plain.pop(holder, None) is not None)
        else:
            plain[holder] = rows(int(RANDOM.integers(1, 4)))
            made.put(holder, template(*plain[holder]))
    assert (len(made), made.vectors) == (len(plain), sum(len(each) for each in plain.values()))
    for holder, each in plain.items():
        assert best(made.search(each[-1])).holder == holder


def test_what_is_removed_is_overwritten() -> None:
    """Memory that is free, or given back, holds no face."""
    made, _ = gallery(32)
    old = made._rows
    for number in range(8):
        made.remove(f"holder-{number}")
    assert not old[24:].any()
    for number in range(40, 50):
        made.put(f"holder-{number}", template(rows()[0]))
    assert made._rows is not old
    assert not old.any()
    block = made._rows
    made.clear()
    assert (len(made), made.vectors, made.memory) == (0, 0, 0)
    assert not block.any()


def test_a_row_is_copied_some_four_times_however_many_come() -> None:
    """Amortised, adding costs the same in a large gallery: no arrival copies 25 MB each time."""
    made, copied = Gallery(MODEL), 0
    block = made._rows
    for number in range(12_000):
        before = made.vectors
        made.put(f"holder-{number}", template(KNOWN))
        copied += before if made._rows is not block else 0
        block = made._rows
    assert copied / 12_000 < 5


KNOWN = rows()[0]


def test_a_member_takes_little_more_memory_than_their_vector() -> None:
    """Of 512 numbers, 2 kB: the matrix at most a quarter more, names and places included at most two fifths."""
    vectors = rows(3000, 512)
    tracemalloc.start()
    try:
        made = Gallery(MODEL)
        for number, vector in enumerate(vectors):
            made.put(f"{number:032x}", template(vector))
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert made.memory / vectors.nbytes <= 1.25
    assert taken / vectors.nbytes <= 1.4


def test_a_question_of_other_numbers_is_asked_in_float32() -> None:
    """A float64 question would turn the whole matrix into float64 at every search."""
    made, known = gallery(50)
    for kind in (np.float64, np.float16):
        found = best(made.search(known[7].astype(kind)))
        assert found.holder == "holder-7"
        assert found.score == pytest.approx(1, abs=1e-2)
    assert made._rows.dtype == np.float32
    assert made._rows.flags["C_CONTIGUOUS"]


@pytest.mark.parametrize("length", [1, 15, 17])
def test_vectors_of_another_length_or_model_are_refused_and_change_nothing(length: int) -> None:
    made, known = gallery(5)
    for other, detail in (
        (Template(MODEL, rows(1, length)), "length"),
        (Template("model-2", rows()), "model"),
    ):
        with pytest.raises(TemplateError, match=detail):
            made.put("holder-1", other)
    with pytest.raises(TemplateError, match="length"):
        made.search(rows(1, length)[0])
    assert best(made.search(known[1])).holder == "holder-1"


def test_nothing_of_it_is_printed() -> None:
    """A score beside a face helps to make a face that scores higher."""
    made, known = gallery(3)
    assert repr(made) == "Gallery(3 holders)"
    assert repr(made.search(known[0])) == "Best(***)"
    assert repr(template(known[0])) == "Template(***)"


def test_a_template_comes_back_from_its_bytes() -> None:
    one = Template("yunet-2023mar_sface-2021dec", rows(3, 128) * 7)
    back = Template.from_bytes(one.to_bytes())
    assert back.model == one.model
    np.testing.assert_array_equal(back.rows, one.rows)
    np.testing.assert_allclose(np.linalg.norm(back.rows, axis=1), 1, atol=1e-6)
    assert len(one.to_bytes()) == 2 + 27 + 2 + 3 * 128 * 4


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "form"),
        (b"\x02\x01m\x01\x00" + bytes(4), "form"),
        (b"\x01\x01m\x00\x00", "length"),
        (b"\x01\x01m\x02\x00" + bytes(12), "length"),
        (b"\x01\x01m\xff\xff" + bytes(4), "length"),
        (b"\x01\x01\xff\x01\x00" + np.float32(1).tobytes(), "model"),
        (b"\x01\x00\x01\x00" + np.float32(1).tobytes(), "model"),
        (b"\x01\x01m\x01\x00" + bytes(4), "vectors"),
        (b"\x01\x01m\x01\x00" + np.float32("nan").tobytes(), "vectors"),
        (b"\x01\x01m\x01\x00" + np.ones(4, np.float32).tobytes(), "vectors"),
        (b"\x01\x01m\x01\x00", "vectors"),
    ],
)
def test_bytes_that_are_no_template_are_refused(data: bytes, detail: str) -> None:
    """Neither too many vectors, nor none, nor one without a direction."""
    with pytest.raises(TemplateError, match=detail):
        Template.from_bytes(data)
