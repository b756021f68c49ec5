"""What mail programs write is folded where a person would, in the languages they speak, and nothing is lost."""

from __future__ import annotations

from collections import Counter

import pytest

from majlis.channels.email.quoting import fold

from .samples import Sample, samples

SAMPLES = list(samples())


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda sample: f"{sample.client}-{sample.language}-{sample.name}"
)
def test_a_mail_is_folded_as_its_writer_meant(sample: Sample) -> None:
    found = fold(sample.text)
    assert (found.above, found.text, found.signature, found.quoted) == tuple(
        sample.piece(piece) for piece in ("above", "shown", "signs", "quote")
    )


def test_half_of_the_samples_are_arabic() -> None:
    languages = Counter(sample.language for sample in SAMPLES)
    assert languages["ar"] >= 60
    assert sum(languages.values()) >= 120
    assert len(languages) >= 14
