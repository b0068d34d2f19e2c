"""Usage and help of commands, and the button that opens a form where Slack gives no trigger."""

from collections.abc import Sequence

from bot.rules.payloads import Payload
from bot.views import blocks
from bot.views.blocks import Message
from bot.views.words import Words

RUN = "command.run"


class RunCommand(Payload):
    """A button that runs a command again, now with a trigger."""

    command: str
    text: str = ""


def usage(words: Words, command: str) -> Message:
    """Show how a command is used, with one example."""
    text = words(
        "common.usage",
        usage=words(f"command.{command}.usage"),
        example=words(f"command.{command}.example"),
    )
    what = words(f"command.{command}.what")
    shown = [blocks.section(f"{what}\n{text}")]
    if words.has(f"command.{command}.help"):  # a command with sub-commands lists them
        shown.append(blocks.section(words(f"command.{command}.help")))
    return blocks.message(what, shown)


def _again(command: str, text: str) -> str:
    """Return the payload that runs a command again, without its text where that is too long."""
    try:
        return RunCommand(command=command, text=text).encode()
    except ValueError:
        return RunCommand(command=command).encode()


def open_form(words: Words, command: str, text: str) -> Message:
    """Offer the form behind a button; long text is left out and typed in the form instead."""
    button = blocks.button(words("common.open_form"), RUN, _again(command, text), style="primary")
    sentence = words("command.form_ready", command=command)
    return blocks.message(sentence, [blocks.section(sentence), blocks.actions(button)])


def continue_privately(words: Words, command: str, text: str) -> Message:
    """Answer a private command that was typed where others can read it."""
    button = blocks.button(words("common.continue_privately"), RUN, _again(command, text))
    sentence = words("common.private_here", advice=words("common.delete_advice"))
    return blocks.message(sentence, [blocks.section(sentence), blocks.actions(button)])


def overview(words: Words, name: str, commands: Sequence[str], status: Sequence[str]) -> Message:
    """List the commands that are of use to this person, then a few lines of status."""
    lines = [
        f"`{words(f'command.{command}.usage')}` {words(f'command.{command}.what')}"
        for command in commands
    ]
    title = words("command.overview", name=blocks.escape(name))
    return blocks.message(
        title,
        [blocks.section(title), blocks.section("\n".join(lines)), blocks.context(*status)],
    )
