"""The child process that draws: reads charts from its input, writes PNGs to its output.

A frame is four bytes of length, big-endian, and as many bytes. A request frame is a pickled
`ChartSpec` or `PanelsSpec`; a reply frame is `DRAWN` and a PNG, or `FAILED` and a message. The end
of the input is the end of the process, so a parent that was killed leaves nobody behind.
"""

import os
import pickle
import sys
from typing import BinaryIO, Final

from bot.views import charts, pulse_charts
from bot.views.charts import ChartSpec
from bot.views.pulse_charts import PanelsSpec

HEADER_BYTES: Final = 4
DRAWN: Final = b"\x01"
FAILED: Final = b"\x00"


def frame(payload: bytes) -> bytes:
    """Return the payload with its length in front."""
    return len(payload).to_bytes(HEADER_BYTES, "big") + payload


def draw(spec: ChartSpec | PanelsSpec) -> bytes:
    """Return the picture as a PNG."""
    return charts.draw(spec) if isinstance(spec, ChartSpec) else pulse_charts.draw(spec)


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer every request until the input ends; a chart that cannot be drawn ends nothing."""
    while header := requests.read(HEADER_BYTES):
        # Only our parent holds the other end of this pipe, so the pickle is our own.
        spec = pickle.loads(requests.read(int.from_bytes(header, "big")))  # noqa: S301
        try:
            reply = DRAWN + draw(spec)
        except Exception as error:  # whatever it was, the parent is told
            reply = FAILED + repr(error).encode()
        replies.write(frame(reply))
        replies.flush()


def main() -> None:
    """Serve on the process's own pipes."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # A library that prints would break the frames; from here on, what is printed is a log line.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
