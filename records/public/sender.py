"""Whose request it is, for what one address may do: the other end's, or whom the one proxy that is believed names."""

import ipaddress

from fastapi import Request


def address_of(request: Request, proxy: str) -> str:
    """The sender's address. Of what ``proxy`` forwards, the last it names: what stands before, anybody can write."""
    peer = request.client.host if request.client else ""
    if not proxy or peer != proxy:
        return peer
    named = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(named))
    except ValueError:
        return peer
