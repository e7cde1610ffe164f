"""Loads weights with torch.load: alone, or into a network as one does to use it: load.py ARCH WEIGHTS dict|network [read]

With "read", every number is read once afterwards.
"""
import json
import os
import resource
import sys
import time

import torch
from torchvision import models

arch, weights, what = sys.argv[1:4]
torch.set_num_threads(os.cpu_count())  # Debian's build starts with one thread; the tutorials assume all of them

start = time.perf_counter()
if what == "dict":
    tensors = torch.load(weights)
else:
    model = getattr(models, arch)()
    model.load_state_dict(torch.load(weights))
    model.eval()
    tensors = model.state_dict()
total = sum(t.double().sum().item() for t in tensors.values()) if "read" in sys.argv else None
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_megabytes": peak, "total": total}))
