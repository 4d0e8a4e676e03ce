"""Which machines an address of a dataset may lead to."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from sanitizer_api.problems import ApiError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class RefusedAddressError(ApiError):
    """An address that the registry does not read from."""

    status, name, title = 422, "address-refused", "The registry does not read from there"


@dataclass(frozen=True)
class Networks:
    """The public internet, and the private networks that the settings allow.

    Args:
        allowed: private networks; link-local addresses are never among them, for clouds hand out credentials there.
    """

    allowed: tuple[IpNetwork, ...] = ()

    @classmethod
    def of(cls, setting: str) -> Networks:
        """Those of a setting: parted by commas.

        Raises:
            ValueError: one of them is no network.
        """
        return cls(tuple(ipaddress.ip_network(part.strip()) for part in setting.split(",") if part.strip()))

    def resolved(self, host: str, port: int) -> str:
        """The address to speak to: who connects to it, and not to the name, cannot be led elsewhere afterwards.

        A number for a host is read as the system reads it, so that 2130706433 or 0x7f.1 is 127.0.0.1 here too.

        Raises:
            RefusedAddressError: the name is not known, or any of its addresses may not be reached.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise RefusedAddressError(f"the host {host!r} is not known", hint="Look for a slip in its name.") from None
        for _, _, _, _, place in found:
            if not self.allows(ipaddress.ip_address(str(place[0]).partition("%")[0])):
                raise RefusedAddressError(
                    f"the host {host!r} is in a private network",
                    hint="Whoever runs the registry can allow networks, by SANITIZER_DATASET_NETWORKS.",
                )
        return str(found[0][4][0])

    def allows(self, address: IpAddress) -> bool:
        """Whether an address may be reached."""
        inner = _inner(address)
        if inner.is_link_local or inner.is_multicast or inner.is_unspecified:
            return False
        known = any(inner.version == network.version and inner in network for network in self.allowed)
        return known or (inner.is_global and not inner.is_reserved and not _site_local(inner))


def _inner(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _site_local(address: IpAddress) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address.is_site_local
