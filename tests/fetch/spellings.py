"""Spellings of addresses that no crawl may reach, as they are found in lists for pentesters.

None needs a name server: where a spelling is no address for the system, it must be no host at all.
"""

from __future__ import annotations

from typing import Final

_LOOPBACK = """
    127.0.0.1 127.0.0.1. 127.1 127.0.1 0177.0.1 127.0.0.01 0177.0.0.1 0177.0.0.01 0177.1
    00000177.0.0.1 0x7f.0.0.1 0x7f.1 0X7F.0X0.0X0.0X1 0x7f000001 0x7F000001 2130706433
    017700000001 0017700000001 127.00.000.0001 127.0.0.0x1 127.255.255.254 127.127.127.127
    localhost LOCALHOST LocalHost localhost. gazette.localhost a.b.localhost gazette.LOCALHOST
    127%2e0%2e0%2e1 %31%32%37.0.0.1 %6c%6f%63%61%6c%68%6f%73%74 １２７.０.０.１ ①②⑦.⓪.⓪.①
    127。0。0。1 127．0．0．1 127｡0｡0｡1 ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ
    user@127.0.0.1 example.com@127.0.0.1 user:pass@localhost example.com%40@127.0.0.1
    [::1] [::0001] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001]
    [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1] [::ffff:0:127.0.0.1]
    [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [::1%25lo]
"""
_UNSPECIFIED = "0 0.0.0.0 0.0 00000000 0x0 [::] [::ffff:0.0.0.0] 0.0.0.1"
_PRIVATE = """
    10.0.0.1 10.1 012.0.0.1 0x0a000001 167772161 172.16.0.1 172.31.255.254 2886729729 192.168.0.1
    192.168.1 3232235521 0xc0a80001 [::ffff:10.0.0.1] [fc00::1] [fd00::1] [fec0::1] 100.64.0.1
    198.18.0.1 192.0.0.8
"""
_METADATA = """
    169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 169.16689662
    [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [64:ff9b::a9fe:a9fe] [2002:a9fe:a9fe::]
    [fe80::1] [fd00:ec2::254] 100.100.100.200 168.63.129.16 169.254.170.2 192.0.0.192
"""
_OTHER = "224.0.0.1 239.255.255.250 255.255.255.255 240.0.0.1 [ff02::1] 192.88.99.1"

SPELLINGS: Final = tuple(" ".join((_LOOPBACK, _UNSPECIFIED, _PRIVATE, _METADATA, _OTHER)).split())
