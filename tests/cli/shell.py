#!/usr/bin/env python3
"""dlv shell and dlv query over canned answers: on a terminal of its own (a pty) and as a script. Editing, history across two
runs, completion, Ctrl-C, widths, output modes, the pager, the editor, exit statuses.
"""

import argparse
import codecs
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

ESCAPE = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])")


def width_of(line: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Terminal:
    """A shell on a pty. `expect` waits for text that comes after what was expected before."""

    def __init__(self, program: str, home: pathlib.Path, columns: int = 80, words: tuple[str, ...] = (), **extra: str):
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")}
        environment = kept | {"HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8", "PAGER": "cat"} | extra
        self.leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen([program, "shell", *words], stdin=follower, stdout=follower, stderr=follower, cwd=home,
                                        env=environment, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(follower)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.seen = ""
        self.at = 0

    def send(self, text: str) -> None:
        os.write(self.leader, text.encode())

    def read(self, seconds: float) -> bool:
        ready = select.select([self.leader], [], [], seconds)[0]
        if not ready:
            return False
        try:
            piece = os.read(self.leader, 65536)
        except OSError:  # the shell has gone
            return False
        self.seen += self.decoder.decode(piece)  # a character may come in two pieces
        return bool(piece)

    def expect(self, text: str, seconds: float = 30) -> str:
        """Returns what came up to `text`, without escape codes."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.seen.find(text, self.at)
            if found >= 0:
                part = self.seen[self.at : found + len(text)]
                self.at = found + len(text)
                return ESCAPE.sub("", part).replace("\r\n", "\n")
            if time.monotonic() > deadline or (not self.read(0.2) and self.process.poll() is not None):
                rest = ESCAPE.sub("", self.seen[self.at :])
                raise AssertionError(f"expected {text!r}, got {rest[-600:]!r}")

    def run(self, statement: str, answer: str = "dlv> ") -> str:
        self.send(statement + "\r")
        return self.expect(answer)

    def leave(self) -> int:
        self.send("\x04")
        return self.end()

    def end(self, seconds: float = 30) -> int:
        """Waits for the end; the terminal is left as it was found."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.1)
        check(self.process.poll() is not None, f"it does not end: {ESCAPE.sub('', self.seen[-300:])!r}")
        modes = termios.tcgetattr(self.leader)[3]
        check(modes & termios.ICANON and modes & termios.ECHO, "the terminal is left without echo or lines")
        os.close(self.leader)
        return self.process.returncode

    def pour(self, text: str) -> None:
        """Sends much at once, and reads meanwhile."""
        data, deadline = text.encode(), time.monotonic() + 60
        while data:
            check(time.monotonic() < deadline, f"it takes no more: {len(data)} bytes left")
            readable, writable, _ = select.select([self.leader], [self.leader], [], 1)
            if readable:
                self.read(0)
            if writable:
                data = data[os.write(self.leader, data[:512]) :]


def check(condition: bool, what: str) -> None:
    if not condition:
        raise AssertionError(what)


def statements(program: str, home: pathlib.Path) -> None:
    terminal = Terminal(program, home)
    check("versions" in terminal.expect("dlv> "), "no greeting")
    terminal.run("select few", "  -> ")
    terminal.run("from x (", "  (> ")
    check("2 rows" in terminal.run(");"), "a statement of three lines")
    text = terminal.run("select nme from x;")
    check("error[syntax]: line 1, column 8" in text and "       ^~~" in text and 'did you mean "name"?' in text, f"caret: {text}")
    check("2 rows" in terminal.run("few;"), "it does not go on after an error")
    check(terminal.run("few; few;").count("2 rows") == 2, "two statements in a line")
    terminal.run("few; select", "  -> ")
    check("3 rows" in terminal.run("m;"), "the rest of a line is kept")
    check("warning: one network" in terminal.run("slice f;"), "a warning")
    check("no command" in terminal.run(".modle"), "an unknown dot command")
    check("slice" in terminal.run(".help"), "help")
    check("mutate" in terminal.run(".help slice"), "help for a word")
    check("stored the query" in terminal.run("create query q3 as select m;"), "a message")
    check(terminal.leave() == 0, "Ctrl-D leaves with status 0")


def interrupts(program: str, home: pathlib.Path) -> None:
    terminal = Terminal(program, home)
    terminal.expect("dlv> ")
    terminal.send("select something")
    terminal.expect("something")
    terminal.send("\x03")
    terminal.expect("^C")
    terminal.expect("dlv> ")
    terminal.run("select m", "  -> ")
    terminal.send("\x03")
    terminal.expect("dlv> ")
    check("2 rows" in terminal.run("few;"), "what was dropped is still there")
    start = time.monotonic()
    terminal.send("slow;\r")
    time.sleep(0.7)
    terminal.send("\x03")
    check("interrupted" in terminal.expect("dlv> "), "Ctrl-C does not stop a statement")
    check(time.monotonic() - start < 8, "the statement ran to its end")
    check("2 rows" in terminal.run("few;"), "Ctrl-C took the shell with it")
    terminal.process.send_signal(signal.SIGCONT)
    terminal.send("few;\r")
    terminal.expect("2 rows")
    terminal.expect("dlv> ")
    terminal.process.send_signal(signal.SIGTERM)
    check(terminal.end() == 130, "the status after SIGTERM")
    terminal = Terminal(program, home)
    terminal.expect("dlv> ")
    terminal.send("stuck;\r")
    time.sleep(0.7)
    terminal.send("\x03")
    time.sleep(0.3)
    terminal.send("\x03")
    check(terminal.end(10) == 130, "a second Ctrl-C does not leave")


def ahead(program: str, home: pathlib.Path) -> None:
    """What is typed while a statement runs comes to the next prompt as it is."""
    terminal = Terminal(program, home)
    terminal.expect("dlv> ")
    terminal.send("brief;\r")
    time.sleep(0.2)
    terminal.pour("slice le\t" + "e" * 9000 + ";\x01few; \r")
    terminal.expect("2 rows")
    terminal.expect("features:v1")
    terminal.send("brief;\r")
    time.sleep(0.2)
    terminal.send("few;\r\x04")
    terminal.expect("2 rows")
    check(terminal.end() == 0, "Ctrl-D that was typed ahead")


def history(program: str, home: pathlib.Path) -> None:
    terminal = Terminal(program, home)
    terminal.expect("dlv> ")
    terminal.run("select few", "  -> ")
    terminal.run("from 鳥;")
    terminal.run(" secret few;")
    check(terminal.leave() == 0, "leaving")
    file = home / ".local/state/dlv/history"
    check(stat.S_IMODE(file.stat().st_mode) == 0o600, f"history has mode {oct(file.stat().st_mode)}")
    check(file.read_text().splitlines()[-1] == "select few\\nfrom 鳥;", f"history: {file.read_text()!r}")
    terminal = Terminal(program, home)
    terminal.expect("dlv> ")
    terminal.send("\x1b[A")
    check("select few" in terminal.expect("from 鳥;"), "the whole statement comes back")
    check("2 rows" in terminal.run("")[1:], "and runs")
    terminal.send("\x1b[A")
    terminal.expect("from 鳥;")
    terminal.send("\x1b[A\x01few; \x1b[B\r")  # up into its first line, to the start, and down again
    terminal.expect("2 rows")
    terminal.expect("2 rows")
    check((home / ".local/state/dlv/history").read_text().endswith("few; select few\\nfrom 鳥;\n"), "a line of the statement is edited")
    terminal.leave()


def completion(program: str, home: pathlib.Path) -> None:
    terminal = Terminal(program, home)
    terminal.expect("dlv> ")
    terminal.send("sl\t")
    terminal.expect("ice")  # the rest of the word: libedit writes no more than what is new
    terminal.send(" le\t")
    terminal.expect("net")
    terminal.send("\t")
    terminal.expect("lenet-five")
    terminal.send(" 鳥\t")
    terminal.expect("の分類器")
    terminal.send("-- few;\r")
    terminal.expect("features:v1")
    line = (home / ".local/state/dlv/history").read_text()
    check(line == "slice lenet 鳥の分類器-- few;\n", f"what was completed is not what runs: {line!r}")
    terminal.send(".mo\t\t")
    terminal.expect(".models")
    terminal.send(" ma\t\r")
    terminal.send(".he\tsli\t\r")
    terminal.expect("mutate")
    terminal.send("few;\r")
    terminal.expect("| ---: | --- |")
    terminal.leave()


def widths(program: str, home: pathlib.Path) -> None:
    for columns in (40, 80, 200):
        terminal = Terminal(program, home, columns)
        terminal.expect("dlv> ")
        for statement in ("select 鳥;", "slice f;", "explain analyze m;", ".models", ".schema", ".layers lenet", ".help"):
            for line in terminal.run(statement).splitlines():
                check(width_of(line) <= columns, f"{statement} at {columns}: {width_of(line)} cells: {line!r}")
        raw = terminal.seen
        check("\x07" not in raw and "\u202e" not in raw and "evil\x1b" not in raw, "hostile text reaches the terminal")
        fcntl.ioctl(terminal.leader, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        for line in terminal.run("select 鳥;").splitlines()[1:]:
            check(width_of(line) <= 60, f"after a change of size: {line!r}")
        terminal.leave()


def tools(program: str, home: pathlib.Path) -> None:
    editor = home / "editor"
    editor.write_text("#!/bin/sh\necho 'select few;' > \"$1\"\n")
    editor.chmod(0o755)
    (home / "queries.dql").write_text("-- two\nfew;\n.mode csv\nfew;\n")
    (home / ".config/dlv").mkdir(parents=True)
    (home / ".config/dlv/shellrc").write_text(".timer on\n")
    terminal = Terminal(program, home, PAGER="cat > paged; echo paged", DLV_EDITOR=str(editor))
    terminal.expect("dlv> ")
    check("time: " in terminal.run("few;"), "dlv/shellrc is not read")
    terminal.run(".timer off")
    check("time: " not in terminal.run("few;"), ".timer off")
    check("2 rows" in terminal.run(".edit"), ".edit does not run what was written")
    check("n,text" in terminal.run(".read queries.dql"), ".read")
    terminal.run(".once out.csv")
    terminal.run("few;")
    check((home / "out.csv").read_bytes() == b"n,text\r\n0,row 0\r\n1,row 1\r\n", ".once")
    check("n,text" in terminal.run("few;"), ".once lasts too long")
    terminal.run(".mode line")
    check("text = row 1" in terminal.run("few;"), ".mode line")
    terminal.run(".mode box")
    check("paged" in terminal.run("many;"), "500 rows do not go through the pager")
    check("row 499" in (home / "paged").read_text(), "the pager got something else")
    check("paged" not in terminal.run("few;"), "2 rows go through the pager")
    terminal.run(".pager off")
    check("row 499" in terminal.run("many;"), ".pager off")
    (home / "loop.dql").write_text(".read loop.dql\n")
    check("16 deep" in terminal.run(".read loop.dql"), "a file that reads itself")
    terminal.send(".quit\r")
    check(terminal.end() == 0, ".quit")


def pasted(program: str, home: pathlib.Path) -> None:
    terminal = Terminal(program, home)
    terminal.expect("dlv> ")
    start = time.monotonic()
    terminal.pour(("select few\r\tand 1\r" + "and 1\r" * 7 + ";\r") * 500)  # 5,000 lines
    for _ in range(500):
        terminal.expect("2 rows")
    check(time.monotonic() - start < 60, "pasting is slow")
    check("lenet" not in terminal.seen, "a tab that is pasted completes")
    check(terminal.leave() == 0, "Ctrl-D after much was pasted")


def scripts(program: str, home: pathlib.Path) -> None:
    def run(script: str, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([program, *(words or ("shell",))], input=script, capture_output=True, text=True, cwd=home, timeout=60,
                              env=os.environ | {"HOME": str(home), "LC_ALL": "C.UTF-8"})

    done = run(".mode csv\nselect\n few;few")
    check(done.stdout.splitlines() == ["n,text", "0,row 0", "1,row 1"] * 2 and done.returncode == 0, f"a script: {done}")
    done = run("few;\n\nselect\n nme;\nmany;\n")
    check(done.returncode == 2 and "line 4, column 2" in done.stderr and "row 499" not in done.stdout, f"an error: {done}")
    done = run(".nothing\nfew;\n")
    check(done.returncode == 2 and "2 rows" not in done.stdout, f"a wrong dot command: {done}")
    check(run("", "shell").returncode == 0, "an empty script")
    done = run("", "query", "select m; few", "--csv")
    check(done.returncode == 0 and done.stdout.count("\r\n") == 0 and "n,text" in done.stdout, f"query --csv: {done}")
    done = run("", "query", "select nme")
    check(done.returncode == 2 and "^~~" in done.stderr and done.stdout == "", f"query: {done}")
    check(run("few", "query", "-f", "-", "-q").stdout == "0\n1\n", "query -f - -q")
    check(run("", "query", "m > :limit", "-p", "limit=0.5").returncode == 0, "a parameter")
    check(run("", "query", "m > :limit").returncode == 2, "a parameter without value")
    check(run("", "query", "few", "-p", "limit=0.5").returncode == 3, "a parameter that nobody has")
    check(run("", "query", "m > :limit", "-p", "limit=x").returncode == 2, "a parameter of the wrong type")
    check("scan versions" in run("", "query", "--explain", "m").stdout, "--explain")
    check("2.3 MiB" in run("", "query", "--analyze", "m").stdout, "--analyze")
    check(run("", "query", " ; ").returncode == 2, "no statement")
    done = subprocess.run([program, "query", "select m"], capture_output=True, cwd=home, timeout=60)
    check(b"\x1b" not in done.stdout and "…".encode() not in done.stdout, "escape codes, or cut, in a pipe")


def dumb(program: str, home: pathlib.Path) -> None:
    terminal = Terminal(program, home, TERM="dumb")
    terminal.expect("dlv> ")
    terminal.send("few;\n")
    terminal.expect("2 rows")
    terminal.expect("dlv> ")
    terminal.send("select\n")
    terminal.expect("  -> ")
    terminal.send("\x03")
    terminal.expect("dlv> ")
    terminal.send("slow;\n")
    time.sleep(0.7)
    terminal.send("\x03")
    terminal.expect("interrupted")
    terminal.expect("dlv> ")
    terminal.send(".quit\n")
    check(terminal.end() == 0, "a dumb terminal")
    check("\x1b" not in terminal.seen, "escape codes on a dumb terminal")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("tests", nargs="*", help="only these")
    options = parser.parse_args()
    tests = [statements, interrupts, ahead, history, completion, widths, tools, pasted, scripts, dumb]
    failures = 0
    for test in tests:
        if options.tests and test.__name__ not in options.tests:
            continue
        with tempfile.TemporaryDirectory(prefix="dlv-shell-") as home:
            try:
                test(str(options.program.resolve()), pathlib.Path(home))
            except AssertionError as error:
                failures += 1
                print(f"{test.__name__}: {error}")
    if not failures:
        print("the shell is well")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
