"""Runs the stand-in as a process until SIGINT or SIGTERM: `python -m tests.peers.telegram --port 9000`.

Prints one JSON line with its addresses and token once it answers; tests in other processes steer it by
`/control/<operation>`, the methods of `TelegramServer` with their arguments as a JSON object.
"""

import argparse
import asyncio
import json
import signal

from . import TOKEN, Limits, TelegramServer, Timing


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.peers.telegram")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--limits", choices=["refuse", "count", "off"], default="refuse", help="on sending")
    parser.add_argument("--time-scale", type=float, default=1.0, help="shrinks the waits between retries")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    limits, timing = Limits(strictness=arguments.limits), Timing(time_scale=arguments.time_scale)
    server = TelegramServer(arguments.token, limits=limits, timing=timing, host=arguments.host, port=arguments.port)
    async with server:
        addresses = {"base_url": server.base_url, "base_file_url": server.base_file_url}
        print(json.dumps(addresses | {"token": server.token, "control": f"{server.url}/control"}), flush=True)
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
