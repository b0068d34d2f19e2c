"""How a membership's roles are joined: by the whole of their key, or SQLite reads all roles."""

from typing import Final

from sqlalchemy import and_

from models import Member, MemberRole

ROLE_OF_MEMBER: Final = and_(
    MemberRole.workspace_id == Member.workspace_id, MemberRole.member_id == Member.id
)
