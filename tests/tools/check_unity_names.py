#!/usr/bin/env python3
"""Fails where two sources of one library or test program give one name to two things in their anonymous namespaces.

    check_unity_names.py [ROOT]

The builds of the scripts compile several sources of a library or of a unit test program as one (CMAKE_UNITY_BUILD), where such names
would clash, or worse, where one file would take the other's; so would a type or constant named as one in a header of the same namespace,
and a type named as a function, which would be meant. A name with two meanings in one place is no help to a reader either. Functions may
be overloaded: only equal parameters clash.
"""

import collections
import pathlib
import re
import sys

FOLDERS = ("storage", "engine", "cli", "grammar", "python", "tests/unit", "tests/cli")
APART = ("storage/codec", "grammar")  # compiled one by one, as are kernels for one instruction set: they have flags of their own

CONSTANT = re.compile(r"^(?:inline |static )*(?:constexpr|constinit|const)\s[^=({;]*?\b(k[A-Z]\w*)\s*(?:\[[^\]]*\])?\s*[={]", re.M)
LOCAL = re.compile(r"^ +(?:static )?constexpr\s[^=({;]*?\b(k[A-Z]\w*)\s*(?:\[[^\]]*\])?\s*[={]", re.M)
TYPE = re.compile(r"^(?:template <[^>]*>\s*)?(?:struct|class|enum class|enum)\s+(\w+)[^;{(]*\{", re.M)
ALIAS = re.compile(r"^using\s+(\w+)\s*=[^;]*;", re.M)
ENUM = re.compile(r"^enum(?! class)\b[^{;]*\{([^}]*)\}", re.M)
USING = re.compile(r"^using\s+[\w:]+::(\w+);", re.M)
FUNCTION = re.compile(r"^(?!return|using|namespace|struct|class|enum|template|else|case|#|//)([A-Za-z_][^;{}()=#]*?)\b(\w+)\(([^{};]*?)\)\s*(?:const\s*)?\{",
                      re.M)


def anonymous_parts(text):
    """The text inside `namespace {` ... `}  // namespace`."""
    for begin in re.finditer(r"^namespace \{\n", text, re.M):
        end = re.search(r"^\}\s*// namespace\s*$", text[begin.end():], re.M)
        yield text[begin.end():begin.end() + end.start()] if end else text[begin.end():]


def enumerators(text):
    """Names that enumerations without a scope define."""
    for match in ENUM.finditer(text):
        for item in re.sub(r"//[^\n]*|/\*.*?\*/", "", match.group(1), flags=re.S).split(","):
            if item.strip():
                yield item.split("=")[0].strip()


def namespace_of(text):
    match = re.search(r"^namespace ([\w:]+) \{", text, re.M)
    return match.group(1) if match else ""


def parameters(text):
    """Types of a parameter list, without names, spaces and defaults."""
    kinds = []
    for part in re.split(r",(?![^<(]*[>)])", re.sub(r"/\*.*?\*/|=[^,]*", "", text)):
        part = " ".join(part.split())
        kinds.append(re.sub(r"(?<=[\s&*>])\w+$", "", part).replace(" ", "") if " " in part else part)
    return ",".join(kinds)


def names_of(source):
    """Pairs (name or signature, meaning) that a source defines in anonymous namespaces, or as constants of functions."""
    for match in LOCAL.finditer(source.read_text(encoding="utf-8")):  # two of them do not clash, but one would hide another source's
        yield match.group(1), "a constant of a function"
    for part in anonymous_parts(source.read_text(encoding="utf-8")):
        for pattern in (CONSTANT, TYPE):
            for match in pattern.finditer(part):
                yield match.group(1), "a definition"
        for match in CONSTANT.finditer(part):  # those that follow in one declaration
            for further in re.finditer(r",\s*(k[A-Z]\w*)\s*=", part[match.end():].split(";")[0]):
                yield further.group(1), "a definition"
        for name in enumerators(part):
            yield name, "a definition"
        for match in ALIAS.finditer(part):
            yield match.group(1), match.group(0)
        for match in USING.finditer(part):
            yield match.group(1), "using a name"
        for match in FUNCTION.finditer(part):
            signature = f"{match.group(2)}({parameters(match.group(3))})"
            yield signature, signature


def program_of(folder):
    """The library or test program that the sources of `folder` go to: folders within it, such as engine/query/execute, are part of it."""
    tests = "tests/unit/" if folder.startswith("tests/unit/") else ""
    parts = folder.removeprefix(tests).split("/")
    return tests + "/".join(parts[:1 if parts[0] == "cli" else 2])


def names_of_headers(root):
    """Pairs (namespace, type or constant) with the header that defines it."""
    for header in sorted(p for top in FOLDERS for p in (root / top).rglob("*.h")):
        text = header.read_text(encoding="utf-8")
        for pattern in (TYPE, ALIAS, CONSTANT):
            for match in pattern.finditer(text):
                yield (namespace_of(text), match.group(1)), header.relative_to(root).as_posix()
        for name in enumerators(text):
            yield (namespace_of(text), name), header.relative_to(root).as_posix()


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
    # program -> name -> meaning -> sources. One meaning in two sources clashes too, unless it is the same alias said twice.
    places = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(set)))
    headers = dict(names_of_headers(root))
    of_program = {(program_of(place.rsplit("/", 1)[0]), name): place for (_, name), place in headers.items()}  # whatever the namespace
    for source in sorted(p for top in FOLDERS for p in (root / top).rglob("*.cc")):
        folder = source.parent.relative_to(root).as_posix()
        if "_avx" in source.name or folder in APART or any(folder.startswith(apart + "/") for apart in APART):
            continue
        tests = folder.startswith("tests/")
        space = namespace_of(source.read_text(encoding="utf-8"))
        for name, meaning in names_of(source):
            places[program_of(folder)][name][meaning].add(source.relative_to(root).as_posix())
            if meaning == "using a name":
                continue
            name = name.split("(")[0]
            if (space, name) in headers and (tests or not headers[space, name].startswith("tests/")):
                places[program_of(folder)][name]["in a header"].add(headers[space, name])
                places[program_of(folder)][name][meaning].add(source.relative_to(root).as_posix())
            elif (program_of(folder), name) in of_program:
                places[program_of(folder)][name]["in a header"].add(of_program[program_of(folder), name])
                places[program_of(folder)][name][meaning].add(source.relative_to(root).as_posix())
    types = {name for space, name in headers if not name.startswith("k")}
    found = 0
    for _, names in sorted(places.items()):
        functions = collections.defaultdict(list)
        for signature in (name for name in names if "(" in name):
            functions[signature.split("(")[0]].append(signature)
        for name, meanings in sorted(names.items()):
            for other in functions[name]:  # of a type and a function of one name the function is meant
                meanings = meanings | {other: names[other][other]}
            sources = set().union(*meanings.values())
            if "using a name" in meanings and name not in types:
                continue
            harmless = len(meanings) == 1 and next(iter(meanings)).startswith(("using ", "a constant of"))
            if len(sources) > 1 and not harmless:
                found += 1
                print(f"{name} is defined in {', '.join(sorted(sources))}: give it a name that says more, or one home")
    print(f"{found} names with two meanings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
