"""Pretrains the network on packed Tiny ImageNet. Stopped at any moment, the same command goes on where it was.

    python3 train.py --data DATA --out RUN [--plan 40x20+,48x70+,48x14,64x14]

Begins with `RUN/start.pt` (grow.py) where there is one, else with random weights.
Writes to RUN: `checkpoint.pt` (weights, momentum, moving average, step; every four minutes, replaced in one move) and `curve.csv`.
A step depends on nothing but the checkpoint, the seed and the step's number, so a resumed run equals one that was never stopped.
"""
import argparse
import copy
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import plan
import workers
from augment import views
from network import Network, normalised

CHECKPOINT_SECONDS = 240
AVERAGE_STEPS = 4
EVALUATED_SIDE = 64
COLUMNS = "epoch,side,rate,loss,top1,top5,hours"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--out", type=Path, required=True, help="the folder of this run")
    parser.add_argument("--plan", default="40x20+,48x70+,48x14,64x14", help="side in px x epochs, ...; + is early augmentation")
    parser.add_argument("--falling", type=int, default=36, help="last epochs, over which the learning rate falls to zero")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=0.8)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--average", type=float, default=0.9995, help="decay of the moving average of the weights, a step")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--evaluate-every", type=int, default=2, help="epochs")
    parser.add_argument("--replan", action="store_true", help="go on from the checkpoint although the settings have changed")
    return parser.parse_args()


class Run:
    """All that changes while training, and how it is kept."""

    def __init__(self, options):
        torch.manual_seed(options.seed)
        self.net = Network()
        start = options.out / "start.pt"
        if start.exists():
            self.net.load_state_dict(torch.load(start))
        self.net = self.net.to(memory_format=torch.channels_last)
        self.mean = copy.deepcopy(self.net)
        many = [p for p in self.net.parameters() if p.ndim > 1]
        few = [p for p in self.net.parameters() if p.ndim <= 1]
        groups = [{"params": many, "weight_decay": options.weight_decay}, {"params": few, "weight_decay": 0.0}]
        self.optimiser = torch.optim.SGD(groups, lr=options.rate, momentum=0.9, nesterov=True, foreach=True)
        self.step, self.losses, self.seconds, self.curve = 0, 0.0, 0.0, []
        self.path = options.out / "checkpoint.pt"
        same = ("plan", "falling", "batch", "rate", "weight_decay", "average", "seed", "workers")
        self.settings = {name: getattr(options, name) for name in same}

    def resume(self, replan):
        if not self.path.exists():
            return
        kept = torch.load(self.path)
        changed = {k: v for k, v in self.settings.items() if kept["settings"][k] != v}
        if changed and not replan:
            before = {k: kept["settings"][k] for k in changed}
            raise SystemExit(f"{self.path} was made with {before}, not {changed}: use those, another --out, or --replan.")
        self.net.load_state_dict(kept["net"])
        self.mean.load_state_dict(kept["mean"])
        self.optimiser.load_state_dict(kept["optimiser"])
        for name in ("step", "losses", "seconds", "curve"):
            setattr(self, name, kept[name])

    def share_statistics(self):
        """Each process has seen other images: the running statistics of batch normalisation become the mean of theirs."""
        for net in (self.net, self.mean):
            workers.average([b for b in net.buffers() if b.is_floating_point()])

    def save(self):
        state = {"net": self.net.state_dict(), "mean": self.mean.state_dict(), "optimiser": self.optimiser.state_dict()}
        state.update(settings=self.settings, step=self.step, losses=self.losses, seconds=self.seconds, curve=self.curve)
        partial = self.path.with_suffix(".partial")
        with open(partial, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self.path)

    @torch.no_grad()
    def update_mean(self, decay):
        keep = min(decay ** AVERAGE_STEPS, (1 + self.step) / (10 + self.step))
        new, old = self.net.state_dict().values(), self.mean.state_dict().values()
        pairs = [(o, n) for o, n in zip(old, new) if o.is_floating_point()]
        torch._foreach_mul_([o for o, _ in pairs], keep)
        torch._foreach_add_([o for o, _ in pairs], [n for _, n in pairs], alpha=1 - keep)


