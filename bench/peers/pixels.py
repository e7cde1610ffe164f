"""Milliseconds of each operation of augmentation, by torchvision on a Pillow image: pixels.py IMAGE"""
import json
import sys
import time

import torch
from PIL import Image
from torchvision.transforms import InterpolationMode as Mode
from torchvision.transforms import autoaugment
from torchvision.transforms import functional as F

torch.set_num_threads(1)
image = Image.open(sys.argv[1]).convert("RGB").resize((500, 375), Image.Resampling.BILINEAR)
corners, tilted = [[0, 0], [499, 0], [499, 374], [0, 374]], [[30, 20], [470, 10], [480, 360], [12, 350]]
operations = {
    "horizontal flip": lambda: F.hflip(image),
    "vertical flip": lambda: F.vflip(image),
    "rotate, nearest": lambda: F.rotate(image, 17, Mode.NEAREST),
    "rotate, bilinear": lambda: F.rotate(image, 17, Mode.BILINEAR),
    "rotate, bicubic": lambda: F.rotate(image, 17, Mode.BICUBIC),
    "translate, nearest": lambda: autoaugment._apply_op(image, "TranslateX", 40, Mode.NEAREST, None),
    "shear, nearest": lambda: autoaugment._apply_op(image, "ShearX", 0.2, Mode.NEAREST, None),
    "perspective, nearest": lambda: F.perspective(image, corners, tilted, Mode.NEAREST),
    "perspective, bilinear": lambda: F.perspective(image, corners, tilted, Mode.BILINEAR),
    "perspective, bicubic": lambda: F.perspective(image, corners, tilted, Mode.BICUBIC),
    "pad, reflect": lambda: F.pad(image, [20, 20, 20, 20], padding_mode="reflect"),
    "brightness": lambda: F.adjust_brightness(image, 1.3),
    "contrast": lambda: F.adjust_contrast(image, 1.3),
    "saturation": lambda: F.adjust_saturation(image, 1.3),
    "sharpness": lambda: F.adjust_sharpness(image, 1.7),
    "hue": lambda: F.adjust_hue(image, 0.1),
    "gamma": lambda: F.adjust_gamma(image, 1.4),
    "grayscale": lambda: F.to_grayscale(image, 3),
    "autocontrast": lambda: F.autocontrast(image),
    "equalize": lambda: F.equalize(image),
    "invert": lambda: F.invert(image),
    "posterize": lambda: F.posterize(image, 4),
    "solarize": lambda: F.solarize(image, 110),
    "gaussian blur, 5 x 5": lambda: F.gaussian_blur(image, [5, 5], [1.1, 1.1]),
    "gaussian blur, 23 x 23": lambda: F.gaussian_blur(image, [23, 23], [3.5, 3.5]),
}
least = {}
for name, run in operations.items():
    run()
    whole = time.perf_counter()
    times = []
    while len(times) < 3 or time.perf_counter() - whole < 0.2:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    least[name] = min(times) * 1000
print(json.dumps(least))
