"""What is wrong with a QRIS code and what to do about it, for people."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.payments.qris.code import QrisCode
from shop.payments.qris.faults import BadQris, QrisFault

_MESSAGES = {
    QrisFault.NOT_QRIS: _l(
        "Kode ini bukan QRIS, mungkin tautan atau kode lain. "
        "Pakai QRIS toko dari bank atau dompet digital Anda."
    ),
    QrisFault.OTHER_COUNTRY: _l(
        "Kode ini dari negara lain, jadi tidak bisa dibayar dengan QRIS di sini. "
        "Pakai QRIS Indonesia dari bank atau dompet digital Anda."
    ),
    QrisFault.OTHER_CURRENCY: _l(
        "Kode ini tidak memakai rupiah. Minta QRIS rupiah dari bank atau dompet digital Anda."
    ),
    QrisFault.NO_ACCOUNT: _l(
        "Di kode ini tidak tertulis rekening penerima, jadi uangnya tidak akan sampai. "
        "Minta QRIS baru dari bank atau dompet digital Anda."
    ),
    QrisFault.INVALID_CRC: _l(
        "Kode ini rusak atau pernah diubah: angka pemeriksanya tidak cocok. "
        "Foto lagi kode yang asli; kalau tetap begini, minta yang baru dari penerbitnya."
    ),
    QrisFault.TRUNCATED: _l(
        "Kode ini terpotong: bagian akhirnya tidak ada. Salin atau foto lagi seluruh kodenya."
    ),
    QrisFault.INVALID_DUPLICATE: _l(
        "Di kode ini ada bagian yang tertulis dua kali, jadi tidak pasti mana yang benar. "
        "Minta QRIS baru dari penerbitnya."
    ),
    QrisFault.BAD_LENGTH: _l(
        "Kode ini salah dibuat: panjang salah satu bagiannya tidak sesuai. "
        "Minta QRIS baru dari penerbitnya."
    ),
    QrisFault.BAD_ORDER: _l(
        "Ada tulisan lain setelah akhir kode ini. Salin atau foto lagi kodenya saja."
    ),
    QrisFault.BAD_CHARACTERS: _l(
        "Di kode ini ada huruf yang tidak boleh dipakai. Salin atau foto lagi kode yang asli."
    ),
    QrisFault.MISSING_FIELD: _l(
        "Kode ini tidak lengkap: ada bagian wajib yang tidak tertulis. "
        "Minta QRIS baru dari penerbitnya."
    ),
    QrisFault.BAD_FIELD: _l(
        "Isi salah satu bagian kode ini tidak sesuai aturan QRIS. Minta QRIS baru dari penerbitnya."
    ),
    QrisFault.BAD_AMOUNT: _l(
        "Jumlahnya harus rupiah bulat, paling sedikit Rp1, tanpa titik dan koma."
    ),
    QrisFault.OVER_LIMIT: _l(
        "Sekali bayar dengan QRIS paling banyak Rp10.000.000. "
        "Pakai transfer bank, atau bagi pembayarannya."
    ),
    QrisFault.ALREADY_DYNAMIC: _l(
        "Kode ini sudah berisi jumlah atau hanya untuk satu kali bayar. "
        "Pakai QRIS tetap, yang jumlahnya diketik pembeli."
    ),
    QrisFault.HAS_TIP: _l(
        "Kode ini menambah biaya atau tip pada pembayaran pembeli, dan itu dilarang. "
        "Minta QRIS tanpa biaya tambahan dari penerbitnya."
    ),
    QrisFault.NO_CODE_FOUND: _l(
        "Tidak ada kode QR yang terbaca di foto ini. Foto lagi lurus dari depan, tidak buram, "
        "dengan cahaya cukup, dan seluruh kotak kode terlihat."
    ),
    QrisFault.SEVERAL_CODES: _l(
        "Ada lebih dari satu QRIS di foto ini. Foto satu saja, yang dipakai toko ini."
    ),
}


def fault_message(refused: BadQris) -> str:
    """What is wrong and what to do, in the reader's language, with the place in the code."""
    said = str(_MESSAGES[refused.fault])
    if refused.fault in (QrisFault.MISSING_FIELD, QrisFault.BAD_FIELD, QrisFault.BAD_LENGTH):
        return f"{said} {gettext('(bagian %(tag)s)', tag=refused.tag)}" if refused.tag else said
    return said


def whose(code: QrisCode) -> str:
    """Whose code it is: name, city and national merchant id, in one line."""
    nmid = code.nmid
    if nmid is None:
        return str(gettext("%(name)s, %(city)s, tanpa NMID", name=code.name, city=code.city))
    return str(
        gettext("%(name)s, %(city)s, NMID %(nmid)s", name=code.name, city=code.city, nmid=nmid)
    )
