"""Fits what tells "none of these": one more logit, for the background, on drawn pictures against training photos.

    python3 background.py --data DATA --run RUN

The network stays as it is. An image's out-of-set score is the background's logit less the log-sum-exp of the 200 others, so that its
sigmoid is the share of the background in a softmax over 201 classes. The strength of the L2 penalty is the one that does best on
whole families of pictures that were left out. Writes RUN/background.npz (weight [512], bias) for export.py, and RUN/background.json.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from drawn import pictures
from export import averaged
from network import normalised

SIDE = 64
DRAWN_OF_A_KIND = 300
PHOTOS = 20_000
STRENGTHS = (0.001, 0.01, 0.1)


def served(picture):
    """As the service does: shorter side to 64 px, centre square."""
    w, h = picture.size
    crop = min(w, h)
    left, top = (w - crop) // 2, (h - crop) // 2
    return np.asarray(picture.crop((left, top, left + crop, top + crop)).resize((SIDE, SIDE), Image.LANCZOS))


@torch.no_grad()
def answers(net, images):
    """Features [n, 512] and log-sum-exp of the logits [n] of uint8 images [n, 64, 64, 3]."""
    features, sums = [], []
    for start in range(0, len(images), 250):
        feature = net.body(normalised(torch.from_numpy(np.ascontiguousarray(images[start : start + 250])))).mean((2, 3))
        features.append(feature)
        sums.append(net.head(feature).logsumexp(1))
    return torch.cat(features), torch.cat(sums)


def fit(photos, drawn, strength):
    """Logistic regression on standardised features, both sides weighing the same. Returns weight and bias for features as they are."""
    (x0, s0), (x1, s1) = photos, drawn
    mean, deviation = x0.mean(0), x0.std(0) + 1e-3
    weight, bias = torch.zeros(x0.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")
    z0, z1 = (x0 - mean) / deviation, (x1 - mean) / deviation

    def loss():
        optimiser.zero_grad()
        value = F.softplus(z0 @ weight + bias - s0).mean() + F.softplus(s1 - z1 @ weight - bias).mean() + strength * weight.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    scaled = weight.detach() / deviation
    return scaled, bias.detach() - scaled @ mean


def score(answer, fitted):
    return answer[0] @ fitted[0] + fitted[1] - answer[1]


def auroc(known, other):
    """The chance that one of the others scores higher than a known one."""
    order = np.sort(known.numpy())
    values = other.numpy()
    return float((np.searchsorted(order, values, "left") + np.searchsorted(order, values, "right")).mean() / 2 / len(order))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--run", type=Path, required=True, help="the folder that train.py wrote")
    options = parser.parse_args()
    net = averaged(options.run)
    train, validation = (np.load(options.data / f"{s}-images.npy", mmap_mode="r") for s in ("train", "val"))
    picked = np.sort(np.random.default_rng(0).permutation(len(train))[:PHOTOS])
    photos, judges = answers(net, train[picked]), answers(net, validation)
    drawn = {}
    for family, _, _, picture in pictures(DRAWN_OF_A_KIND, seed=0):
        drawn.setdefault(family, []).append(served(picture))
    drawn = {family: answers(net, np.stack(images)) for family, images in drawn.items()}

    def together(left_out=None):
        kept = [answer for family, answer in drawn.items() if family != left_out]
        return tuple(torch.cat(part) for part in zip(*kept))

    unseen = {}
    for strength in STRENGTHS:
        fits = {family: fit(photos, together(family), strength) for family in drawn}
        unseen[strength] = {family: round(auroc(score(judges, f), score(drawn[family], f)), 4) for family, f in fits.items()}
        print(strength, unseen[strength], flush=True)
    best = max(STRENGTHS, key=lambda strength: np.mean(list(unseen[strength].values())))
    weight, bias = fit(photos, together(), best)
    np.savez(options.run / "background.npz", weight=weight.numpy(), bias=bias.numpy())
    energy = {family: round(auroc(-judges[1], -answer[1]), 4) for family, answer in drawn.items()}
    mean = {name: round(float(np.mean(list(figures.values()))), 4) for name, figures in (("unseen", unseen[best]), ("energy", energy))}
    report = {"strength": best, "mean": mean, "familyLeftOut": unseen[best], "energyOfTheLogits": energy}
    (options.run / "background.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
