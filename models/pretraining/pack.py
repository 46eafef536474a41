"""Packs Tiny ImageNet's folder of JPEG files into four NumPy arrays, so that training reads one file instead of 110,000.

    python3 pack.py --source tiny-imagenet-200 --out DATA

Writes `{train,val}-images.npy` (uint8 [n, 64, 64, 3], RGB), `{train,val}-labels.npy` (int64 [n], an index into the WordNet ids
in alphabetical order) and `labels.json` (those ids with WordNet's words).
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 64
EXPECTED = {"train": 100_000, "val": 10_000}


def train_files(source, ids):
    return [(path, n) for n, wnid in enumerate(ids) for path in sorted((source / "train" / wnid / "images").glob("*.JPEG"))]


def val_files(source, ids):
    lines = (source / "val" / "val_annotations.txt").read_text().splitlines()
    return [(source / "val" / "images" / name, ids.index(wnid)) for name, wnid, *_ in (line.split("\t") for line in lines)]


def read(path):
    """One photo as uint8 [64, 64, 3]; grey ones become RGB."""
    image = np.asarray(Image.open(path).convert("RGB"), dtype=np.uint8)
    if image.shape != (SIDE, SIDE, 3):
        raise SystemExit(f"{path} is {image.shape[1]} x {image.shape[0]} px, not {SIDE} x {SIDE}: is this Tiny ImageNet?")
    return image


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="the folder tiny-imagenet-200")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    ids = sorted((options.source / "wnids.txt").read_text().split())
    for split, files in (("train", train_files(options.source, ids)), ("val", val_files(options.source, ids))):
        if len(files) != EXPECTED[split]:
            raise SystemExit(f"{options.source} has {len(files)} images in {split}, not {EXPECTED[split]}: fetch it again.")
        np.save(options.out / f"{split}-images.npy", np.stack([read(path) for path, _ in files]))
        np.save(options.out / f"{split}-labels.npy", np.array([label for _, label in files], dtype=np.int64))
    words = dict(line.split("\t") for line in (options.source / "words.txt").read_text().splitlines())
    names = [[name.strip() for name in words[wnid].split(",")] for wnid in ids]
    labels = [{"id": wnid, "name": name, "synonyms": rest} for wnid, (name, *rest) in zip(ids, names)]
    (options.out / "labels.json").write_text(json.dumps(labels, indent=1) + "\n")


if __name__ == "__main__":
    main()
