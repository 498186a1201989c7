"""Items, equipment and systems (chapters 7 to 9): what the hall offers, and with what."""
