"""Takes intents from the outbox, says them in the recipient's language, sends and settles."""
