"""Starts a run from an exported network, which may have fewer blocks: what it has learned is kept, what is new changes nothing yet.

    python3 grow.py --data DATA --graph ../everyday-objects/model.onnx --out RUN

Writes `RUN/start.pt`, from which `train.py` begins when RUN has no checkpoint. Needs the Python package onnx.

In an exported network batch normalisation has become part of the convolutions. Here it is put back: its statistics are measured on
training images, and scale and shift are set so that each layer gives what it gave (float32 rounding aside). Blocks that the graph lacks
start as the identity, channel attention as a factor of 1 (function-preserving growth: Chen et al. 2016, arXiv 1511.05641).
"""
import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

import network
from network import ChannelAttention, Network, normalised

IMAGES_MEASURED = 4000


def layers(path):
    """Weights and biases of the convolutions in the order in which they are computed, and those of the head."""
    graph = onnx.load(str(path)).graph
    values = {i.name: torch.from_numpy(numpy_helper.to_array(i).astype(np.float32)) for i in graph.initializer}
    convolutions, head = [], None
    for node in graph.node:
        if node.op_type == "Constant":
            values[node.output[0]] = torch.from_numpy(np.array(numpy_helper.to_array(node.attribute[0].t), dtype=np.float32))
        elif node.op_type == "Cast" and node.input[0] in values:
            values[node.output[0]] = values[node.input[0]]
        elif node.op_type == "Conv":
            convolutions.append((values[node.input[1]], values[node.input[2]]))
        elif node.op_type == "Gemm":
            head = (values[node.input[1]], values[node.input[2]])
    return convolutions, head


def blocks_of(net):
    """The blocks of a network by stages."""
    blocks = iter([layer for layer in net.body if isinstance(layer, network.BasicBlock)])
    return [[next(blocks) for _ in range(count)] for count in network.BLOCKS]


def places(net, counts, attention):
    """Where convolutions of a graph with so many blocks in each stage belong: each with its batch normalisation, or None."""
    yield net.body[0], net.body[1]
    for stage, count in zip(blocks_of(net), counts):
        for block in stage[:count]:
            yield block.branch[0], block.branch[1]
            yield block.branch[3], block.branch[4]
            weighed = [m for m in block.branch if isinstance(m, ChannelAttention)]
            for module in weighed if attention else []:
                yield module.weigh[0], None
                yield module.weigh[2], None
            if not isinstance(block.shortcut, nn.Identity):
                yield block.shortcut[-2], block.shortcut[-1]
    yield net.body[-3], net.body[-2]


def copied(net, path):
    """Copies the graph's weights; returns the batch normalisations that now only add a bias."""
    convolutions, head = layers(path)
    for counts, attention in ((network.BLOCKS, True), ((2, 2, 2, 2), False)):
        found = list(places(net, counts, attention))
        if [tuple(c.weight.shape) for c, _ in found] == [tuple(w.shape) for w, _ in convolutions]:
            break
    else:
        raise SystemExit(f"{path} has {len(convolutions)} convolutions, which do not fit network.py: give a graph of its widths.")
    for (conv, norm), (weight, bias) in zip(found, convolutions):
        conv.weight.data.copy_(weight)
        if norm is None:
            conv.bias.data.copy_(bias)
        else:
            norm.weight.data.fill_((1 + norm.eps) ** 0.5)
            norm.bias.data.copy_(bias)
    net.head.weight.data.copy_(head[0])
    net.head.bias.data.copy_(head[1])
    return [pair for pair in found if pair[1] is not None]


@torch.no_grad()
def normalise_again(net, pairs, images):
    """Gives batch normalisations the statistics of these images, filters length 1, and leaves the function as it is."""
    sums = {norm: torch.zeros(2, norm.num_features, dtype=torch.float64) for _, norm in pairs}
    counts = dict.fromkeys(sums, 0)

    def measure(norm, inputs):
        values = inputs[0].double()
        sums[norm] += torch.stack([values.sum((0, 2, 3)), values.square().sum((0, 2, 3))])
        counts[norm] += values.numel() // values.shape[1]

    hooks = [norm.register_forward_pre_hook(measure) for norm in sums]
    for start in range(0, len(images), 250):
        net(normalised(torch.from_numpy(images[start : start + 250])))
    for hook in hooks:
        hook.remove()
    for conv, norm in pairs:
        mean = (sums[norm][0] / counts[norm]).float()
        variance = (sums[norm][1] / counts[norm]).float() - mean.square()
        length = conv.weight.flatten(1).norm(dim=1).clamp(min=1e-6)
        norm.weight.copy_((variance.clamp(min=0) + norm.eps * length.square()).sqrt())
        norm.bias.add_(mean)
        conv.weight.div_(length.view(-1, 1, 1, 1))
        norm.running_mean.copy_(mean / length)
        norm.running_var.copy_(variance.clamp(min=0) / length.square())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--graph", type=Path, required=True, help="an exported network with its head")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the run")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    images = np.load(options.data / "train-images.npy", mmap_mode="r")
    picked = np.sort(np.random.default_rng(options.seed).permutation(len(images))[:IMAGES_MEASURED])
    net = Network().eval()
    images = np.ascontiguousarray(images[picked])
    pairs = copied(net, options.graph)
    sample = normalised(torch.from_numpy(images[:100]))
    with torch.no_grad():
        before = net(sample)
        normalise_again(net, pairs, images)
        difference = (net(sample) - before).abs().max().item()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), options.out / "start.pt")
    print(f"{options.out / 'start.pt'}: logits differ by at most {difference:.1e} from {options.graph}")


if __name__ == "__main__":
    main()
