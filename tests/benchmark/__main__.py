"""Print the ratios of every module here. A ratio is our time over the peer's: below 1 we are faster.

``python -m tests.benchmark gate`` runs those alone whose names begin so.
"""

import argparse
import importlib
import pkgutil
from collections.abc import Sequence

import tests.benchmark


def main(arguments: Sequence[str] | None = None) -> None:
    """Run each module's ``measure`` and print its rows."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("part", nargs="*", help="how the names of modules begin, as: gate face")
    wanted = parser.parse_args(arguments).part
    try:
        chosen = parts(wanted)
    except LookupError as error:
        parser.error(str(error))
    print("ratio = our time / the peer's time, both warm, taken in turns in one run\n")
    for module in chosen:
        for name, ratio, note in importlib.import_module(f"tests.benchmark.{module}").measure():
            print(f"{ratio:8.2f}  {name}\n          {note}", flush=True)


def parts(beginnings: Sequence[str] = ()) -> list[str]:
    """The modules whose names begin so, in order; all of them. LookupError: none does."""
    names = sorted({each.name for each in pkgutil.iter_modules(tests.benchmark.__path__)} - {"__main__"})
    if unknown := [each for each in beginnings if not any(name.startswith(each) for name in names)]:
        raise LookupError(f"no {', '.join(unknown)} among {', '.join(names)}")
    return [name for name in names if name.startswith(tuple(beginnings) or "")]


if __name__ == "__main__":
    main()
