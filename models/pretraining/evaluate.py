"""Measures a run's averaged network on the validation images: top-1, top-5, temperature, calibration error.

    python3 evaluate.py --data DATA --run RUN [--sides 64,80,96]

The temperature is the one with the least log loss (Guo et al. 2017). ECE: 15 bins of equal mass. Photos are enlarged bilinearly
to sides other than 64 px. All figures are of the whole validation set, by which the temperature is chosen too.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from export import averaged
from network import normalised

BINS = 15


@torch.no_grad()
def logits_of(net, images, side):
    """float [n, classes] for uint8 images [n, 64, 64, 3], in 32-bit floats as they are served."""
    answers = []
    for start in range(0, len(images), 250):
        x = normalised(torch.from_numpy(images[start : start + 250].copy()))
        if side != x.shape[-1]:
            x = F.interpolate(x, size=(side, side), mode="bilinear", align_corners=False, antialias=True)
        answers.append(net(x))
    return torch.cat(answers)


def temperature_of(logits, labels):
    log = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([log], max_iter=100, line_search_fn="strong_wolfe")

    def loss():
        optimiser.zero_grad()
        value = F.cross_entropy(logits / log.exp(), labels)
        value.backward()
        return value

    optimiser.step(loss)
    return log.exp().item()


def calibration_error(logits, labels):
    score, answer = logits.softmax(1).max(1)
    order = score.argsort()
    gaps = [(len(part), (score[part].mean() - (answer[part] == labels[part]).float().mean()).abs()) for part in order.tensor_split(BINS)]
    return sum(n * gap.item() for n, gap in gaps) / len(labels)


def figures(logits, labels):
    hit = logits.topk(5).indices == labels[:, None]
    temperature = temperature_of(logits, labels)
    return {
        "top1": hit[:, 0].float().mean().item(),
        "top5": hit.any(1).float().mean().item(),
        "temperature": temperature,
        "logLoss": F.cross_entropy(logits / temperature, labels).item(),
        "eceBefore": calibration_error(logits, labels),
        "ece": calibration_error(logits / temperature, labels),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--run", type=Path, required=True, help="the folder that train.py wrote")
    parser.add_argument("--sides", default="64", help="of the input, px, with commas")
    options = parser.parse_args()
    net = averaged(options.run).to(memory_format=torch.channels_last)
    images = np.load(options.data / "val-images.npy", mmap_mode="r")
    labels = torch.from_numpy(np.load(options.data / "val-labels.npy"))
    for side in map(int, options.sides.split(",")):
        measured = figures(logits_of(net, images, side), labels)
        print(json.dumps({"side": side, **{name: round(value, 4) for name, value in measured.items()}}), flush=True)


if __name__ == "__main__":
    main()
