"""How the site is built: ``make docs``; pages are Markdown, nothing is fetched from the network."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

project = "nianbao 年报"
author = "The nianbao developers"
copyright = "nianbao，MIT 许可"
language = "zh_CN"
html_search_language = "zh"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "generated",
    "pairs",
]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]
exclude_patterns = ["_build", "README.md"]

autodoc_typehints = "none"  # NumPy style docstrings name the types
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "nianbao 年报"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
# Excerpts of found pages would have to be fetched, which a browser refuses for file: pages.
html_show_search_summary = False
html_theme_options = {"top_of_page_buttons": []}
pygments_style = "tango"
