"""Messages as they really arrive, byte by byte, and what each of them says."""
