"""The network that is pretrained: a residual network whose last feature map feeds one linear layer.

Basic blocks (He et al. 2015) with average-pool shortcuts and, where the map is small, channel attention (squeeze and
excitation, Hu et al. 2018). An image of side s gives a feature map of side s / 16 with FEATURES channels.
"""
import torch
from torch import nn

WIDTHS = (32, 64, 128, 256)
BLOCKS = (2, 2, 4, 2)
FEATURES = 512
CLASSES = 200
# From this stage on blocks have channel attention: there it costs next to nothing.
FIRST_STAGE_WITH_ATTENTION = 2
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def conv_bn(inputs, outputs, kernel=3, stride=1):
    return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]


class ChannelAttention(nn.Module):
    """Scales each channel by a number in (0, 2) that depends on the means of all channels; untrained, by 1."""

    def __init__(self, width, reduction=8):
        super().__init__()
        self.weigh = nn.Sequential(
            nn.Conv2d(width, width // reduction, 1), nn.ReLU(inplace=True), nn.Conv2d(width // reduction, width, 1), nn.Sigmoid()
        )
        nn.init.zeros_(self.weigh[2].weight)
        nn.init.zeros_(self.weigh[2].bias)

    def forward(self, x):
        return x * (2 * self.weigh(x.mean((2, 3), keepdim=True)))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, attention):
        super().__init__()
        self.branch = nn.Sequential(
            *conv_bn(inputs, outputs, 3, stride),
            nn.ReLU(inplace=True),
            *conv_bn(outputs, outputs),
            *([ChannelAttention(outputs)] if attention else []),
        )
        nn.init.zeros_(self.branch[4].weight)  # each block starts as the identity (Goyal et al. 2017)
        pool = [nn.AvgPool2d(2, ceil_mode=True)] if stride == 2 else []
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else nn.Sequential(*pool, *conv_bn(inputs, outputs, 1))

    def forward(self, x):
        return torch.relu(self.branch(x) + self.shortcut(x))


class Network(nn.Module):
    """Normalised images float [n, 3, h, w] -> logits [n, CLASSES]; `body` gives the feature map [n, FEATURES, h/16, w/16]."""

    def __init__(self):
        super().__init__()
        layers, inputs = [*conv_bn(3, WIDTHS[0], 3, 2), nn.ReLU(inplace=True)], WIDTHS[0]
        for stage, (width, blocks) in enumerate(zip(WIDTHS, BLOCKS)):
            for block in range(blocks):
                stride = 2 if stage > 0 and block == 0 else 1
                layers.append(BasicBlock(inputs, width, stride, stage >= FIRST_STAGE_WITH_ATTENTION))
                inputs = width
        self.body = nn.Sequential(*layers, *conv_bn(inputs, FEATURES, 1), nn.ReLU(inplace=True))
        self.head = nn.Linear(FEATURES, CLASSES)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))


def normalised(images):
    """uint8 NHWC RGB -> what the network takes, float NCHW in channels-last memory."""
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, STD))
    x = images.permute(0, 3, 1, 2).float().div_(255)
    return ((x - mean) / std).contiguous(memory_format=torch.channels_last)
