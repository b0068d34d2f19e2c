"""Small exports in the form that Label Studio writes them, made here."""

import json
from typing import Any


def choice(*words: str, name: str = "sentiment") -> dict[str, Any]:
    """The result of a choice about the whole task."""
    return {
        "value": {"choices": list(words)},
        "id": f"c-{name}",
        "from_name": name,
        "to_name": "text",
        "type": "choices",
        "origin": "manual",
    }


def span(label: str, text: str | None, key: str) -> dict[str, Any]:
    """A marked span of text, or of sound without its words."""
    value: dict[str, Any] = {"start": 0, "end": 4, "labels": [label]}
    if text is not None:
        value["text"] = text
    return {"value": value, "id": key, "from_name": "ner", "to_name": "text", "type": "labels"}


def box(label: str, key: str) -> dict[str, Any]:
    """A box on an image."""
    value = {"x": 1.5, "y": 2, "width": 3, "height": 4, "rectanglelabels": [label]}
    return {"value": value, "id": key, "from_name": "box", "to_name": "image"} | {
        "type": "rectanglelabels"
    }


def annotation(key: Any = 11, by: Any = 5, **changed: Any) -> dict[str, Any]:
    """One annotation of the JSON form."""
    return {
        "id": key,
        "completed_by": by,
        "result": [choice("cat")],
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-03-02T08:00:00.123456Z",
        "updated_at": "2026-03-02T09:00:00.654321Z",
        "lead_time": 12.5,
        "prediction": {},
        "result_count": 1,
        **changed,
    }


def task(key: Any, *annotations: Any, **changed: Any) -> dict[str, Any]:
    """One task of the JSON form."""
    return {
        "id": key,
        "annotations": list(annotations),
        "drafts": [],
        "predictions": [],
        "data": {"text": "A cat sat."},
        "meta": {},
        "created_at": "2026-03-01T08:00:00Z",
        "updated_at": "2026-03-02T09:00:00Z",
        **changed,
    }


def flat(key: Any = 7, **changed: Any) -> dict[str, Any]:
    """One annotation of the JSON-MIN form."""
    return {
        "text": "A cat sat.",
        "id": key,
        "sentiment": "cat",
        "annotator": 5,
        "annotation_id": 11,
        "created_at": "2026-03-02T08:00:00.123456Z",
        "updated_at": "2026-03-02T09:00:00.654321Z",
        "lead_time": 12.5,
        **changed,
    }


def listed(*items: Any) -> bytes:
    """A file of one JSON list, in one line."""
    return json.dumps(items).encode()
