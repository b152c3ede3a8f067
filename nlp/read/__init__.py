"""Reading: a file becomes ``Pages``, whatever its name says it is.

>>> from nlp.read import read_bytes
>>> pages = read_bytes("某县2024年政府信息公开工作年度报告\\n一、总体情况".encode(), "某县.txt")
>>> pages.kind, [block.text for block in pages.pages[0].blocks]
('text', ['某县2024年政府信息公开工作年度报告', '一、总体情况'])
"""

from nlp.read.dispatch import MAX_BYTES, read, read_bytes

__all__ = ["MAX_BYTES", "read", "read_bytes"]
