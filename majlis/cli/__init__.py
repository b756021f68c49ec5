"""What a person types: starting, stopping, saving, bringing back and checking an installation."""
