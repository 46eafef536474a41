"""Two or more processes that train as one: each takes its part of a batch, and gradients are averaged after every step.

One thread a process: on a shared CPU threads that meet after every layer wait for each other far more than processes that meet once a step.
"""
import os
import tempfile

import torch
import torch.distributed as dist
import torch.multiprocessing as mp


def _join(rank, count, meeting, work, argument):
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=count)
    work(rank, count, argument)


def run(count, work, argument):
    """Calls work(rank, count, argument) in `count` processes, the first of which is this one. One that ends takes the others with it."""
    with tempfile.TemporaryDirectory() as folder:
        meeting = os.path.join(folder, "meeting")
        context = mp.get_context("spawn")
        others = [context.Process(target=_join, args=(rank, count, meeting, work, argument), daemon=True) for rank in range(1, count)]
        for process in others:
            process.start()
        _join(0, count, meeting, work, argument)
        for process in others:
            process.join()


def average(tensors):
    """Replaces float tensors by their mean over the processes, in one message."""
    flat = torch.cat([t.reshape(-1) for t in tensors])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for tensor, mean in zip(tensors, flat.split([t.numel() for t in tensors])):
        tensor.copy_(mean.view_as(tensor))


def total(numbers):
    """The sum of each number over the processes."""
    sums = torch.tensor(numbers, dtype=torch.float64)
    dist.all_reduce(sums)
    return sums.tolist()
