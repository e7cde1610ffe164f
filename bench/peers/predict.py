"""Loads a classifier from a state dict and predicts one image: predict.py ARCH WEIGHTS IMAGE"""
import json
import os
import sys

import torch
from PIL import Image
from torchvision import models, transforms

arch, weights, path = sys.argv[1:4]
torch.set_num_threads(os.cpu_count())  # Debian's build starts with one thread; the tutorials assume all of them

preprocess = transforms.Compose([
    transforms.Resize(256),
    transforms.CenterCrop(224),
    transforms.ToTensor(),
    transforms.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
])

model = getattr(models, arch)()
model.load_state_dict(torch.load(weights))
model.eval()

image = Image.open(path).convert("RGB")
with torch.no_grad():
    logits = model(preprocess(image).unsqueeze(0))[0]
top = torch.softmax(logits, 0).topk(5)
print(json.dumps({"labels": top.indices.tolist(), "probabilities": top.values.tolist(), "logits": logits.tolist()}))
