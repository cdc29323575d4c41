"""The desk visits public addresses only, whatever a procedure names."""

import pytest

from knowledge.forms.addresses import is_loopback, public_target
from knowledge.forms.kinds import Unfit


async def target(url: str, *numbers: str, loopback: bool = False) -> str:
    async def resolver(_host: str, _port: int) -> list[str]:
        return list(numbers)

    return (await public_target(url, loopback=loopback, resolver=resolver)).url


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - told to be refused, not bound
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "2002:0a00:0001::1",
        "64:ff9b::a00:1",
        "ff02::1",
        "nonsense",
    ],
)
async def test_what_is_not_public_is_refused(number: str) -> None:
    with pytest.raises(Unfit, match="mạng nội bộ"):
        await target("https://portal.example/form", number)
    with pytest.raises(Unfit):
        await target("https://portal.example/form", "203.162.0.10", number)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.example/x",
        "gopher://a.example",
        "https://",
        "javascript:x",
        "",
        "https://u:p@a.vn/",
    ],
)
async def test_only_web_addresses_without_a_password_are_visited(url: str) -> None:
    with pytest.raises(Unfit):
        await target(url, "203.162.0.10")


async def test_the_name_is_kept_beside_the_number_it_had() -> None:
    async def resolver(_host: str, _port: int) -> list[str]:
        return ["203.162.0.10"]

    found = await public_target("https://portal.example:8443/a?b=c", resolver=resolver)

    assert found.url == "https://203.162.0.10:8443/a?b=c"
    assert found.headers == {"Host": "portal.example:8443"}
    assert found.extensions == {"sni_hostname": "portal.example"}
    assert await target("https://portal.example/a", "2001:ee0::1") == "https://[2001:ee0::1]/a"


async def test_this_machine_is_visited_only_when_allowed() -> None:
    assert await target("http://localhost:81/a", "127.0.0.1", loopback=True) == "http://127.0.0.1:81/a"
    with pytest.raises(Unfit):
        await target("http://intranet/a", "10.0.0.1", loopback=True)


def test_loopback_is_told_from_the_address_itself() -> None:
    assert all(map(is_loopback, ("http://127.0.0.1:1/x", "http://localhost/x", "http://[::1]/x")))
    assert not is_loopback("https://dichvucong.gov.vn/api/v1")
