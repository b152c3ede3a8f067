"""Train the theme model: ``python -m nlp.themes LABELS.csv -o FOLDER``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from nlp.themes.baselines import measure_baselines
from nlp.themes.card import write_card
from nlp.themes.codebook import CodebookError, load_codebook
from nlp.themes.labels import LabelError, load_labels
from nlp.themes.storage import save_model
from nlp.themes.training import WRITTEN_SHIFT, train_themes


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, save, and write the card; 0 on success, 2 where the input is at fault."""
    parser = argparse.ArgumentParser(prog="python -m nlp.themes", description="训练主题模型")
    parser.add_argument("labels", help="标注文件（CSV）")
    parser.add_argument("-o", "--output", required=True, help="模型文件夹")
    parser.add_argument("--codebook", help="编码手册（TOML），缺省为随软件附带的")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--shift", type=float, default=WRITTEN_SHIFT, help="各主题阈值比标注上最佳者高多少"
    )
    options = parser.parse_args(arguments)
    try:
        codebook = load_codebook(options.codebook)
        labels = load_labels(options.labels, codebook)
        model = train_themes(labels, codebook, options.seed, shift=options.shift)
    except (CodebookError, LabelError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    baselines = measure_baselines(labels, codebook, model, options.seed)
    model = replace(model, card={**model.card, "baselines": baselines})
    save_model(model, options.output)
    write_card(options.output, codebook)
    return 0


if __name__ == "__main__":
    sys.exit(main())
