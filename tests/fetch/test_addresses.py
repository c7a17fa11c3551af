from __future__ import annotations

from ipaddress import ip_address

import pytest

from crawler.errors import ConfigurationError
from crawler.fetch.addresses import EVERYWHERE, address_in, is_loopback, is_public, opened

PRIVATE = """
    0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.0.0.8 192.0.2.1 192.88.99.1
    192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255
    168.63.129.16 :: ::1 ::ffff:8.8.8.8 ::8.8.8.8 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1
    2001:db8::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fe80::1 fec0::1 ff02::1 2606:4700::1%lo
"""


@pytest.mark.parametrize("address", ["1.1.1.1", "11.0.0.1", "172.32.0.1", "2606:4700::1111"])
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE.split())
def test_one_of_a_private_network_or_wrapped_in_another_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1.", "１２７。０。０。１",
             "LocalHost", "a.localhost."]
)  # fmt: skip
def test_an_address_is_known_in_every_spelling(host: str) -> None:
    assert str(address_in(host)).startswith("127.0.0.")


@pytest.mark.parametrize(
    "host", ["gazette.example", "127.0.0.1.example", "", "1.2.3.4.5", "[", "a:b"]
)
def test_a_name_is_no_address(host: str) -> None:
    assert address_in(host) is None


@pytest.mark.parametrize("value", [True, 1, "1", "true", "Yes"])
def test_everything_can_be_opened(value: object) -> None:
    assert opened(value) == EVERYWHERE


@pytest.mark.parametrize("value", [False, 0, "0", "false", "no", "", None, []])
def test_nothing_is_open_by_default(value: object) -> None:
    assert opened(value) == ()


@pytest.mark.parametrize("value", ["10.1.0.0/16, fd00::/8", ["10.1.0.0/16", "fd00::/8"]])
def test_networks_can_be_opened_by_themselves(value: object) -> None:
    assert [str(network) for network in opened(value)] == ["10.1.0.0/16", "fd00::/8"]


def test_what_is_no_network_is_told_with_what_to_give() -> None:
    with pytest.raises(ConfigurationError, match=r"ALLOW_PRIVATE_HOSTS=intranet: .* give 1, 0, or"):
        opened("intranet")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("gazette.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("notlocalhost", False),
        ("localhost.example", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_a_host_is_this_machine_by_its_name_or_address(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
