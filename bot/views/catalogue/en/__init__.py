"""English, the language every other catalogue is measured against."""

from bot.views.catalogue.en import (
    audits,
    blockers,
    charts,
    coaching,
    common,
    dates,
    demo,
    digests,
    edge_cases,
    errors,
    escalations,
    figures,
    forecasts,
    gaps,
    guidelines,
    home,
    imports,
    outbox,
    projects,
    questions,
    reports,
    schedules,
    squads,
    taxonomies,
    time,
    timeoff,
    verified,
    workspaces,
)

_MODULES = (
    audits,
    blockers,
    charts,
    coaching,
    common,
    dates,
    demo,
    digests,
    edge_cases,
    errors,
    escalations,
    figures,
    forecasts,
    gaps,
    guidelines,
    home,
    imports,
    outbox,
    projects,
    questions,
    reports,
    schedules,
    squads,
    taxonomies,
    time,
    timeoff,
    verified,
    workspaces,
)

SENTENCES: dict[str, str] = {
    key: sentence for module in _MODULES for key, sentence in module.SENTENCES.items()
}
if len(SENTENCES) != sum(len(module.SENTENCES) for module in _MODULES):
    raise RuntimeError("two catalogue modules define the same key")
