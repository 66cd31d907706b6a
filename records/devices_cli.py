"""``records enrol``, ``approve``, ``refuse``, ``devices`` and ``revoke``: machines, and who lets them in."""

import argparse
import sys
from collections.abc import Callable

from backend_client.contract.devices import DeviceKind
from records.cli_words import time
from records.context import Records
from records.services import devices as trust
from records.services import enrolment
from records.store import devices
from records.store.devices import DeviceRow

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_commands(add: Add, open_records: Open) -> None:
    """Add them to the command line's own."""

    def command(name: str, run: Callable[[Records, argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        return add(name, lambda options: run(open_records(options), options), text)

    enrolling = command("enrol", _enrol, "print a one-time code with which a machine asks to be let in")
    enrolling.add_argument("--kind", choices=[kind.value for kind in DeviceKind], required=True)
    enrolling.add_argument("--name", required=True, help="where it stands, in your own words")
    for name, run, text in (
        ("approve", _approve, "let in the machine whose own screen shows this fingerprint"),
        ("refuse", _refuse, "send that machine away"),
    ):
        command(name, run, text).add_argument("fingerprint", help="its beginning, at least two groups of four")
    command("devices", _devices, "list the devices, and the machines that wait to be let in")
    command("revoke", _revoke, "refuse a device from now on").add_argument("device", help="its number or its name")


def _enrol(records: Records, options: argparse.Namespace) -> None:
    print(enrolment.new_code(records, DeviceKind(options.kind), options.name))
    print(
        f"With this code one {options.kind} may ask within ten minutes. It then shows a fingerprint: compare it, and "
        "let it in on the console's page of devices, or with: records approve FINGERPRINT",
        file=sys.stderr,
    )


def _approve(records: Records, options: argparse.Namespace) -> None:
    device = enrolment.approve(records, options.fingerprint)
    print(f"{device.name} is let in as {device.device_id}.")


def _refuse(records: Records, options: argparse.Namespace) -> None:
    code = enrolment.refuse(records, options.fingerprint)
    print(f"{code.name} is not let in, and its code is used up.")


def _devices(records: Records, options: argparse.Namespace) -> None:
    del options
    with records.database.reading() as transaction:
        rows = devices.every(transaction)
    waiting = enrolment.waiting(records)
    for each in rows:
        print(_line(each))
    for code in waiting:
        print(f"waits to be let in  {code.name}  {code.kind}  {code.fingerprint}  since {time(code.used_at)}")
    if not rows and not waiting:
        print("No device is enrolled.")


def _line(device: DeviceRow) -> str:
    state = f"revoked {time(device.revoked_at)}" if device.revoked_at else "enrolled"
    seen = f"last seen {time(device.last_seen_at)}" if device.last_seen_at else "never seen"
    ends = f"certificate until {time(device.certificate_until)}"
    return f"{device.device_id}  {device.name}  {state}  {seen}  {ends}"


def _revoke(records: Records, options: argparse.Namespace) -> None:
    device = trust.revoke(records, options.device)
    print(f"{device.device_id} is revoked: its next request is refused, and what it left open is void.")
