"""What a body is by its first bytes, whatever it is called: text, or a file of another kind."""

from __future__ import annotations

from crawler.errors import Reason, Refusal

# Files of other kinds that servers call HTML, by their first bytes (WHATWG MIME Sniffing, 6).
_OTHER_KINDS = (
    (b"%PDF-", "PDF"), (b"\x89PNG\r\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"),
    (b"PK\x03\x04", "ZIP"), (b"\x7fELF", "ELF"), (b"%!PS", "PostScript"), (b"OggS", "Ogg"),
    (b"ID3", "MP3"), (b"RIFF", "RIFF"), (b"wOF", "a font"), (b"MZ\x90", "a program"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
)  # fmt: skip
_PACKED = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd")
# Characters that no text has. A stray one is the page's own affair; of a binary file's beginning
# every tenth byte is one, of UTF-16 that nobody announced every second.
_CONTROL = bytes((*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_SAMPLE = 4_096
_MAX_CONTROL = 0.03
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def refusal_of_kind(body: bytes, content_type: str) -> Refusal | None:
    """Why what is called HTML, or nothing, is no text at all; None for what may be."""
    if body.startswith(_PACKED):
        return Refusal(Reason.BAD_ENCODING, "packed, and it does not say so")
    kind = next((name for start, name in _OTHER_KINDS if body.startswith(start)), None)
    if kind is None and (body[4:8] == b"ftyp" or _is_binary(body, content_type)):
        kind = "MP4" if body[4:8] == b"ftyp" else "a binary file"
    return Refusal(Reason.NOT_HTML, f"{kind}, called HTML") if kind else None


def _is_binary(body: bytes, content_type: str) -> bool:
    if body.startswith(_WIDE_MARKS) or "utf-16" in content_type.lower():
        return False
    sample = body[:_SAMPLE]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control > _MAX_CONTROL * len(sample) + 1
