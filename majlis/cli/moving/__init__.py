"""Taking a whole desk away and setting it up elsewhere: `majlis export` and `majlis import`; see docs/export.md."""
