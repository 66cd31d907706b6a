"""What a print server (cupsd) keeps of its jobs, as its own settings say: a resident's page has no place on its disk.

Settings: cupsd.conf(5) and cups-files.conf(5). A directive is one line, its name in any case; the last one counts.
"""

from pathlib import Path

_NO = {"no", "off", "false", "0"}
_LONGEST_HISTORY_S = 600  # long enough to ask how a job ended
_UNITS_S = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_IN_MEMORY = {"tmpfs", "ramfs"}
_MOUNTS = Path("/proc/mounts")


def kept_by(settings: Path, mounts: Path = _MOUNTS) -> list[str]:
    """Why the server whose folder of settings this is may not have a resident's page, all of it; empty: it keeps none.

    ``mounts``: which file systems there are, as proc(5) lists them.
    """
    try:
        server, files = (_directives(settings / name) for name in ("cupsd.conf", "cups-files.conf"))
        file_systems = _file_systems(mounts)
    except OSError:
        return ["print-queue-settings-unreadable"]
    spool = files.get("requestroot", "/var/spool/cups")
    folders = (spool, files.get("tempdir", f"{spool}/tmp"))  # noqa: S108 - cupsd's own, below its spool
    found = {
        "print-queue-keeps-documents": server.get("preservejobfiles", "86400").lower() not in _NO,
        "print-queue-keeps-history": _seconds(server.get("preservejobhistory", "yes")) > _LONGEST_HISTORY_S,
        "print-queue-spool-is-on-disk": not all(_type(Path(each), file_systems) in _IN_MEMORY for each in folders),
    }
    return [code for code, is_so in found.items() if is_so]


def _directives(file: Path) -> dict[str, str]:
    """Names in lower case, and what follows them. Sections (``<Policy>``) have none of those we look for."""
    lines = (line.split(None, 1) for line in file.read_text("utf-8", "replace").splitlines())
    return {name.lower(): value.strip() for name, *rest in filter(None, lines) for value in rest}


def _seconds(value: str) -> float:
    """How long, as cupsd reads it: a number with or without a unit, or for ever."""
    number = value.lower().rstrip("smhdw")
    if value.lower() in _NO:
        return 0
    unit = value.lower().removeprefix(number)
    return int(number) * _UNITS_S[unit] if number.isdigit() and unit in _UNITS_S else float("inf")


def _file_systems(mounts: Path) -> dict[Path, str]:
    """Where each is mounted, and its type; a later one covers an earlier."""
    lines = (line.split() for line in mounts.read_text("utf-8", "replace").splitlines())
    return {Path(where): kind for _device, where, kind, *_options in filter(None, lines)}


def _type(folder: Path, file_systems: dict[Path, str]) -> str:
    """Of the file system that a folder is on, or will be."""
    real = folder.resolve()
    on = max(
        (each for each in file_systems if real.is_relative_to(each)), key=lambda each: len(each.parts), default=None
    )
    return file_systems[on] if on else ""
