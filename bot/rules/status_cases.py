"""Changes of a member's status that take a second person's word."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a proposed change of status stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    DECLINED = "declined"  # the second person did not confirm it
    WITHDRAWN = "withdrawn"  # whoever proposed it took it back
    LIFTED = "lifted"  # it was in force, and the person is reinstated
