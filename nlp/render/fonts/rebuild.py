"""Rebuild the font that ships with the pages.

Run it as ``python nlp/render/fonts/rebuild.py NotoSansCJK-Regular.ttc`` on a machine with
Debian's ``fonts-noto-cjk``.  The result does not depend on the day it is made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Nianbao Sans SC"
TARGET = Path(__file__).with_name("NianbaoSansSC-Regular.woff2")
# Characters of place names and of reports that GB 2312 lacks (names of counties, towns, rivers).
BEYOND_GB2312 = (
    "喆圐圙坉坬坵垕垚垟埇埗堃堌堨堽塆塝塮墕墘峃峣崀崄嵎嵖嶅嶓巘庴彧旸昇晞栟梽梾棬椑榃"
    "槚樑橦氹汧沄沘沚沨泃泜洈洑洣洺浉浥淏淯渼湉溇溠滍滘漖漷潟澥澴濛烜燊牁犇玥珺琎瑄璟"
    "甦甪瞾硚碶礐祎祐禤窎筼簕籓緤纻翀翯胐薳蘷虓赟跶邨鄜镕霅鞨頞飏骉鲘鹮"
)


def list_characters() -> set[int]:
    """Give the code points that the shipped font must show."""
    gb2312 = {
        bytes((row, cell)).decode("gb2312", "ignore")
        for row in range(0xA1, 0xF8)
        for cell in range(0xA1, 0xFF)
    }
    characters = {ord(char) for text in gb2312 for char in text}
    # The first plane of Big5 holds the common characters of traditional script.
    big5 = {
        bytes((row, cell)).decode("big5", "ignore")
        for row in range(0xA4, 0xC7)
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    }
    characters |= {ord(char) for text in big5 for char in text}
    characters |= {ord(char) for char in BEYOND_GB2312}
    for first, last in (
        (0x20, 0x7E),  # ASCII
        (0xA0, 0xFF),  # Latin-1 signs such as × · ±
        (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
        (0x2030, 0x203B),  # per mille, primes, reference mark
        (0x2190, 0x2193),  # arrows
        (0x2460, 0x2473),  # ①–⑳
        (0x3000, 0x303F),  # CJK punctuation
        (0x3220, 0x3229),  # ㈠–㈩
        (0xFF01, 0xFF5E),  # full-width ASCII
    ):
        characters |= set(range(first, last + 1))
    return characters | {0x2248, 0x2260, 0x2264, 0x2265, 0x2212, 0x25A0, 0x25A1, 0x25CF, 0x25CB}


def rename(font: TTFont) -> None:
    """Give the subset a name of its own, so that it never hides an installed font."""
    names = font["name"]
    kept = {0, 13, 14}  # copyright, licence, licence address
    names.names = [n for n in names.names if n.nameID in kept and n.platformID == 3]
    postscript = FAMILY.replace(" ", "") + "-Regular"
    for number, value in ((1, FAMILY), (2, "Regular"), (4, FAMILY), (6, postscript)):
        names.setName(value, number, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [postscript]
        cff.topDictIndex[0].FullName = FAMILY
        cff.topDictIndex[0].FamilyName = FAMILY


def rebuild(source: Path, target: Path = TARGET) -> int:
    """Write the subset of the simplified-Chinese face and give its size in bytes."""
    faces = TTCollection(str(source)).fonts
    font = next(f for f in faces if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = False
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG", "BASE", "GPOS", "GSUB"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list_characters())
    cutter.subset(font)
    rename(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(str(target), reorderTables=True)
    return target.stat().st_size


if __name__ == "__main__":
    sys.stdout.write(f"{TARGET.name}: {rebuild(Path(sys.argv[1]))} bytes\n")
