"""What a page must be, whatever it says: whole, in order, labelled, and with nothing inline."""

from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
BLOCKS = {"div", "dl", "form", "h1", "h2", "h3", "ol", "p", "pre", "section", "table", "ul"}
PARENTS = {
    "dd": {"dl"},
    "dt": {"dl"},
    "li": {"ol", "ul"},
    "option": {"select"},
    "summary": {"details"},
    "td": {"tr"},
    "th": {"tr"},
}


class Page(HTMLParser):
    """A page taken apart. `faults` says what is wrong with it; `links` where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str]] = []
        self.language = ""
        self.text: list[str] = []
        self.outside: list[str] = []
        if not html.startswith("<!doctype html>"):
            self.faults.append("no doctype")
        self.feed(html)
        self.close()
        self.judge()

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        parent = self.open[-1] if self.open else ""
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.faults.append(f"<{tag}> in <{parent}>")
        if tag in BLOCKS and "p" in self.open[-1:]:
            self.faults.append(f"<{tag}> in <p>")
        if tag in ("a", "button") and {"a", "button"} & set(self.open):
            self.faults.append(f"<{tag}> in a link or button")
        if len(found) != len(attributes):
            self.faults.append(f"an attribute twice in <{tag}>")
        self.see(tag, found)
        if tag not in VOID:
            self.open.append(tag)

    def see(self, tag, found):
        inline = [name for name in found if name == "style" or name.startswith("on")]
        if inline or tag == "style" or (tag == "script" and "src" not in found):
            self.faults.append(f"inline {inline or tag}")
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "html":
            self.language = found.get("lang", "")
        if tag == "a":
            self.links.append(found.get("href", ""))
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.labelled.add(found.get("for", ""))
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden":
            self.controls.append(found)
        if tag == "svg" and found.get("role") == "img" and "aria-hidden" in found:
            self.faults.append("a picture that is hidden from readers")
        address = found.get("src") or (found.get("href", "") if tag == "link" else "")
        if address.startswith(("http:", "https:", "//")):
            self.outside.append(address)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self.open[-1] if self.open else ''}>")
        else:
            self.open.pop()

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)

    def judge(self):
        if self.open:
            self.faults.append(f"never closed: {self.open}")
        twice = {i for i in self.ids if self.ids.count(i) > 1}
        if twice:
            self.faults.append(f"ids twice: {twice}")
        if self.headings.count(1) != 1 or self.headings[0] != 1:
            self.faults.append(f"not one first heading: {self.headings}")
        jumps = [b for a, b in zip(self.headings, self.headings[1:], strict=False) if b > a + 1]
        if jumps:
            self.faults.append(f"headings leave out a level: {self.headings}")
        for control in self.controls:
            if control.get("id", "") not in self.labelled and "aria-label" not in control:
                self.faults.append(f"no label for {control}")
        if self.outside:
            self.faults.append(f"from elsewhere: {self.outside}")

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())
