"""Statements → themes: train, tag, save and load, by a codebook that users can edit."""

from nlp.themes.codebook import Codebook, CodebookError, load_codebook
from nlp.themes.explain import Evidence, explain_tags
from nlp.themes.labels import Label, LabelError, load_labels
from nlp.themes.model import ThemeModel
from nlp.themes.storage import ModelError, load_model, save_model
from nlp.themes.training import train_themes

__all__ = [
    "Codebook",
    "CodebookError",
    "Evidence",
    "Label",
    "LabelError",
    "ModelError",
    "ThemeModel",
    "explain_tags",
    "load_codebook",
    "load_labels",
    "load_model",
    "save_model",
    "train_themes",
]
