"""``records policy …``: the version in force, a new one out of changed rules, what a file of rules would
change, and a file put up for signature."""

import argparse
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from records.context import Records
from records.errors import SettingsError
from records.rules.periods import bureau_time
from records.services import policy, policy_editing
from records.services.policy import Rules
from records.store import policies
from records.store.policies import PolicyRow

Open = Callable[[argparse.Namespace], Records]
_SIMPLE = ("community", "desk", "offices", "identity", "tenancy", "gate", "timeouts")


def add_commands(commands: argparse.ArgumentParser, open_records: Open, common: argparse.ArgumentParser) -> None:
    """Make ``policy`` a command with commands of its own."""
    below = commands.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Records, argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        added = below.add_parser(name, help=text, description=text, parents=[common])
        added.set_defaults(command=lambda options: run(open_records(options), options))
        return added

    command("show", _show, "say which version is in force, until when, and what it offers")
    command("issue", _issue, "make a new version if the rules have changed, without starting the service anew")
    command("import", _import, "put a file of rules up for an account's signature at the console").add_argument(
        "file", type=Path
    )
    command("check", _check, "read a file of rules, and say what it would change").add_argument("file", type=Path)


def _show(records: Records, options: argparse.Namespace) -> None:
    del options
    row = _newest(records)
    if row is None:
        print("There is no policy yet: records policy issue")
        return
    print(_line(row))
    for paper in policy.opened(row).papers:
        print(f"  {paper.kind.value}: {', '.join(each.id for each in paper.purposes)}")


def _issue(records: Records, options: argparse.Namespace) -> None:
    del options
    before, row = _newest(records), policy.issue(records)
    print(
        f"Nothing has changed. {_line(row)}"
        if before == row
        else f"Issued. {_line(row)} Devices fetch it by themselves."
    )


def _import(records: Records, options: argparse.Namespace) -> None:
    """A draft; whoever signs it is the second. SettingsError: the file is no good, or the settings name another."""
    if name := records.settings.policy.file:
        raise SettingsError(f"[policy] file names {name}: change that, and then records policy issue")
    rules = policy.read_rules(options.file)
    if not _changed(records, rules):
        print(f"{options.file} changes nothing: there is nothing to sign.")
        return
    draft_id = policy_editing.begin_with(records, rules)
    print(f"Draft {draft_id} waits for the second signature, at the console under Rules, for seven days.")


def _check(records: Records, options: argparse.Namespace) -> None:
    """Nothing is issued. SettingsError names the line or the field."""
    changed = _changed(records, policy.read_rules(options.file))
    print(f"{options.file} can be used. It would change: {', '.join(changed)}." if changed else "It changes nothing.")


def _changed(records: Records, rules: Rules) -> list[str]:
    """What these would change of those in force; all, where there are none that this release can read."""
    with suppress(ValidationError):
        if row := _newest(records):
            return _changes(policy.opened(row).model_dump(mode="json"), rules.model_dump(mode="json"))
    return ["all"]


def _changes(now: dict[str, Any], then: dict[str, Any]) -> list[str]:
    """What differs, by its name; of papers, by their kind."""
    named = [name for name in _SIMPLE if now[name] != then[name]]
    limits, intake = then["intake"] or {}, now["intake"] or {}
    named += ["intake"] if any(intake.get(name) != limit for name, limit in limits.items()) else []
    old, new = ({each["kind"]: each for each in rules["papers"]} for rules in (now, then))
    kinds = [f"papers ({kind})" for kind in old.keys() | new.keys() if old.get(kind) != new.get(kind)]
    return sorted([*named, *kinds])


def _newest(records: Records) -> PolicyRow | None:
    with records.database.reading() as transaction:
        return policies.newest(transaction)


def _line(row: PolicyRow) -> str:
    until = f"{bureau_time(row.expires_at):%Y-%m-%d %H:%M}"
    return f"Version {row.version}, issued {bureau_time(row.issued_at):%Y-%m-%d %H:%M}, in force until {until}."
