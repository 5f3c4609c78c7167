"""What banks' exports really hold around and between the lines."""

from __future__ import annotations

from datetime import date, time

import pytest

from shop.payments.bank import BadStatement, BankFault, DailyQris, daily_qris, read
from tests.payments.bank.papers import paid, sample, treasurer


def amounts(said: str) -> list[int]:
    return [line.amount for line in read(said.encode()).lines]


def refused(said: str) -> tuple[BankFault, int | None]:
    with pytest.raises(BadStatement) as caught:
        read(said.encode())
    return caught.value.fault, caught.value.line


BCA = "Periode : 30/12/2026 - 02/01/2027\nTanggal Transaksi,Keterangan,Cabang,Jumlah,,Saldo\n"


def test_klikbca_over_new_year_newest_first_and_pending_on_top():
    said = (
        BCA
        + 'PEND,TRSF CR 0201/FTSCY/WS9 1.00 X,0000,"1,000.00",CR,"9,000.00"\n'
        + '01/01,B,0000,"3,000.00",CR,"8,000.00"\n31/12,C,0000,500.00,DB,"5,000.00"\n'
    )
    found = read(said.encode())
    assert found.newest_first
    assert [line.booked_on for line in found.lines] == [
        date(2027, 1, 2),
        date(2027, 1, 1),
        date(2026, 12, 31),
    ]
    assert [line.pending for line in found.lines] == [True, False, False]


def test_a_pending_line_without_a_day_in_its_remark_takes_the_last_of_the_period():
    said = BCA + "'PEND,SWITCHING CR,0000,500.00,CR,500.00\n"
    assert read(said.encode()).lines[0].booked_on == date(2027, 1, 2)


def test_a_pending_line_takes_the_day_its_remark_repeats():
    said = BCA + "'PEND,TRSF CR 0101/FTSCY/WS9 1.00 X,0000,500.00,CR,500.00\n"
    assert read(said.encode()).lines[0].booked_on == date(2027, 1, 1)


def test_klikbca_in_english_with_full_days_and_its_facts_behind_equals_signs():
    said = (
        "Account No.,=,'0000012345\nName,=,PT CONTOH\nCurrency,=,IDR\n\n"
        "Date,Description,Branch,Amount,,Balance\n"
        "'01/08/2026,SETORAN,0000,250000.00,CR,100250000.00\n"
        "'02/08/2026,ADM,0000,50000.00,DB,100200000.00\n\n"
        "Starting Balance,=,100000000.00\nCredit,=,250000.00\nDebet,=,50000.00\n"
        "Ending Balance,=,100200000.00\n"
    )
    found = read(said.encode())
    assert (found.bank, found.account) == ("bca", "0000012345")
    assert [line.amount for line in found.lines] == [250_000, -50_000]
    assert refused(said.replace("Ending Balance,=,1002", "Ending Balance,=,1003")) == (
        BankFault.BALANCE_MISMATCH,
        12,
    )
    assert refused(said.replace("=,100000000.00", "=,100000001.00")) == (
        BankFault.BALANCE_MISMATCH,
        6,
    )


def test_bca_leaves_out_the_letters_of_what_came_in():
    said = BCA + '30/12,A,0000,"1,000.00",,"2,000.00"\n31/12,B,0000,500.00,DB,"1,500.00"\n'
    assert amounts(said) == [1_000, -500]


def test_days_without_a_year_and_no_period_are_refused():
    assert refused(BCA.partition("\n")[2] + "30/12,A,0000,1.00,CR,1.00\n") == (
        BankFault.NO_YEAR,
        2,
    )


def test_another_currency_sets_a_whole_account_aside():
    said = sample("klikbca.csv").decode().replace("Mata Uang : Rp", "Mata Uang : USD")
    found = read(said.encode())
    assert (found.currency, found.lines, len(found.set_aside)) == ("USD", (), 9)


def test_bris_internet_bank():
    said = (
        "PT. BANK RAKYAT INDONESIA (PERSERO) Tbk.\nNo. Rekening : 0000-01-000123-50-9\n\n"
        "Tanggal Transaksi,Uraian Transaksi,Teller,Debet,Kredit,Saldo\n"
        '02/08/26,"SETOR",0000123,"0,00","250.000,00","1.250.000,00"\n'
        '03/08/26,"ADM",0000123,"5.000,00","0,00","1.245.000,00"\n'
        'TOTAL,,,"5.000,00","250.000,00",\n'
    )
    found = read(said.encode())
    assert (found.bank, found.channel, found.account) == ("bri", "internet", "000001000123509")
    assert [line.amount for line in found.lines] == [250_000, -5_000]


def test_mandiris_older_cash_management():
    said = (
        "Account No,1370000123456\nPeriod,01/08/2026 - 31/08/2026\n\n"
        "Posting Date,Remark,Reference No,Debit,Credit,Balance\n"
        '"01 Aug 2026 10:15:30",A,REF1,0.00,"5,000.00","15,000.00"\n'
        '"02 Agustus 2026 10:15:31",B,REF2,"1,000.00",0.00,"14,000.00"\n'
        'Opening Balance,"10,000.00"\nClosing Balance,"14,000.00"\n'
    )
    found = read(said.encode())
    assert (found.bank, found.channel, found.account) == ("mandiri", "mcm", "1370000123456")
    assert [line.time for line in found.lines] == [time(10, 15, 30), time(10, 15, 31)]


