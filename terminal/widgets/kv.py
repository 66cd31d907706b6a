"""Loads the layout that stands beside a module."""

from pathlib import Path

from kivy.lang import Builder


def load_kv(module_file: str) -> None:
    """Load the .kv file of the module's own stem, once per module."""
    Builder.load_file(str(Path(module_file).with_suffix(".kv")), rulesonly=True, encoding="utf-8")
