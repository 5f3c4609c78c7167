"""The words of notifications, by kind. Each kind is a plain name, so that no room is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

WORDS = {
    "seller_approved": _l("Lapak Anda sudah disetujui. Barang Anda sekarang bisa dilihat pembeli."),
    "seller_declined": _l("Lapak Anda belum bisa dibuka: %(reason)s"),
    "seller_suspended": _l("Lapak Anda ditutup sementara: %(reason)s"),
    "seller_bank_changed": _l(
        "Rekening diganti ke %(bank)s …%(last)s. Bukan Anda? Hubungi pendamping sekarang."
    ),
    "person_password": _l("Kata sandi Anda diganti oleh pendamping."),
    "order_new": _l("Pesanan baru dari %(buyer)s, nomor %(number)s."),
    "order_cancelled": _l("%(buyer)s membatalkan pesanan %(number)s."),
    "fee_wanted": _l("%(buyer)s minta diantar, pesanan %(number)s. Sebut ongkosnya."),
    "fee_named": _l("Ongkos antar pesanan %(number)s: %(amount)s. Setuju?"),
    "order_not_brought": _l(
        "%(seller)s tidak bisa mengantar pesanan %(number)s: %(reason)s. "
        "Pesanan ditutup, Anda tidak membayar apa-apa."
    ),
    "complaint_new": _l("%(buyer)s melaporkan masalah di pesanan %(number)s. Baca dan jawab."),
    "complaint_withdrawn": _l("Masalah di pesanan %(number)s sudah beres, kata %(buyer)s."),
    "complaint_written_down": _l(
        "Petugas mencatat masalah Anda di pesanan %(number)s. Uangnya kami tahan dulu."
    ),
    "complaint_answered": _l("Penjual menjawab laporan Anda tentang pesanan %(number)s."),
    "complaint_granted": _l("Keluhan pesanan %(number)s dikabulkan: %(reason)s"),
    "complaint_refused": _l("Keluhan pesanan %(number)s tidak dikabulkan: %(reason)s"),
    "order_called_off": _l("Pesanan %(number)s dari %(buyer)s dibatalkan oleh program."),
    "order_less": _l("Pesanan %(number)s dari %(buyer)s berkurang. Lihat lagi isinya."),
    "order_unanswered": _l("Pesanan %(number)s dari %(buyer)s batal: tidak dijawab tepat waktu."),
    "money_back": _l("%(amount)s dari pesanan %(number)s kembali ke Anda (%(seller)s): %(reason)s"),
    "direct_claimed": _l(
        "Pembeli bilang sudah membayar %(amount)s langsung kepada Anda, pesanan %(number)s. Cek."
    ),
    "rest_asked": _l("Uang untuk pesanan %(number)s kurang. Tinggal %(amount)s lagi."),
    "money_credited": _l("%(amount)s dari pesanan %(number)s jadi saldo Anda."),
    "order_reopened": _l(
        "%(amount)s untuk pesanan %(number)s datang terlambat. Pesanannya dibuka lagi dan lunas."
    ),
    "money_sent": _l("%(amount)s dari pesanan %(number)s sudah dikirim, nomor %(reference)s."),
    "pieces_off": _l("%(pieces)s barang %(seller)s di pesanan %(number)s tidak jadi: %(reason)s"),
    "part_off": _l("%(seller)s tidak jadi mengirim bagiannya di pesanan %(number)s: %(reason)s"),
    "part_not_answered": _l(
        "%(seller)s tidak menjawab tepat waktu. Bagiannya di pesanan %(number)s batal, dan yang"
        " sudah dibayar kembali ke Anda."
    ),
    "product_approved": _l("%(product)s sudah disetujui dan tampil di toko."),
    "product_declined": _l("%(product)s belum bisa tampil: %(reason)s"),
    "consignment_received": _l("%(amount)s dari %(point)s sudah masuk rekening program."),
    "standing_new": _l("%(name)s memesan tiap minggu dari Anda."),
    "standing_changed": _l("%(name)s mengubah pesanan tetapnya."),
    "standing_failed": _l("Pesanan tetap dengan %(name)s untuk %(day)s tidak jadi dibuat."),
    "standing_placed": _l("Pesanan tetap dari %(name)s untuk %(day)s sudah dibuat."),
    "standing_paused": _l("Pesanan tetap dengan %(name)s dijeda. %(reason)s"),
    "standing_resumed": _l("%(name)s melanjutkan pesanan tetapnya."),
    "standing_ended": _l("Pesanan tetap dengan %(name)s diakhiri. %(reason)s"),
    "order_unseen": _l("%(seller)s belum melihat pesanan %(number)s. Tolong telepon."),
    "messages_failed": _l("Ada pesan yang tidak sampai. Lihat siapa yang perlu dihubungi."),
    "order_accepted": _l("%(seller)s menerima pesanan %(number)s dan mulai menyiapkannya."),
    "order_ready": _l("Pesanan %(number)s dari %(seller)s sudah siap."),
    "order_handed_over": _l(
        "Pesanan %(number)s dari %(seller)s sudah diserahkan. Ada masalah? "
        "Laporkan di halaman pesanan."
    ),
    "group_rule": _l("Aturan bagi hasil baru berlaku mulai %(day)s. Lihat siapa yang memutuskan."),
    "group_paid": _l("Bendahara mencatat %(amount)s sudah diberikan kepada Anda. Sudah terima?"),
    "group_disputed": _l("%(name)s mengatakan belum menerima %(amount)s. Tanyakan kepadanya."),
    "card_disputed": _l(
        "Bank kartu mempersoalkan %(amount)s dari pesanan %(number)s. Kalau itu bukan dari Anda, "
        "bilang ke bank Anda dan ke kami."
    ),
    "card_refund_failed": _l(
        "%(amount)s dari pesanan %(number)s tidak sampai ke kartu Anda. Kami kirim cara lain."
    ),
    "dispute_new": _l(
        "%(amount)s dari pesanan %(number)s disengketakan bank pembeli. Kirim bukti."
    ),
    "dispute_lost": _l("Sengketa pesanan %(number)s kalah. Putuskan siapa yang menanggung."),
    "dispute_won": _l("Sengketa pesanan %(number)s menang. Uangnya tidak ditahan lagi."),
    "dispute_borne": _l("Sengketa pesanan %(number)s kalah. Anda menanggung %(amount)s."),
    "sale_disputed": _l(
        "Bank pembeli mempersoalkan pembayaran pesanan %(number)s. Simpan bukti kirimnya; "
        "uangnya ditahan dulu."
    ),
    "payout_paid": _l("%(amount)s sudah dikirim ke %(bank)s …%(last)s."),
    "payout_signed": _l("%(amount)s sudah Anda terima tunai."),
    "order_unpaid_again": _l(
        "Pembayaran pesanan %(number)s dari %(buyer)s ternyata belum masuk. Jangan serahkan dulu."
    ),
    "order_paid_again": _l(
        "Pembayaran pesanan %(number)s dari %(buyer)s sekarang sudah masuk. Silakan lanjutkan."
    ),
    "money_not_there": _l(
        "Uang untuk pesanan %(number)s ternyata belum masuk. Lihat lagi jumlah yang harus dibayar."
    ),
    "payout_not_sent": _l(
        "%(amount)s ternyata belum sampai ke %(bank)s …%(last)s. Kami kirim lagi; "
        "uangnya tidak hilang."
    ),
    "payout_returned": _l(
        "%(amount)s kembali dari %(bank)s …%(last)s. Periksa rekening Anda; uangnya tidak hilang."
    ),
}


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def words(kind: str, detail: Mapping[str, Any]) -> str:
    """A notification in the page's language."""
    if kind not in WORDS:
        return str(gettext("Ada kabar baru."))
    text: str = str(WORDS[kind]) % _Told(detail)
    return text
