"""Which addresses may be fetched: public ones, so that nobody can make the desk look into the office's own network."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from knowledge.forms.kinds import Unfit

Resolve = Callable[[str, int], Awaitable[list[str]]]
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked at: the URL with its number in place of its name, and how to name it again."""

    url: str
    headers: dict[str, str]
    extensions: dict[str, Any]


async def resolve(host: str, port: int) -> list[str]:
    """The numbers of a name. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _, _, _, _, address in found]


async def public_target(url: str, *, loopback: bool = False, resolver: Resolve = resolve) -> Target:
    """The address with its name resolved once, so that it cannot change between the look and the visit.

    loopback: this machine is allowed too. Raises Unfit; OSError if the name cannot be resolved.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Unfit("địa chỉ không đọc được") from error
    if parsed.scheme not in _PORTS or not parsed.host or parsed.userinfo:
        raise Unfit("địa chỉ không phải http, https")
    numbers = await resolver(parsed.host, parsed.port or _PORTS[parsed.scheme])
    if not numbers or not all(_allowed(number, loopback=loopback) for number in numbers):
        raise Unfit("địa chỉ nằm trong mạng nội bộ")
    name = parsed.netloc.decode()
    return Target(
        url=str(parsed.copy_with(host=numbers[0].split("%")[0])),
        headers={"Host": name},
        extensions={"sni_hostname": parsed.host} if parsed.scheme == "https" else {},
    )


def is_loopback(url: str) -> bool:
    """True for an address of this machine written as a number or as localhost."""
    host = httpx.URL(url).host
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _allowed(number: str, *, loopback: bool) -> bool:
    try:
        address = ipaddress.ip_address(number.split("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return _allowed(str(address.ipv4_mapped), loopback=loopback)
        # Each of these carries an IPv4 address that may be private.
        if address.sixtofour or address.teredo or address in _TRANSLATED:
            return False
    if address.is_loopback:
        return loopback
    return address.is_global and not address.is_multicast
