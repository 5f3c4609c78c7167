"""Indonesian and English are complete."""

from __future__ import annotations

from tests.messages import missing


def test_every_word_has_its_english():
    assert missing() == []
