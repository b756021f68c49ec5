"""The server process: live events natively, every other request over a bridge to Django. It never writes."""
