"""jieba as a library: imported quietly."""

from __future__ import annotations

import logging
import sys
import warnings
from functools import cache
from types import ModuleType


@cache
def import_jieba() -> ModuleType:
    """Import jieba without its warnings, its log lines or its dictionary."""
    # jieba 0.42.1 has invalid escapes (SyntaxWarning when first compiled on 3.12) and
    # imports pkg_resources where it is installed (a deprecation warning); neither is for users.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        handlers = list(logging.getLogger("jieba").handlers)
        first = "jieba" not in sys.modules
        import jieba
    if first:
        # It logs DEBUG lines to stderr from the start; who imported it before us keeps theirs.
        logger = logging.getLogger("jieba")
        logger.setLevel(logging.WARNING)
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
    module: ModuleType = jieba
    return module
