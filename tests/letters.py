"""Any letters at all, for tests that make up texts."""

from __future__ import annotations

from hypothesis import strategies as st

# The same as `text()` takes by itself, but that it finds out by encoding every letter there is: seconds for each process.
LETTERS = st.characters(exclude_categories=["Cs"])