def test_one_signed_column_with_its_currency_in_the_heading():
    said = (
        "Rekening: 0000000123456 a.n. PT CONTOH\n\nTanggal;Keterangan;Nominal (IDR);Saldo (IDR)\n"
        "05 Agu 2026;SETOR;+55.500.000,00;56.500.000,00\n04 Agu 2026;ADM;-450.000,00;1.000.000,00\n"
    )
    found = read(said.encode())
    assert [line.amount for line in found.lines] == [55_500_000, -450_000]
    assert found.newest_first


def test_more_columns_and_another_order_do_not_matter():
    said = "No,Saldo,Kredit,Debit,Teller,Uraian,Jam,Tgl\n1,15,5,,9,A,09.14,02/11/26\n"
    line = read(said.encode()).lines[0]
    assert (line.amount, line.balance, line.time, line.description) == (5, 15, time(9, 14), "A")


def test_sums_that_went_out_may_be_written_below_zero():
    said = "Tanggal;Uraian;Debet;Kredit;Saldo\n1/11/26;A;-5;0;95\n1/11/26;B;0;10;105\n"
    assert amounts(said) == [-5, 10]


def test_a_reversal_stands_below_zero_among_others_above():
    said = "Tanggal;Uraian;Debet;Kredit;Saldo\n1/11/26;A;5;0;95\n1/11/26;REV;-5;0;100\n"
    assert amounts(said) == [-5, 5]


def test_headings_and_facts_repeated_on_every_page():
    page = "Halaman 2\nNo. Rekening : 123456\nTanggal;Uraian;Debet;Kredit;Saldo\n"
    said = page + "1/11/26;A;;5;105\nSaldo pindahan;;;;105\n\n" + page + "2/11/26;B;;5;110\n"
    assert amounts(said) == [5, 5]


def test_a_remark_that_goes_on_in_the_next_row_is_joined():
    said = "Tanggal;Uraian;Debet;Kredit\n1/11/26;TRF DARI;;5\n;SITI RAHMAH;;\n2/11/26;B;;7\n"
    found = read(said.encode()).lines
    assert [line.description for line in found] == ["TRF DARI SITI RAHMAH", "B"]


def test_the_day_of_printing_below_the_table_is_no_line():
    said = "Tanggal;Uraian;Debet;Kredit\n1/11/26;A;;5\n\n06/11/2026 10:11;;;\nDicetak oleh X;;;\n"
    assert amounts(said) == [5]


def test_midnight_on_every_line_is_no_time():
    said = "Tanggal;Uraian;Debet;Kredit\n1/11/26 00:00:00;A;;5\n2/11/26 00:00:00;B;;5\n"
    assert [line.time for line in read(said.encode()).lines] == [None, None]


def test_a_line_that_moves_nothing_is_set_aside():
    said = "Tanggal;Uraian;Debet;Kredit\n1/11/26;A;0;0\n2/11/26;B;0;5\n"
    found = read(said.encode())
    assert [line.reason for line in found.set_aside] == [BankFault.NOTHING_MOVED]
    assert len(found.lines) == 1


ROWS = "Tanggal;Uraian;Debet;Kredit;Saldo\n1/11/26;A;;5.000;105.000\n{}\n3/11/26;C;;1.000;106.000\n"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("31/02/26;B;;0;105.000", BankFault.BAD_DAY),
        ("11/13/2026;B;;5.000;110.000", BankFault.BAD_DAY),
        (";B;;5.000;110.000", BankFault.BAD_DAY),
        ("x;B;;y;z", BankFault.BAD_DAY),
        ("2/11/26;B;;lima ribu;105.000", BankFault.BAD_AMOUNT),
        ("2/11/26;B;;=A1+1;105.000", BankFault.BAD_AMOUNT),
        ("2/11/26;B;;1,27E+06;105.000", BankFault.BAD_AMOUNT),
        ("2/11/26;B;;;105.000", BankFault.BAD_AMOUNT),
        ("2/11/26;B;5.000;5.000;105.000", BankFault.BAD_AMOUNT),
        ("2/11/26;B;;5.00;105.000", BankFault.THOUSANDS_MISREAD),
        ("2/11/26 25:61;B;;5.000;110.000", BankFault.BAD_DAY),
        ("2/11/26;B;;5.000;x", BankFault.BAD_AMOUNT),
    ],
)
def test_a_row_that_cannot_be_understood_is_refused_with_its_line(row: str, fault: BankFault):
    assert refused(ROWS.format(row)) == (fault, 3)


def test_a_sum_below_zero_with_its_letter_went_out_once():
    said = "Tanggal;Uraian;Jumlah;D/K\n1/11/26;A;-5;D\n2/11/26;B;5;D\n3/11/26;C;7;K\n"
    assert amounts(said) == [-5, -5, 7]


