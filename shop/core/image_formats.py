"""What can be told about an image file from its first bytes, before anything is decoded."""

from __future__ import annotations

_PHOTO_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_PHOTO_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")

# Animated, drawn, printed or filmed: refused, but by their name. GIF is among them because what
# people send as GIF is a sticker or an animation, never a photo of the goods.
_OTHER_STARTS = (
    b"GIF8",
    b"BM",  # BMP
    b"II*\0",  # TIFF and raw photos
    b"MM\0*",
    b"8BPS",  # Photoshop
    b"%PDF",
    b"%!PS",
    b"\0\0\0\x0cjP  ",  # JPEG 2000
    b"\xff\x4f\xff\x51",
    b"\0\0\0\x0cJXL ",  # JPEG XL
    b"\xff\x0a",
    b"\0\0\1\0",  # icons
    b"\x1aE\xdf\xa3",  # WebM
    b"PK\3\4",  # Office documents
)
_HEIF_HEAD = 1 << 20


def looks_like_photo(data: bytes) -> bool:
    """Whether the file starts as JPEG, PNG, WebP, AVIF or HEIF do; the rest may be anything."""
    if data[4:8] == b"ftyp":
        brands = data[8 : int.from_bytes(data[:4], "big")][:256]
        return any(brand in brands for brand in _PHOTO_BRANDS)
    return data.startswith(_PHOTO_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def looks_like_other_media(data: bytes) -> bool:
    """Whether the file is a picture, film or document of a kind the shop does not take."""
    return data.startswith(_OTHER_STARTS) or data[4:8] == b"ftyp" or b"<svg" in data[:1024].lower()


def decodes_in_one_pass(jpeg: bytes) -> bool:
    """Whether a JPEG is read row by row: sequential, with all its components in the first scan.

    Of any other kind (progressive above all) the decoder keeps every coefficient of the whole
    picture in memory, however small the picture is asked to be. Markers: ITU-T T.81, annex B.
    """
    components, start = _first_scan(jpeg)
    return components > 0 and jpeg[start + 4 : start + 5] == bytes([components])


def scans(jpeg: bytes) -> int:
    """How many scans a JPEG holds, or a few more; each is a pass over the whole picture."""
    return jpeg.count(b"\xff\xda", _first_scan(jpeg)[1])


def _first_scan(jpeg: bytes) -> tuple[int, int]:
    """Components of a sequential, Huffman-coded picture (else 0), and where its scans begin."""
    at, components = 2, 0
    while jpeg[at : at + 1] == b"\xff" and len(jpeg) > at + 9:
        marker = jpeg[at + 1]
        if marker == 0xDA:  # start of scan
            return components, at
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker in (0xC0, 0xC1):  # start of a sequential frame
            components = jpeg[at + 9]
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return 0, min(at, len(jpeg))


def is_turned_by_container(heif: bytes) -> bool:
    """Whether a HEIF file says by its own boxes how it is turned (ISO/IEC 23008-12, 6.5.10).

    The decoder has then turned it already. EXIF counts only where these boxes are absent.
    """
    head = heif[:_HEIF_HEAD]
    return b"irot" in head or b"imir" in head
