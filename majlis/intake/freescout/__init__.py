"""Moving here from FreeScout: its database is read, its files are copied, nothing there is changed."""
