"""What is wrong with a bank statement and what to do about it, for people."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.payments.bank.faults import BadStatement, BankFault

_MESSAGES = {
    BankFault.EMPTY_FILE: _l("Berkas ini kosong. Unduh lagi mutasinya dari bank."),
    BankFault.TOO_LARGE: _l(
        "Berkas ini terlalu besar. Unduh mutasi untuk waktu yang lebih pendek, paling besar 5 MB."
    ),
    BankFault.UNSUPPORTED_FILE: _l(
        "Berkas jenis ini tidak bisa dibaca. "
        "Unduh mutasi sebagai CSV atau XLSX, bukan PDF, gambar, atau XLS lama."
    ),
    BankFault.BROKEN_WORKBOOK: _l(
        "Berkas XLSX ini rusak atau terkunci kata sandi. "
        "Buka dan simpan lagi tanpa kata sandi, atau unduh sebagai CSV."
    ),
    BankFault.WRONG_ENCODING: _l(
        "Huruf di berkas ini tidak terbaca. "
        "Simpan lagi sebagai CSV UTF-8, atau unduh lagi dari bank."
    ),
    BankFault.UNCLOSED_QUOTE: _l(
        "Ada tanda kutip yang tidak ditutup, jadi baris sesudahnya tidak terbaca. "
        "Unduh lagi berkasnya, jangan ubah isinya."
    ),
    BankFault.NOT_A_STATEMENT: _l(
        "Di berkas ini tidak ada tabel mutasi. Periksa apakah berkasnya benar."
    ),
    BankFault.UNKNOWN_HEADINGS: _l(
        "Judul kolom berkas ini tidak dikenal. "
        "Tentukan sekali kolom mana yang berisi tanggal, keterangan, dan jumlah."
    ),
    BankFault.BAD_MAP: _l(
        "Susunan kolom tidak cocok dengan berkas ini, atau tidak lengkap. Periksa kolomnya."
    ),
    BankFault.NO_LINES: _l(
        "Berkas ini tidak berisi satu pun mutasi. Pilih tanggal lain, lalu unduh lagi."
    ),
    BankFault.BAD_DAY: _l("Tanggal di baris ini tidak terbaca."),
    BankFault.NO_YEAR: _l(
        "Tanggalnya tanpa tahun, dan di atas tabel tidak ada periode. "
        "Unduh lagi lengkap dengan baris Periode."
    ),
    BankFault.BAD_TIME: _l("Jam di baris ini tidak terbaca."),
    BankFault.BAD_AMOUNT: _l(
        "Jumlah di baris ini tidak terbaca, atau tidak jelas masuk atau keluar."
    ),
    BankFault.THOUSANDS_MISREAD: _l(
        "Titik dan koma di berkas ini dipakai bergantian untuk ribuan dan sen, "
        "jadi jumlahnya tidak pasti. Unduh lagi dari bank, atau tentukan tandanya."
    ),
    BankFault.BALANCE_MISMATCH: _l(
        "Saldo di baris ini tidak sesuai dengan saldo sebelumnya dan jumlahnya. Mungkin ada baris "
        "yang hilang atau diubah. Unduh lagi berkasnya dari bank."
    ),
    BankFault.SEVERAL_ACCOUNTS: _l(
        "Berkas ini berisi lebih dari satu rekening. Unduh satu rekening saja."
    ),
    BankFault.NOT_WHOLE_RUPIAH: _l("Jumlahnya bukan rupiah bulat. Periksa sendiri baris ini."),
    BankFault.OTHER_CURRENCY: _l("Baris ini bukan rupiah. Periksa sendiri baris ini."),
    BankFault.NOTHING_MOVED: _l("Jumlahnya nol, jadi tidak ada uang yang masuk atau keluar."),
    BankFault.STANDS_TWICE: _l(
        "Nomor, waktu, dan jumlahnya sama dengan baris sebelumnya di berkas ini. "
        "Periksa apakah ini satu pembayaran atau dua."
    ),
}


def fault_message(refused: BadStatement) -> str:
    """What is wrong and what to do, in the reader's language, with the line and what is there."""
    said = reason_message(refused.fault)
    if refused.line and refused.found:
        place = gettext("Baris %(line)d, “%(found)s”.", line=refused.line, found=refused.found)
    elif refused.line:
        place = gettext("Baris %(line)d.", line=refused.line)
    elif refused.found:
        place = f"“{refused.found}”."
    else:
        return said
    return f"{said} {place}"


def reason_message(reason: BankFault) -> str:
    """What is wrong, without a place: also why a line was set aside."""
    return str(_MESSAGES[reason])
