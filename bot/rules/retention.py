"""How long each kind of data is kept."""

from enum import StrEnum


class DataKind(StrEnum):
    """Data that is kept for a time of its own."""

    QUESTIONS = "questions"
    MESSAGES = "messages"
    LEDGER = "ledger"
    TIME_OFF = "time_off"
    COACHING = "coaching"