def test_a_letter_that_means_neither_side_is_refused():
    said = "Tanggal;Uraian;Jumlah;D/K\n1/11/26;A;5;K\n2/11/26;B;5;X\n"
    assert refused(said) == (BankFault.BAD_AMOUNT, 3)


def test_a_missing_letter_is_refused_where_no_balance_can_prove_it():
    said = "Tanggal;Uraian;Jumlah;D/K\n1/11/26;A;5;K\n2/11/26;B;5;\n"
    assert refused(said) == (BankFault.BAD_AMOUNT, 3)


def test_several_accounts_in_one_file_are_refused():
    lines = sample("mandiri_kopra.csv").decode().replace("1090000012345", "1090000099999", 1)
    assert refused(lines) == (BankFault.SEVERAL_ACCOUNTS, 3)


def test_headings_and_no_line():
    assert refused("Tanggal;Uraian;Debet;Kredit\n") == (BankFault.NO_LINES, 1)
    footers = sample("klikbca.csv").splitlines(keepends=True)
    assert refused(b"".join(footers[:7] + footers[16:]).decode()) == (BankFault.NO_LINES, 7)


def test_an_account_without_a_bank_of_its_own_is_general():
    assert read(treasurer(paid(5, -3))).bank == "general"


@pytest.mark.parametrize(
    "said",
    [
        "KR OTOMATIS MID : 885001061193 BUDI MART QR : 5001000.00 DDR : 35007.00",
        "KR OTOMATIS TANGGAL :03/11 MID : 885001061193 QR  :   5001000.00 DDR:      35007.00",
        "KR OTOMATIS MID:885001061193 QR:5,001,000.00 DDR:35,007.00",
        "KR OTOMATIS MID : 885001061193 QR : 5.001.000 DDR : 35.007",
    ],
)
def test_the_acquirers_one_line_for_a_day_of_qris(said: str):
    assert daily_qris(said) == DailyQris("885001061193", 5_001_000, 35_007)


@pytest.mark.parametrize(
    "said",
    [
        "TRSF E-BANKING CR",
        "KR OTOMATIS MID : 885 TGH: 5.00 DDR: 1.00",
        "MID : 1 QR : x DDR : y",
        "MID : 885 QR : 100.50 DDR : 1.00",
        "MID : 885 QR : 1,00,0 DDR : 1.00",
    ],
)
def test_other_lines_settle_no_qris(said: str):
    assert daily_qris(said) is None


def test_a_settlement_is_seen_on_its_line_only_where_money_came_in():
    rest = 'MID : 885 QR : 150000.00 DDR : 1050.00,0000,"148,950.00"'
    said = BCA + f'30/12,KR OTOMATIS {rest},CR,"148,950.00"\n31/12,KR OTOMATIS {rest},DB,0.00\n'
    lines = read(said.encode()).lines
    assert [line.qris for line in lines] == [DailyQris("885", 150_000, 1_050), None]


def test_commas_in_a_remark_without_quotes_shift_no_column():
    said = (
        "Date,Description,Branch,Amount,,Balance\n"
        "'01/08/2026,TRSF, PT ABC, 12,0000,250000.00,CR,100250000.00\n"
        "'02/08/2026,ADM,0000,50000.00,DB,100200000.00\n"
    )
    found = read(said.encode()).lines
    assert [line.amount for line in found] == [250_000, -50_000]
    assert found[0].description == "TRSF, PT ABC, 12"


def test_a_line_that_stands_twice_with_the_banks_number_is_set_aside():
    rows = sample("bni.csv").splitlines(keepends=True)
    found = read(b"".join([*rows, rows[4]]))
    assert [(line.number, line.reason) for line in found.set_aside] == [
        (11, BankFault.STANDS_TWICE)
    ]
    assert len(found.lines) == 9


def test_unnamed_totals_below_the_table_are_no_line():
    said = "Tanggal;Uraian;Debet;Kredit;Saldo\n1/11/26;A;;5;105\n;;0;5;\nRekap;;0;5;105\n"
    assert amounts(said) == [5]


def test_a_balance_stated_with_its_currency_proves_the_first_line():
    said = "Saldo Awal : Rp 100\nTanggal;Uraian;Debet;Kredit;Saldo\n1/11/26;A;;5;105\n"
    assert amounts(said) == [5]
    assert refused(said.replace("Rp 100", "Rp 99")) == (BankFault.BALANCE_MISMATCH, 3)


def test_headings_over_two_rows_and_their_repetition():
    page = "Tanggal;Keterangan;Mutasi;;Saldo\n;;Debet;Kredit;\n"
    said = page + "1/11/26;A;;5;105\n" + page + "2/11/26;B;3;;102\n"
    assert amounts(said) == [5, -3]


def test_two_numbers_beside_each_other_are_not_one_account():
    said = "No. Rekening;123456789;20261101\nTanggal;Uraian;Debet;Kredit\n1/11/26;A;;5\n"
    assert read(said.encode()).account == "123456789"
