#!/usr/bin/env python3
"""Looks into the pages and drawings that `dlv diff --html`, `--svg` and `dlv plot --svg` write: well-formed, self-contained, with
hostile names escaped, no label over another one, written in one step.
"""

import argparse
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

SVG = "{http://www.w3.org/2000/svg}"
NAMESPACE = "http://www.w3.org/2000/svg"
COMMANDS = [["diff", "lenet:v1", "lenet:v2", "--svg"], ["diff", "lenet:v1", "lenet:v2", "lenet:v3", "--svg"],
            ["plot", "curves", "lenet:v1", "lenet:v3", "--svg"], ["plot", "lineage", "--svg"], ["plot", "sizes", "--svg"],
            ["plot", "histogram", "lenet:v1/*", "lenet:v2/conv1.weight", "--svg"], ["plot", "histogram", "lenet/*", "--together", "--log", "--svg"]]


def texts_of(element, left=0.0, top=0.0):
    """(x, y, width, text) of all texts, in the coordinates of the drawing."""
    for child in element:
        if child.tag == SVG + "g":
            x, y = re.match(r"translate\(([^,]*),([^)]*)\)", child.get("transform")).groups()
            yield from texts_of(child, left + float(x), top + float(y))
        elif child.tag == SVG + "text":
            text = child.text or ""
            width = 6.2 * len(text) * (1.2 if child.get("class") == "title" else 1)
            x = left + float(child.get("x")) - {"middle": width / 2, "end": width}.get(child.get("text-anchor"), 0)
            yield x, top + float(child.get("y")), width, text


def check_drawing(text, name):
    problems = []
    if "<script" in text or "\x1b" in text or "\u202e" in text:
        problems.append(f"{name}: hostile text is not escaped")
    if re.search(r"(?:https?:)?//", text.replace(NAMESPACE, "")):
        problems.append(f"{name}: refers to another file")
    root = tree.fromstring(text)
    width, height = float(root.get("width")), float(root.get("height"))
    places = sorted(texts_of(root), key=lambda place: place[1])
    for i, (x, y, w, label) in enumerate(places):
        if x < -1 or x + w > width + 12 or not 0 < y < height:
            problems.append(f"{name}: {label!r} stands outside, at {x:.0f} to {x + w:.0f} of {width:.0f}, {y:.0f} of {height:.0f}")
        for other_x, other_y, other_w, other in places[i + 1 :]:
            if other_y - y >= 9:
                break
            if x < other_x + other_w - 1 and other_x < x + w - 1:
                problems.append(f"{name}: {label!r} and {other!r} overlap")
    return problems


class Page(html.parser.HTMLParser):
    VOID = {"meta", "br", "line", "rect", "circle", "polyline", "polygon", "path"}

    def __init__(self):
        super().__init__()
        self.open, self.problems = [], []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "link", "img", "iframe", "object"):
            self.problems.append(f"an element {tag}")
        self.problems += [f"an attribute {name}" for name, _ in attributes if name in ("src", "href", "onload", "onclick")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")


def check_page(text):
    page = Page()
    page.feed(text)
    problems = [f"page: {problem}" for problem in page.problems]
    if page.open:
        problems.append(f"page: never closed: {page.open}")
    if "\x1b" in text or "\u202e" in text or "<script" in text:
        problems.append("page: hostile text is not escaped")
    if re.search(r"(?:https?:)?//", text.replace(NAMESPACE, "")):
        problems.append("page: refers to another file")
    if "prefers-color-scheme" not in text:
        problems.append("page: has no dark form")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path, help="the command line over canned answers")
    fake = str(parser.parse_args().program.resolve())
    problems = []
    with tempfile.TemporaryDirectory(prefix="dlv-pictures-") as folder:
        run = lambda *words: subprocess.run([fake, *words], cwd=folder, capture_output=True, text=True, timeout=60)
        for command in COMMANDS:
            done = run(*command, "out.svg")
            name = " ".join(command)
            if done.returncode != 0:
                problems.append(f"{name}: status {done.returncode}: {done.stderr.strip()}")
                continue
            problems += check_drawing((pathlib.Path(folder) / "out.svg").read_text(), name)
            if run(*command, "-").stdout != (pathlib.Path(folder) / "out.svg").read_text():
                problems.append(f"{name} -: stdout is not the file")
        run("diff", "lenet:v1", "lenet:v2", "lenet:v3", "--html", "page.html")
        problems += check_page((pathlib.Path(folder) / "page.html").read_text())
        before = sorted(path.name for path in pathlib.Path(folder).iterdir())
        for target in ("missing/out.html", "."):
            done = run("diff", "lenet:v1", "lenet:v2", "--html", target)
            if done.returncode != 6 or f"error[io]: {target}" not in done.stderr:
                problems.append(f"--html {target}: status {done.returncode}: {done.stderr.strip()}")
        if sorted(path.name for path in pathlib.Path(folder).iterdir()) != before:
            problems.append("something was left behind")
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(COMMANDS)} drawings and a page are well")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
