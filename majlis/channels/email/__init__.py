"""Mail in and out: reading, threading and quoting are pure; the rest leaves through the outbox."""
