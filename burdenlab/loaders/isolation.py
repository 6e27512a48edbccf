"""A process of its own for files that could hurt: it has a time limit, a memory limit, and may die alone."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from burdenlab.loaders.limits import Limits, Options
from burdenlab.loaders.quarantine import Quarantined
from burdenlab.loaders.reading import Result, quarantined, read_file

__all__ = ["IsolatedReader"]

_START_SECONDS = 60
_LATER = 250_000_000


class IsolatedReader:
    """Reads files in a child process that is started when first needed and again after each that it did not survive.

    It is a plain child with a pipe and not ``multiprocessing``, which would run a user's unguarded script again and
    hangs when a worker is killed.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()

    def read(self, path: Path, name: str, options: Options) -> Result:
        """Give a file its fate; one that the child dies of twice is quarantined as ``crashed``."""
        request = {"path": str(path), "name": name, **asdict(options)}
        for _ in range(2):
            try:
                return Result(**json.loads(self._ask(json.dumps(request).encode(), options.limits.seconds)))
            except TimeoutError:
                self.close()
                seconds = f"{options.limits.seconds:g}"
                why = Quarantined(
                    "timeout",
                    f"reading it took longer than {seconds} s; raise Limits(seconds=…) or convert it to text.",
                    f"读取超过 {seconds} 秒;可提高 Limits(seconds=…),或先转换为文本。",
                )
                return quarantined(name, why, size=path.stat().st_size)
            except (EOFError, OSError):
                self.close()
        why = Quarantined(
            "crashed", "the reader died of it twice; convert it to text.", "读取程序两次崩溃;请先转换为文本。"
        )
        return quarantined(name, why, size=path.stat().st_size)

    def close(self) -> None:
        """End the child and whatever it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
        process.wait()

    def _ask(self, request: bytes, seconds: float) -> bytes:
        if self._process is None:
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(request + b"\n")
        self._process.stdin.flush()
        return self._next(seconds)

    def _next(self, seconds: float) -> bytes:
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        if not answer.endswith(b"\n"):
            raise EOFError
        return answer

    def _start(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "burdenlab.loaders.isolation"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}, start_new_session=os.name == "posix",
        )  # fmt: skip
        self._process, self._answers = process, queue.Queue()
        threading.Thread(target=_pump, args=(process.stdout, self._answers), daemon=True).start()
        self._next(_START_SECONDS)  # it says when it is ready, so that its imports cost no file its time


def _pump(stream: Any, answers: queue.Queue[bytes]) -> None:
    """Move answers from the pipe to the queue; b"" at the end tells that the child is gone."""
    with contextlib.suppress(ValueError, OSError):
        for line in stream:
            answers.put(line)
    answers.put(b"")


def _serve() -> None:
    """Answer requests until the pipe closes; runs in the child."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    answers.write(b"ready\n")
    answers.flush()
    limited = False
    for line in sys.stdin.buffer:
        request = json.loads(line)
        limits = Limits(**request["limits"])
        if not limited:
            _limit_memory(limits.memory_bytes)
            limited = True
        options = Options(request["encoding"], request["text_column"], limits, request["titles"])
        result = _read(Path(request["path"]), request["name"], options)
        answers.write(
            json.dumps(asdict(result), ensure_ascii=False, default=str).encode("utf-8", "surrogatepass") + b"\n"
        )
        answers.flush()


def _read(path: Path, name: str, options: Options) -> Result:
    try:
        return read_file(path, name, options)
    except MemoryError:
        limit = f"{options.limits.memory_bytes:,}"
        why = Quarantined(
            "limit", f"reading it needs more than {limit} bytes of memory.", f"读取所需内存超过 {limit} 字节。"
        )
    except Exception as error:
        said = type(error).__name__
        why = Quarantined(
            "crashed", f"its reader stopped with {said}; convert it to text.", f"读取程序出错({said});请先转换为文本。"
        )
    return quarantined(name, why, size=path.stat().st_size)


def _limit_memory(limit: int) -> None:
    """Let the process as a whole grow to `limit` bytes, where the system can enforce it (Linux)."""
    try:
        import resource  # noqa: PLC0415 (POSIX only)

        pages = Path("/proc/self/statm").read_text().split()
    except (ImportError, OSError):
        return
    page = os.sysconf("SC_PAGE_SIZE")
    resident, data = int(pages[1]) * page, int(pages[5]) * page
    with contextlib.suppress(ValueError, OSError):
        # RLIMIT_DATA counts what is mapped, which for the libraries loaded so far is more than what is in use.
        # Libraries that are loaded later (PDF, web pages) take room that it does not count.
        allowed = data + max(limit - resident - _LATER, 50_000_000)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _serve()
