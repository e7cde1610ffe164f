"""Fine-tuning steps a second, all parameters, AdamW, on images in memory: steps.py ARCH WEIGHTS BATCH STEPS [bf16]"""
import json
import os
import sys
import time

import torch
from torch import nn, optim
from torchvision import models

arch, weights, batch, steps = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
low = len(sys.argv) > 5 and sys.argv[5] == "bf16"
torch.set_num_threads(os.cpu_count())  # Debian's build starts with one thread; the tutorials assume all of them
torch.manual_seed(0)

model = getattr(models, arch)()
model.load_state_dict(torch.load(weights))
model.train()
criterion = nn.CrossEntropyLoss()
optimizer = optim.AdamW(model.parameters(), lr=1e-4)
images, labels = torch.randn(batch, 3, 224, 224), torch.randint(0, 1000, (batch,))

times = []
for _ in range(steps + 1):
    start = time.perf_counter()
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=low):
        logits = model(images)
    loss = criterion(logits.float(), labels)
    loss.backward()
    optimizer.step()
    loss.item()
    times.append(time.perf_counter() - start)
times = sorted(times[1:])  # the first step warms up
median = times[len(times) // 2]
print(json.dumps({"seconds_per_step": median, "steps_per_second": 1 / median, "loss": loss.item()}))
