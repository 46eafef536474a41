"""What is trained when: phases of growing images, and the learning rate.

The rate rises for two epochs, stays, and falls in a straight line to zero over the last epochs (Hägele et al. 2024). Until the fall
begins the plan can still be made longer or shorter without losing what was trained.
"""
from dataclasses import dataclass

WARM_UP_EPOCHS = 2
# Early: half the batches are CutMix, crops are small, photos are turned a little. Late: whole things.
# Last: nearly whole photos, as they are served, so that things are as large as they will be (Touvron et al. 2019, arXiv 1906.06423).
EARLY = {"mix": 0.5, "smallest_area": 0.25, "turn": 0.17}
LATE = {"mix": 0.0, "smallest_area": 0.35, "turn": 0.0}
LAST = {"mix": 0.0, "smallest_area": 0.7, "turn": 0.0}


@dataclass(frozen=True)
class Phase:
    side: int  # of the crops, pixels
    epochs: int
    mix: float  # share of the batches that are CutMix
    smallest_area: float  # of a crop, as a share of the photo
    turn: float  # radians at most


def parse(text):
    """'40x20+,48x14' -> 20 epochs at 40 px with the early augmentation (+), then 14 at 48 px with the late one; 'x4=' with the last one."""
    phases = []
    for part in text.split(","):
        side, epochs = part.rstrip("+=").split("x")
        phases.append(Phase(int(side), int(epochs), **{"+": EARLY, "=": LAST}.get(part[-1], LATE)))
    return phases


def phase_at(phases, epoch):
    for phase in phases:
        if epoch < phase.epochs:
            return phase
        epoch -= phase.epochs
    raise IndexError("after the last phase")


def rate_at(epoch, total, falling, peak):
    """The learning rate at a moment, all times in epochs (fractions too)."""
    return peak * min(1.0, epoch / WARM_UP_EPOCHS, (total - epoch) / falling)
