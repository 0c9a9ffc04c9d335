"""Mutated files: each reader of ballots and tables reads millions of broken files, and none may end
it in any other way than by a result or a refusal in both languages.

    python bench/mutated.py [--each N] [--seed S] [--only KIND ...] [--memory MIB]

N files a reader (1,000,000 by default, some minutes each); the same seed gives the same files. What
is read is counted too where it is small: a count must hold as many papers as the file says, or a
remark. Prints for each reader how many were read and refused, and the most memory held; the first
that fails is printed whole, and the exit status is 1.
"""

import argparse
import random
import resource
import sys
import time
import zipfile
from io import BytesIO

from comuna.count.errors import CountError
from comuna.count.files import read_ballots

SEEDS: dict[str, bytes] = {
    "blt": b'3 2\n-3\n4 1 2 0\n2 2=3 1 0\n1 - 3 0\n(a) 1 0\n1.5 2 0\n0\n"Ana"\n"Luis" # b\n"Eva"\n'
    b'"T"\n',
    "soi": b"# TITLE: C\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 6\n# ALTERNATIVE NAME 1: Goat\n"
    b"# ALTERNATIVE NAME 2: Cow\n# ALTERNATIVE NAME 3: Ewe\n3: 1,2\n2: {2,3},1\n1: 3\n",
    "cat": b"# NUMBER ALTERNATIVES: 2\n# NUMBER CATEGORIES: 2\n# ALTERNATIVE NAME 1: Goat\n"
    b"# ALTERNATIVE NAME 2: Cow\n2: {1},{2}\n1: {},{1,2}\n",
    "abif": b'{"title": "Poll"}\n=A:[Ana Ruiz]\n27:A>B=C\n3:[Old name]>A # r\n4:"x y"=B\n',
    "pb": b"META\nkey;value\nbudget;100.50\nvote_type;cumulative\nmax_sum_points;9\nPROJECTS\n"
    b'project_id;cost;name\nw;60;"Well; deep"\nr;40.5;Road\nVOTES\nvoter_id;vote;points\n'
    b"1;w,r;4,5\n2;w;2.5\n3;r;99\n",
    "csv": 'Votes;Ana;"Luís; b";notes\n3;1;2;a\n2;;1;b\n4;2;1,0;c\n# x\n1,5;2;1;d\n'.encode(),
    "tsv": b"id\trank1\trank2\n1\tAna\tskipped\n2\tovervote\tLuis\n3\tAna//Luis\tEva\n",
    "xlsx": b"",
    "ods": b"",
}
BITS = [
    *(sign.encode() for sign in '";,\n\r\t0-=>{}[]#/():xñ−'),
    *(b"1e9", b"1,234", b"nan"),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"9" * 20, b"rank1", b"ballots"),
    "e\u0301".encode(),
]


def spreadsheet(kind: str) -> dict[str, bytes]:
    """The parts of a small spreadsheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    odf = "urn:oasis:names:tc:opendocument:xmlns:"
    if kind == "xlsx":
        text = 't="inlineStr"><is><t>'
        cells = (
            f'<row r="1"><c r="A1" {text}Ana</t></is></c><c r="B1" {text}Luis</t></is></c></row>'
        )
        cells += "".join(
            f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="B{r}"><f>A{r}+1</f><v>2</v></c></row>'
            for r in range(2, 4)
        )
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override '
            'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-office'
            'document.spreadsheetml.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{link}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{link}"><sheets><sheet name="S" '
            'sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{link}/worksheet" Target="worksheets/s.xml"/>'
            "</Relationships>",
            "xl/worksheets/s.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>'
            "</worksheet>",
        }
    else:
        space = " ".join(f'xmlns:{part}="{odf}{part}:1.0"' for part in ("office", "table", "text"))
        text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
        names = text.format("Ana") + text.format("Luis")
        cell = '<table:table-cell office:value-type="float" office:value="{}"/>'
        row = f"<table:table-row>{cell.format(1)}{cell.format(2)}</table:table-row>"
        rows = f"<table:table-row>{names}</table:table-row>{row * 2}"
        parts = {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {space}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{rows}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{odf}manifest:1.0"><m:file-entry '
            'm:full-path="/" m:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</m:manifest>",
        }
    return {name: text.encode() for name, text in parts.items()}


def zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def mutated(content: bytes, dice: random.Random) -> bytes:
    """The content after one to six changes: bytes put in, cut out, doubled or changed."""
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(content) + 1)
        until = min(len(content), at + dice.randint(0, 12))
        match dice.randrange(5):
            case 0:
                content = content[:at] + dice.choice(BITS) + content[at:]
            case 1:
                content = content[:at] + content[until:]
            case 2:
                content = content[:at] + content[at:until] * dice.randint(2, 9) + content[until:]
            case 3:
                content = content[:at] + bytes([dice.randrange(256)]) + content[at + 1 :]
            case 4:
                other = dice.randrange(len(content) + 1)
                content = content[:at] + content[other : other + until - at] + content[until:]
    return content


def files(kind: str, dice: random.Random) -> bytes:
    """A mutated file of a kind; of spreadsheets mostly a part of it, sometimes the file itself."""
    if kind not in ("xlsx", "ods"):
        return mutated(SEEDS[kind], dice)
    parts = spreadsheet(kind)
    if dice.random() < 0.2:
        return mutated(zipped(parts), dice)
    name = dice.choice(list(parts))
    return zipped(parts | {name: mutated(parts[name], dice)})


def try_reader(kind: str, times: int, seed: int) -> tuple[int, int, bytes | None, str]:
    """How many were read and refused; the first file that failed, and how."""
    dice, read, refused = random.Random(f"{seed} {kind}"), 0, 0
    for _ in range(times):
        content = files(kind, dice)
        try:
            contest, ballots = read_ballots(f"x.{kind}", content, points=dice.random() < 0.2)
            assert ballots.total() >= 0
            for remark in contest.remarks:
                assert remark.told("es")
                assert remark.told("en")
            read += 1
        except CountError as wrong:
            if wrong.es == wrong.en or not wrong.en:
                return read, refused, content, f"said in one language: {wrong}"
            refused += 1
        except Exception as wrong:
            return read, refused, content, repr(wrong)
    return read, refused, None, ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", nargs="+", choices=list(SEEDS), default=list(SEEDS))
    parser.add_argument("--memory", type=int, default=2048, help="MiB that the process may hold")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (asked.memory << 20, asked.memory << 20))
    failed = 0
    for kind in asked.only:
        start = time.process_time()
        read, refused, content, how = try_reader(kind, asked.each, asked.seed)
        spent = time.process_time() - start
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{kind:5} read {read:>8,}  refused {refused:>8,}  {spent:7.1f} s  {held} MiB",
            flush=True,
        )
        if content is not None:
            print(f"  fails: {how}\n  {content!r}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
