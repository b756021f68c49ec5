"""Contact forms: what they ask, what an answer must be, and what keeps machines out."""
