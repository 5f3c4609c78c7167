"""The compiled catalogue: processes that start at the same moment write it each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo

from shop.core import i18n

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
SOURCE = HEAD + '\nmsgid "a"\nmsgstr "b"\n'


def test_two_that_start_at_once_both_write_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in i18n.LANGUAGES[1:]:
        (tmp_path / code).mkdir()
        (tmp_path / code / "all.po").write_text(SOURCE)
    others: list[bool] = []

    def write_beside_another(file: Any, catalogue: Any) -> None:
        if not others:
            others.append(True)
            i18n.compile_catalogues()
        write_mo(file, catalogue)

    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path)
    monkeypatch.setattr(i18n, "write_mo", write_beside_another)
    i18n.compile_catalogues()

    for code in i18n.LANGUAGES[1:]:
        assert [file.name for file in (tmp_path / code / "LC_MESSAGES").iterdir()] == [
            "messages.mo"
        ]
