"""What the buttons and forms of audits, disputes and reworks carry, about a squad elsewhere."""

from typing import Any

from bot.views import audits, disputes, findings, reworks, rulings


def buttons(of: Any) -> dict[str, str]:
    """Every button: what it carries."""
    about = findings.About(audit_id=of.audit_id).encode()
    disputed = disputes.AboutCase(dispute_id=of.dispute_id, here=True).encode()
    reviewed = rulings.AboutReview(review_id=of.review_id).encode()
    returned = reworks.AboutRework(rework_id=of.rework_id).encode()
    listed = rulings.AboutReviews(dispute_id=of.dispute_id, squad_id=of.squad_id)
    return {
        audits.CHOOSE: audits.Chosen(submission_id=of.submission_id).encode(),
        findings.READ: about,
        findings.ACKNOWLEDGE: about,
        findings.DISPUTE: about,
        disputes.AGAIN: disputed,
        disputes.WITHDRAW: disputed,
        disputes.SHOW: disputed,
        rulings.OPEN: rulings.AboutDispute(dispute_ids=[of.dispute_id]).encode(),
        rulings.REVIEWS: listed.encode(),
        rulings.KEEP: reviewed,
        rulings.TAKE_BACK: reviewed,
        reworks.FIX: returned,
        reworks.CANCEL: returned,
        reworks.SQUAD: reworks.AboutSquad(squad_id=of.squad_id).encode(),
    }


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form: what it says in secret, and what is typed."""
    said = {"dispute_reason": "no"}
    ruled = {"ruling_1_ruling": "upheld", "ruling_1_reason": "no", "ruling_1_section": "4.2"}
    return {
        audits.FORM: (audits.FormState(submission_id=of.submission_id).encode(), {}),
        disputes.FORM: (findings.About(audit_id=of.audit_id).encode(), said),
        disputes.AGAIN_FORM: (disputes.AboutCase(dispute_id=of.dispute_id).encode(), said),
        rulings.FORM: (rulings.Deciding(dispute_ids=[of.dispute_id]).encode(), ruled),
        reworks.FORM: (reworks.AboutRework(rework_id=of.rework_id).encode(), {}),
    }
