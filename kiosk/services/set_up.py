"""What the steps before a kiosk's first start leave on the disk besides what every terminal has (terminal.set_up): the
list that is carried for times without a link.
"""

from pathlib import Path

from cryptography import x509

from forms.carried import held_in
from forms.trust import TrustStore
from terminal.set_up import day_of


def carried(folder: Path, root_pem: str) -> str:
    """Of what day the carried list is, if there is one. Raises CarriedListError for one that can't be used."""
    trust = TrustStore(x509.load_pem_x509_certificate(root_pem.encode("ascii")), ())
    held, _ = held_in(folder, trust)
    return f"of {day_of(held.made_at)}" if held is not None else "none yet; records send one"