def train_step(run, images, labels, phase, rate, generator, due):
    """One step of all processes. Returns the loss here, and whether a checkpoint is due in any of them."""
    x, other, share = views(images, labels, phase, generator)
    with torch.autocast("cpu", torch.bfloat16):
        logits = run.net(x)
    logits = logits.float()
    loss = share * F.cross_entropy(logits, labels) + (1 - share) * F.cross_entropy(logits, other)
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    vote = torch.tensor(float(due))
    workers.average([*(p.grad for p in run.net.parameters()), vote])
    for group in run.optimiser.param_groups:
        group["lr"] = rate
    run.optimiser.step()
    return loss.item(), vote.item() > 0


@torch.no_grad()
def evaluate(net, images, labels):
    """How many of these images are right, and how many have the label among the first five."""
    net.eval()
    hits = torch.zeros(2)
    for start in range(0, len(labels), 250):
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(normalised(torch.from_numpy(images[start : start + 250].copy())))
        hit = logits.float().topk(5).indices == torch.from_numpy(labels[start : start + 250, None].copy())
        hits += torch.stack([hit[:, 0].sum(), hit.sum()])
    return hits.tolist()


def end_of_epoch(run, epoch, steps, phase, rate, rank, count, options, validation):
    top1 = top5 = float("nan")
    last = epoch + 1 == sum(p.epochs for p in plan.parse(options.plan))
    if (epoch + 1) % options.evaluate_every == 0 or last:
        images, labels = validation
        mine = slice(rank, None, count)
        top1, top5 = (n / len(labels) for n in workers.total(evaluate(run.mean, images[mine], labels[mine])))
    run.curve.append(f"{epoch + 1},{phase.side},{rate:.4f},{run.losses / steps:.4f},{top1:.4f},{top5:.4f},{run.seconds / 3600:.2f}")
    run.losses = 0.0
    if rank == 0:
        print(run.curve[-1], flush=True)
        (options.out / "curve.csv").write_text("\n".join([COLUMNS, *run.curve]) + "\n")


def work(rank, count, options):
    train, val = ([np.load(options.data / f"{s}-{k}.npy", mmap_mode="r") for k in ("images", "labels")] for s in ("train", "val"))
    phases = plan.parse(options.plan)
    epochs, steps, part = sum(p.epochs for p in phases), len(train[1]) // options.batch, options.batch // count
    run = Run(options)
    run.resume(options.replan)
    clock = saved = time.monotonic()
    while run.step < epochs * steps:
        epoch, k = divmod(run.step, steps)
        phase = plan.phase_at(phases, epoch)
        rate = plan.rate_at((run.step + 1) / steps, epochs, options.falling, options.rate)
        order = np.random.default_rng((options.seed, epoch)).permutation(len(train[1]))
        pick = np.sort(order[k * options.batch + rank * part :][:part])
        generator = torch.Generator().manual_seed((options.seed * 1_000_003 + run.step) * count + rank)
        images, labels = (torch.from_numpy(np.ascontiguousarray(a[pick])) for a in train)
        loss, due = train_step(run, images, labels, phase, rate, generator, clock - saved > CHECKPOINT_SECONDS)
        run.losses += loss
        run.step += 1
        run.seconds, clock = run.seconds + time.monotonic() - clock, time.monotonic()
        if run.step % AVERAGE_STEPS == 0:
            run.update_mean(options.average)
        if k + 1 == steps or due:
            run.share_statistics()
            run.losses = workers.total([run.losses / count])[0]
            if k + 1 == steps:
                end_of_epoch(run, epoch, steps, phase, rate, rank, count, options, val)
            saved = clock
            if rank == 0:
                run.save()
                loss = run.losses / max(1, run.step % steps)
                print(f"step {run.step} of {epochs * steps}, loss so far {loss:.3f}, {run.seconds / 3600:.2f} h", flush=True)


def main():
    options = arguments()
    if options.batch % options.workers:
        raise SystemExit(f"A batch of {options.batch} cannot be shared evenly by {options.workers} workers: change one of them.")
    options.out.mkdir(parents=True, exist_ok=True)
    workers.run(options.workers, work, options)


if __name__ == "__main__":
    main()
