"""Cases that the guidelines do not settle, with their rulings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEdgeCase:
    """A case to be logged; `version` names the guidelines it was ruled under."""

    project_id: int
    squad_id: int | None
    title: str
    ruling: str
    section: str | None
    version: str | None
    ruled_by: int
    examples: str | None = None
    task: str | None = None
    escalation_id: int | None = None
    finding_id: int | None = None
