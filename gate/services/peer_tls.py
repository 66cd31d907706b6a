"""TLS between gates (TLS 1.3, RFC 8446): both ends prove their device key.

A device's certificate is a client's alone (its extended key usage), so that no device can pass for records, and OpenSSL
takes none for a server's. Who answers is therefore known by the key itself, which has to be the one that the snapshot
names and that ``peers`` has followed to the root; TLS proves in any case that the other end holds it (RFC 8446, 4.4.3),
and nothing is said before that is looked at.
"""

import ssl

from cryptography.hazmat.primitives.serialization import Encoding

from backend_client.device_files import DeviceIdentity
from gate.services.peers import KnownPeer


def server_context(identity: DeviceIdentity, peers: tuple[KnownPeer, ...]) -> ssl.SSLContext:
    """Made anew for each connection: its files and the known gates change, and no session outlives them. Raises OSError
    (files, or what they hold)."""
    context = _context(ssl.PROTOCOL_TLS_SERVER, identity)
    authorities = {each.authority.public_bytes(Encoding.PEM).decode("ascii") for each in peers}
    if authorities:
        context.load_verify_locations(cadata="".join(sorted(authorities)))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the authority itself: no other that the root has signed
    context.verify_mode = ssl.CERT_REQUIRED
    context.num_tickets = 0
    return context


def client_context(identity: DeviceIdentity) -> ssl.SSLContext:
    """For a connection whose other end is compared with ``KnownPeer.is_holder_of`` before anything is sent. Raises
    OSError."""
    context = _context(ssl.PROTOCOL_TLS_CLIENT, identity)
    context.check_hostname = False  # an address of the site's network is nobody's name
    context.verify_mode = ssl.CERT_NONE  # see above: the key is compared instead
    return context


def _context(protocol: int, identity: DeviceIdentity) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(identity.certificate, identity.key)
    return context
