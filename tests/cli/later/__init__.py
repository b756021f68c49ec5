"""An app of a later version, whose migration goes wrong as MAJLIS_TEST_MIGRATION says."""
