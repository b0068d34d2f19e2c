"""The sockets that the program listens on."""

import socket

import pytest

from bot.errors import SettingsError
from bot.web import listening


def test_what_is_written_to_a_connection_leaves_at_once() -> None:
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} cannot be used.*--port"):
            listening("127.0.0.1", port)
