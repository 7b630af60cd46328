"""Which cells of a workbook are shown in percent: 0.95 in such a cell is read as 95% by whoever looks at it.

Imported by the process that reads workbooks, which must start at once: nothing but the standard library here.
"""

import re
import zipfile
from xml.etree import ElementTree

PERCENT_FORMATS = {"9", "10"}  # 0% and 0.00%, which every workbook has
STYLES = "xl/styles.xml"
LARGEST = 64 << 20  # bytes; more styles than that nobody reads
LITERAL = re.compile(r"\"[^\"]*\"|\\\\.|\[[^\]]*\]")  # texts, letters, colours and currencies


def percent_styles(book: zipfile.ZipFile) -> frozenset[str]:
    """The numbers of the styles of cells that are shown in percent."""
    part = next((one for one in book.infolist() if one.filename.lower() == STYLES), None)
    if part is None or part.file_size > LARGEST:
        return frozenset()
    try:
        root = ElementTree.fromstring(book.read(part))
    except ElementTree.ParseError:
        return frozenset()
    in_percent = set(PERCENT_FORMATS)
    for one in root.iter():
        if one.tag.rpartition("}")[2] == "numFmt" and "%" in LITERAL.sub("", one.get("formatCode", "")):
            in_percent.add(one.get("numFmtId", ""))
    lists = [one for one in root.iter() if one.tag.rpartition("}")[2] == "cellXfs"]
    styles = list(lists[0]) if lists else []
    return frozenset(str(at) for at, style in enumerate(styles) if style.get("numFmtId") in in_percent)
