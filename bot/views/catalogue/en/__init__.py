"""English, the language every other catalogue is measured against."""

from bot.views.catalogue.en import (
    charts,
    common,
    dates,
    demo,
    errors,
    outbox,
    projects,
    reports,
    taxonomies,
    timeoff,
)

_MODULES = (charts, common, dates, demo, errors, outbox, projects, reports, taxonomies, timeoff)

SENTENCES: dict[str, str] = {
    key: sentence for module in _MODULES for key, sentence in module.SENTENCES.items()
}
if len(SENTENCES) != sum(len(module.SENTENCES) for module in _MODULES):
    raise RuntimeError("two catalogue modules define the same key")
