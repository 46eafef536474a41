"""Random views of a batch: crops, flips, small turns, colours, and patches of other photos (CutMix, Yun et al. 2019).

Every random number comes from the generator that is handed in, so a batch is the same however often it is made again.
"""
import math

import torch
import torch.nn.functional as F

from network import MEAN, STD


def uniform(generator, low, high, *shape):
    return torch.empty(*shape).uniform_(low, high, generator=generator)


def crop(x, side, smallest_area, turn, generator):
    """A random part of each image, flipped half the time and turned by up to `turn` radians, at side x side px."""
    n = len(x)
    area = uniform(generator, smallest_area, 1, n)
    ratio = torch.exp(uniform(generator, math.log(3 / 4), math.log(4 / 3), n))
    w, h = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    flip = torch.where(uniform(generator, 0, 1, n) < 0.5, -1.0, 1.0)
    angle = uniform(generator, -turn, turn, n)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = w * flip * angle.cos(), -w * angle.sin()
    theta[:, 1, 0], theta[:, 1, 1] = h * flip * angle.sin(), h * angle.cos()
    theta[:, 0, 2] = uniform(generator, -1, 1, n) * (1 - w)
    theta[:, 1, 2] = uniform(generator, -1, 1, n) * (1 - h)
    grid = F.affine_grid(theta, (n, 3, side, side), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)


def recolour(x, generator):
    brightness, contrast = uniform(generator, 0.7, 1.3, 2, len(x), 1, 1, 1)
    saturation = uniform(generator, 0.6, 1.4, len(x), 1, 1, 1)
    x = x * brightness
    grey = x.mean((1, 2, 3), keepdim=True)
    x = (x - grey) * contrast + grey
    grey = x.mean(1, keepdim=True)
    return ((x - grey) * saturation + grey).clamp_(0, 1)


def cut_mix(x, labels, generator):
    """Pastes one box of the batch in reverse order. Returns images, the other labels, and the share that is still one's own."""
    side = x.shape[-1]
    cut = int(side * math.sqrt(uniform(generator, 0, 1, 1).item()))
    top, left = (torch.randint(0, side - cut + 1, (2,), generator=generator)).tolist()
    other = x.flip(0)
    x = x.clone()
    x[:, :, top : top + cut, left : left + cut] = other[:, :, top : top + cut, left : left + cut]
    return x, labels.flip(0), 1 - (cut / side) ** 2


def views(images, labels, phase, generator):
    """uint8 [n, h, w, 3] and labels [n] -> normalised float [n, 3, side, side], the other labels [n], the share of one's own."""
    x = images.permute(0, 3, 1, 2).float().div_(255)
    x = recolour(crop(x, phase.side, phase.smallest_area, phase.turn, generator), generator)
    other, share = labels, 1.0
    if uniform(generator, 0, 1, 1).item() < phase.mix:
        x, other, share = cut_mix(x, labels, generator)
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, STD))
    return ((x - mean) / std).contiguous(memory_format=torch.channels_last), other, share
