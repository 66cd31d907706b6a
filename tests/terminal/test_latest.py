"""The slot for camera pictures: the newest, once."""

from threading import Thread

from terminal.latest import Latest


def test_an_empty_slot_gives_nothing() -> None:
    """No picture yet."""
    slot: Latest[str] = Latest()
    assert slot.take() is None


def test_only_the_newest_is_taken_and_only_once() -> None:
    """A slow screen skips pictures and shows none twice."""
    slot: Latest[str] = Latest()
    slot.put("old")
    slot.put("new")
    assert slot.take() == "new"
    assert slot.take() is None


def test_putting_nothing_wipes_the_slot() -> None:
    """At the end of a visit no face is left in it."""
    slot: Latest[str] = Latest()
    slot.put("face")
    slot.put(None)
    assert slot.take() is None


def test_threads_lose_and_double_nothing() -> None:
    """Every picture is taken once or replaced; the last one put is there to be taken."""
    slot: Latest[int] = Latest()
    taken: list[int] = []

    def puts() -> None:
        for number in range(1, 5001):
            slot.put(number)

    putting = Thread(target=puts)
    putting.start()
    while putting.is_alive():
        if (number := slot.take()) is not None:
            taken.append(number)
    if (last := slot.take()) is not None:
        taken.append(last)
    assert taken == sorted(set(taken))
    assert taken[-1] == 5000
