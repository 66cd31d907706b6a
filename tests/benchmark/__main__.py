"""Print the ratios of every module here. A ratio is our time over the peer's: below 1 we are faster."""

import importlib
import pkgutil

import tests.benchmark


def main() -> None:
    """Run each module's ``measure`` and print its rows."""
    print("ratio = our time / the peer's time, both warm, taken in turns in one run\n")
    for module in sorted(each.name for each in pkgutil.iter_modules(tests.benchmark.__path__)):
        if module == "__main__":
            continue
        for name, ratio, note in importlib.import_module(f"tests.benchmark.{module}").measure():
            print(f"{ratio:8.2f}  {name}\n          {note}")


if __name__ == "__main__":
    main()
