"""Contact forms: their pages, and what somebody fills in."""
