"""What the program made use of in this run: gathered by the scenarios, judged when all are done."""

SCOPES: set[str] = set()
"""Scopes that Slack asked for while the whole program, or its dispatcher, was running."""

FEATURES: set[str] = set()
"""Commands, shortcuts and events that somebody used (`command:/audit`, `event:message.im`)."""
