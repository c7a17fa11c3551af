"""Documents that were whole once: cut, spliced and sprinkled with bytes that do not belong."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

_DEBRIS = [
    b"<",
    b">",
    b"&",
    b'"',
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"</",
    b"\x00",
    b"\xff",
    b"{",
    b"]",
]
_DEBRIS += [b"&#0;", b"&#x110000;", b"<a href='http://['>", b"\x1f\x8b", b"9" * 400, "é".encode()]


@st.composite
def mutations(draw: st.DrawFn, documents: Sequence[str]) -> bytes:
    """One of the documents with up to six places overwritten, then perhaps cut short."""
    body = draw(st.sampled_from(documents)).encode()
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(body)))
        removed = draw(st.integers(0, 30))
        body = body[:start] + draw(st.sampled_from(_DEBRIS)) + body[start + removed :]
    return body[: draw(st.none() | st.integers(0, len(body)))]
