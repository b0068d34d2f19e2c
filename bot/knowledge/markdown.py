"""Markdown in, outline events out: front matter, tables, example blocks, Kramdown attributes.

HTML comments are gone before anything else is read: they hide what no longer holds. Template tags
and Kramdown's attribute lists say nothing to a reader and go too; an id in them is an anchor.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.knowledge.markup import HtmlReader
from bot.knowledge.outline import Outline, one_line
from bot.rules.guidelines import BlockKind

FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
TAG_LIMIT: Final = 300
"""A longer value of the front matter is a text and not a word about the document."""

# What stands in fences and code spans is shown as it is written; only then come comments.
_HIDDEN: Final = re.compile(
    r"^(?P<fence>[ ]{0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n(?:.*?^[ ]{0,3}(?P=mark)[`~]*[ \t]*$|.*\Z))"
    r"|(?P<span>(?<!`)(?P<tick>`+)(?!`)[^\n]*?(?<!`)(?P=tick)(?!`))"
    r"|(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?P<template>\{%.*?%\}|\{\{.*?\}\})",
    re.DOTALL | re.MULTILINE,
)
_ATTRIBUTES: Final = re.compile(r"[ \t]*\{:?(?P<list>[ \t]*(?:[#.:]|[\w-]+=)[^{}\n]*)\}[ \t]*$")
_SPAN_ATTRIBUTES: Final = re.compile(r"\{:[^{}\n]*\}")
_ID: Final = re.compile(r"#([\w:.-]+)")
_SILENT_LINKS: Final = re.compile(r"^\[\^?[^\]]+\]:[ \t]")
_HTML_ANCHOR: Final = re.compile(r"<a\s[^>]*?(?:name|id)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def read_markdown(text: str, outline: Outline) -> None:
    """Read a whole document into an outline."""
    front = FRONT_MATTER.match(text)
    if front:
        _front_matter(front.group(1), outline)
        text = text[front.end() :]
    reader = MarkdownIt("commonmark").enable("table")
    _Walk(outline).run(reader.parse(_without_hidden(text)))


def _front_matter(text: str, outline: Outline) -> None:
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError:
        said = _loose(text)  # such as an unquoted colon; the lines still say what they say
    if not isinstance(said, Mapping):
        return
    for key, value in said.items():
        words = [one_line(word)[:TAG_LIMIT] for word in _words(value)]
        if str(key).strip().lower() == "title" and words:
            outline.title = words[0]
        else:
            outline.tags += [word for word in words if any(letter.isalpha() for letter in word)]


def _loose(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {key: value.strip().strip("'\"") for key, _, value in pairs}


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) <= TAG_LIMIT and "/" not in value:
            yield value
    elif isinstance(value, Sequence):
        for each in value:
            yield from _words(each)


def _without_hidden(text: str) -> str:
    def kept(match: re.Match[str]) -> str:
        return match.group() if match.group("fence") or match.group("span") else " "

    return _HIDDEN.sub(kept, text)


class _Walk:
    """Walks markdown-it's flat list of tokens, with its nesting, and tells the outline."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._html = HtmlReader(outline)
        self._lines: list[str] = []
        self._cells: list[str] = []

    def run(self, tokens: Sequence[Token]) -> None:
        """Read all tokens."""
        for position, token in enumerate(tokens):
            if token.type == "heading_open" and token.level == 0:
                self._heading(token, tokens[position + 1], tokens[position + 4 : position + 5])
            elif token.type in {"fence", "code_block"}:
                self._flush()
                self._outline.block(BlockKind.EXAMPLE, token.content)
            elif token.type == "html_block":
                self._flush()
                self._html.feed(token.content)
                self._html.finish()
            elif token.type == "inline":
                self._inline(tokens, position)
            elif token.type == "tr_close":
                self._lines.append(" | ".join(self._cells))
                self._cells = []
            elif token.nesting < 0 and token.level == 0:
                self._flush()
        self._flush()

    def _heading(self, opening: Token, inline: Token, following: Sequence[Token]) -> None:
        self._flush()
        text, anchor = plain(inline), None
        stated = _ATTRIBUTES.search(text)
        if stated:
            text, anchor = text[: stated.start()], _id(stated.group("list"))
        elif following and following[0].type == "inline":
            below = _ATTRIBUTES.match(following[0].content.split("\n")[0])
            anchor = _id(below.group("list")) if below else None
        named = _HTML_ANCHOR.search(inline.content)
        self._outline.heading(int(opening.tag[1:]), text, anchor or (named and named.group(1)))

    def _inline(self, tokens: Sequence[Token], position: int) -> None:
        token, before = tokens[position], tokens[position - 1]
        if before.type == "heading_open" and before.level == 0:
            return
        lines = [_without_attributes(line) for line in plain(token).split("\n")]
        text = "\n".join(line for line in lines if line and not _SILENT_LINKS.match(line))
        if not text:
            return
        self._outline.mention(mentions(token))
        if before.type in {"th_open", "td_open"}:
            self._cells.append(one_line(text))
        elif before.type == "paragraph_open" and tokens[position - 2].type == "list_item_open":
            self._lines.append("  " * (before.level // 2 - 1) + f"• {text}")
        else:
            self._lines.append(text)

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        self._outline.block(BlockKind.PROSE, "\n".join(lines))


def plain(inline: Token) -> str:
    """Return the text of an inline token as a reader sees it, without markup."""
    parts: list[str] = []
    for child in inline.children or []:
        if child.type in {"text", "code_inline", "image"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "html_inline" and child.content.lower().startswith("<br"):
            parts.append(" ")
    return "".join(parts)


def mentions(inline: Token) -> Iterator[str]:
    """Yield what is set apart by emphasis, bold type or code: words that are spoken about."""
    open_: list[list[str]] = []
    for child in inline.children or []:
        if child.type == "code_inline":
            yield child.content
        elif child.type in {"em_open", "strong_open"} or child.content in {"<b>", "<i>", "<em>"}:
            open_.append([])
        elif open_ and (
            child.type in {"em_close", "strong_close"} or child.content in {"</b>", "</i>", "</em>"}
        ):
            yield "".join(open_.pop())
        if child.type in {"text", "code_inline", "softbreak"}:
            for each in open_:
                each.append(child.content or " ")


def _without_attributes(line: str) -> str:
    return _SPAN_ATTRIBUTES.sub("", _ATTRIBUTES.sub("", line)).rstrip()


def _id(attributes: str) -> str | None:
    found = _ID.search(attributes)
    return found.group(1) if found else None
