"""What can be chosen about a product, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from shop.catalog.facts import Allergen, Storage
from shop.catalog.states import HalalKind, PermitKind, StockKind

MADE = [
    (StockKind.MADE_TO_ORDER.value, _l("Dibuat kalau ada yang pesan")),
    (StockKind.READY.value, _l("Sudah jadi, tinggal diambil")),
]
STORED = [
    (Storage.ROOM.value, _l("Suhu ruang")),
    (Storage.HOT.value, _l("Hangat, dimakan hari itu")),
    (Storage.CHILLED.value, _l("Di kulkas")),
    (Storage.FROZEN.value, _l("Beku")),
]
ALLERGENS = [
    (Allergen.GLUTEN.value, _l("Gandum (terigu)")),
    (Allergen.EGG.value, _l("Telur")),
    (Allergen.FISH.value, _l("Ikan")),
    (Allergen.SHELLFISH.value, _l("Udang, kepiting, kerang")),
    (Allergen.PEANUT.value, _l("Kacang tanah")),
    (Allergen.SOY.value, _l("Kedelai")),
    (Allergen.MILK.value, _l("Susu")),
    (Allergen.TREE_NUT.value, _l("Kacang mede, kenari, almon")),
    (Allergen.SULPHITE.value, _l("Sulfit")),
]
PERMITS = [
    (PermitKind.NONE.value, _l("Belum ada, atau tidak perlu")),
    (PermitKind.PIRT.value, _l("P-IRT")),
    (PermitKind.BPOM_MD.value, _l("BPOM MD")),
    (PermitKind.FRESH_PRODUCE.value, _l("Hasil kebun segar, tidak perlu izin")),
]
HALAL = [
    (HalalKind.NOT_FOOD.value, _l("Bukan makanan")),
    (HalalKind.CERTIFIED.value, _l("Bersertifikat halal")),
    (HalalKind.IN_PROCESS.value, _l("Sertifikat sedang diurus")),
    (HalalKind.NOT_CERTIFIED.value, _l("Belum bersertifikat")),
    (HalalKind.NON_HALAL.value, _l("Tidak halal")),
]
