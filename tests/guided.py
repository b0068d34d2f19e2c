"""A scene whose project has guidelines, for what is asked and answered."""

from collections.abc import Mapping
from pathlib import Path

from bot.rules.guidelines import GuidelinesImported, GuidelinesRequest
from tests.scenes import Scene

BASE = "https://guide.example"

PAGES = {
    "vehicles.md": """# Vehicles

## 4.1 Cars

Draw the box around the car as a whole, mirrors included. A car that pulls a trailer is boxed
without the trailer.

## 4.2 Trucks

A truck has a load area. Pickups with an open load area are trucks; pickups with a hard cover are
cars.

## 4.3 Bicycles

A bicycle is boxed with its rider. A parked bicycle is boxed alone.
""",
    "occlusion.md": """# Occlusion

## 5.1 Partly hidden objects

Box the part that you see. Guess no hidden edges. Where more than three quarters are hidden, leave
the object out.

## 5.2 Reflections

Mirrors and shop windows show reflections. Reflections are never boxed.
""",
    "night.md": """# Night scenes

## 6.1 Headlights

Where only headlights are visible, box the headlights and set the attribute lights_only.

## 6.2 Glare

Frames in which glare covers half of the picture are skipped with the reason glare.
""",
    "people.md": """# People

## 7.1 Pedestrians

Everybody on foot is a pedestrian, also children who are carried: they get a box of their own.

## 7.2 Groups

From six people who stand close together on, draw one box and set the attribute group.
""",
}


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


async def load(
    scene: Scene, folder: Path, pages: Mapping[str, str] = PAGES, version: str = "1.0"
) -> GuidelinesImported:
    """Import pages as a version of the scene's guidelines."""
    write(folder, pages)
    scene.house.slack.allowed_links.append(BASE)
    request = GuidelinesRequest(project="Boxes", version=version, base_url=BASE)
    done: GuidelinesImported = await scene.house.services.guidelines.import_at_shell(
        request, folder
    )
    return done
