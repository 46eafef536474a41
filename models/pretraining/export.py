"""Writes a run's averaged network as ONNX: `everyday-objects.onnx` with the 200-class head, `backbone.onnx` without.

    python3 export.py --run RUN --out FOLDER

Input `image`: uint8 [n, h, w, 3], RGB, 48 to 256 px a side; normalisation is inside, so that nobody does it twice or differently.
Outputs `features` [n, 512], `feature_map` [n, 512, h/16, w/16], `logits` [n, 200] in the order of labels.json and, after background.py,
`out_of_set` [n]: the logit of the background less the log-sum-exp of the others.
Weights of convolutions are stored as 16-bit floats and computed with as 32-bit ones, into which ONNX Runtime turns them when it loads.
"""
import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from network import MEAN, STD, Network

OPSET = 17


class HalfConv2d(nn.Module):
    """A convolution whose weight takes half the room."""

    def __init__(self, conv):
        super().__init__()
        self.stride, self.padding = conv.stride, conv.padding
        self.register_buffer("weight", conv.weight.detach().half())
        self.register_buffer("bias", conv.bias.detach())

    def forward(self, x):
        return F.conv2d(x, self.weight.float(), self.bias, self.stride, self.padding)


def compact(module):
    """The same function without batch normalisation, which becomes part of the convolution before it."""
    children, result = list(module.children()), []
    if not isinstance(module, nn.Sequential):
        for name, child in module.named_children():
            setattr(module, name, HalfConv2d(child) if isinstance(child, nn.Conv2d) else compact(child))
        return module
    for child in children:
        if isinstance(child, nn.BatchNorm2d):
            result[-1] = fuse_conv_bn_eval(result[-1], child)
        else:
            result.append(child)
    return nn.Sequential(*(HalfConv2d(c) if isinstance(c, nn.Conv2d) else compact(c) for c in result))


class Exported(nn.Module):
    """`background`: weight [512] and bias of the logit that background.py fitted, or None."""

    def __init__(self, net, with_head, background):
        super().__init__()
        self.body, self.head = compact(net.body), net.head if with_head else None
        self.tells_out_of_set = with_head and background is not None
        if self.tells_out_of_set:
            self.register_buffer("background_weight", torch.from_numpy(background["weight"]).view(-1, 1))
            self.register_buffer("background_bias", torch.from_numpy(background["bias"]))
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1) * 255)
        self.register_buffer("scale", 1 / (torch.tensor(STD).view(1, 3, 1, 1) * 255))

    def forward(self, image):
        feature_map = self.body((image.permute(0, 3, 1, 2).float() - self.mean) * self.scale)
        features = feature_map.mean((2, 3))
        if self.head is None:
            return features, feature_map
        logits = self.head(features)
        if not self.tells_out_of_set:
            return logits, features, feature_map
        background = (features @ self.background_weight).squeeze(1) + self.background_bias
        return logits, background - torch.logsumexp(logits, 1), features, feature_map


def averaged(run):
    """The moving average of the weights in a run's checkpoint, for use (not for training)."""
    net = Network()
    net.load_state_dict(torch.load(run / "checkpoint.pt", map_location="cpu")["mean"])
    return net.eval()


def export(run, path, with_head):
    kept = run / "background.npz"
    background = np.load(kept) if with_head and kept.exists() else None
    names = (["logits"] if with_head else []) + ([] if background is None else ["out_of_set"]) + ["features", "feature_map"]
    axes = {"image": {0: "n", 1: "h", 2: "w"}, "feature_map": {0: "n", 2: "fh", 3: "fw"}, **{name: {0: "n"} for name in names[:-1]}}
    torch.onnx.export(
        Exported(averaged(run), with_head, background).eval(),
        (torch.zeros(2, 64, 64, 3, dtype=torch.uint8),),
        path,
        opset_version=OPSET,
        do_constant_folding=False,  # it would turn the weights into 32-bit floats again
        input_names=["image"],
        output_names=names,
        dynamic_axes=axes,
    )
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True, help="the folder that train.py wrote")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    export(options.run, options.out / "everyday-objects.onnx", with_head=True)
    export(options.run, options.out / "backbone.onnx", with_head=False)


if __name__ == "__main__":
    main()
