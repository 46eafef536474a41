"""Sorts Tiny ImageNet's validation images into a folder per class, as the product's tools read them.

    python3 folders.py --source tiny-imagenet-200 --out FOLDER
"""
import argparse
import shutil
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="the folder tiny-imagenet-200")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for line in (options.source / "val" / "val_annotations.txt").read_text().splitlines():
        name, wnid, *_ = line.split("\t")
        (options.out / wnid).mkdir(parents=True, exist_ok=True)
        shutil.copy(options.source / "val" / "images" / name, options.out / wnid / name)


if __name__ == "__main__":
    main()
