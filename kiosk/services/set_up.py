"""What the steps before a kiosk's first start leave on the disk besides what every terminal has (terminal.set_up): the
PIN, and the list that is carried for times without a link.
"""

from pathlib import Path

from cryptography import x509

from forms.carried import held_in
from forms.trust import TrustStore
from kiosk.services.pin import PinFile
from terminal.set_up import SetUpError, day_of, require_own


def pin(path: Path) -> str:
    """That there is one."""
    if path.is_file():
        require_own(path)
    if not PinFile(path).is_set():
        raise SetUpError("none that can be matched: set-pin first")
    return "set"


def carried(folder: Path, root_pem: str) -> str:
    """Of what day the carried list is, if there is one. Raises CarriedListError for one that can't be used."""
    trust = TrustStore(x509.load_pem_x509_certificate(root_pem.encode("ascii")), ())
    held, _ = held_in(folder, trust)
    return f"of {day_of(held.made_at)}" if held is not None else "none yet; records send one"
