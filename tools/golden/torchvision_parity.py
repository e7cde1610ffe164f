"""
Holds every classification model of torchvision 0.14 of the families that Graft knows against Graft: full size, weights drawn
at random and saved as a .pth file, logits from image files with torchvision's own transforms. Writes
docs/torchvision-parity.md.

    /usr/bin/python3 tools/golden/torchvision_parity.py --images FOLDER [--models NAME ...] [--graft COMMAND]

--models takes names or beginnings of names (resnet, vit_b); without it, all. A run of some renews their rows and leaves the
others.
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import zlib

import torch
import torchvision
from PIL import Image
from torch import nn
from torchvision.models import get_model_builder, get_model_weights, list_models
from torchvision.models.efficientnet import FusedMBConv, MBConv
from torchvision.models.regnet import ResBottleneckBlock
from torchvision.models.resnet import Bottleneck

FAMILIES = ("resnet", "resnext", "wide_resnet", "convnext_", "efficientnet_", "mobilenet_", "regnet_", "squeezenet", "vit_",
            "swin_")
LIMIT = 1e-4
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|$")
HEAD = """# torchvision 0.14 against Graft

Every classification model of torchvision 0.14 of these families, at full size: the largest difference between Graft's logits
and torchvision's, as a share of the standard deviation of torchvision's logits. The limit is 1e-4. Each model has random
weights, made so that mistakes show: batch-norm statistics, affine parameters, biases, layer scales, class tokens, positions
and bias tables are all non-trivial. They are saved with `torch.save` as a plain `.pth`; Graft opens that file, prepares the
two photographs itself, and computes in float32 on the CPU; torchvision prepares them with the transforms of its own weights.
`tools/golden/torchvision_parity.py` makes the comparison and writes this page.

"""


def uniform(t, low, high):
    t.copy_(torch.rand(t.shape) * (high - low) + low)


def randomise(net):
    """Weights that keep activations in a sane range, and nothing at a value that hides a mistake (0 or 1)."""
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            fan_in = module.weight[0].numel()
            module.weight.normal_(0, (1.5 / fan_in) ** 0.5)
            if module.bias is not None:
                uniform(module.bias, -0.2, 0.2)
        elif isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
            uniform(module.weight, 0.5, 1.5)
            uniform(module.bias, -0.3, 0.3)
        elif isinstance(module, nn.MultiheadAttention):
            module.in_proj_weight.normal_(0, (1.5 / module.embed_dim) ** 0.5)
            uniform(module.in_proj_bias, -0.2, 0.2)
    for module in net.modules():  # a hundred branches as strong as the trunk would swell rounding errors
        last = (module.bn3 if isinstance(module, Bottleneck) else module.f.c[1] if isinstance(module, ResBottleneckBlock) else
                module.block[-1][1] if isinstance(module, (MBConv, FusedMBConv)) and module.use_res_connect else None)
        if last is not None:
            uniform(last.weight, 0.1, 0.5)
    for name, parameter in net.named_parameters():
        last = name.split(".")[-1]
        if last == "layer_scale":
            uniform(parameter, 0.2, 1.0)
        elif last in ("class_token", "pos_embedding", "relative_position_bias_table"):
            parameter.normal_(0, 0.5)
        elif last == "logit_scale":  # its exponential is cut at 100, that is at 4.6
            uniform(parameter, 1.0, 3.0)
            parameter[0] = 4.8


def set_statistics(net, images):
    """
    Running statistics near those of each norm's own input, so that hundreds of layers neither swell nor fade, but not the
    same. The convolutions before the norms shrink, each by a factor of its own, so that an epsilon is felt.
    """
    def set_own(norm, inputs):
        variance, mean = torch.var_mean(inputs[0], (0, 2, 3))
        # a channel that hardly varies would swell rounding errors
        variance = variance.clamp(min=variance.mean() * 0.2)
        norm.running_mean.copy_(mean + variance.sqrt() * (torch.rand(mean.shape) - 0.5) * 0.6)
        norm.running_var.copy_(variance * (torch.rand(mean.shape) + 0.7))
        norm.num_batches_tracked.fill_(7)

    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    if not norms:
        return
    for module in net.modules():
        if isinstance(module, nn.Conv2d) and module.bias is None:
            module.weight.mul_(float(torch.rand(())) * 0.9 + 0.1)
    hooks = [norm.register_forward_pre_hook(set_own) for norm in norms]
    net(images)
    for hook in hooks:
        hook.remove()


def transforms_of(name):
    """The transforms of the first weights; of a transformer, which the bare model has for 224, those for that size."""
    weights = [w for w in get_model_weights(name) if not name.startswith("vit_") or w.transforms().crop_size == [224]]
    return weights[0].transforms()


def run_graft(command, arguments):
    result = subprocess.run([*command, *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError((result.stderr or result.stdout).strip().splitlines()[-1])
    return json.loads(result.stdout)


def compare(name, images, graft, folder):
    """One row: parameters, difference, result."""
    torch.manual_seed(zlib.crc32(name.encode()))
    file = os.path.join(folder, name + ".pth")
    prepare = transforms_of(name)
    pixels = torch.stack([prepare(Image.open(path).convert("RGB")) for path in images])
    with torch.no_grad():
        net = get_model_builder(name)().eval()
        randomise(net)
        set_statistics(net, pixels)
        expected = net(pixels).double()
        parameters = sum(p.numel() for p in net.parameters())
        torch.save(net.state_dict(), file)
    del net
    arch = ["--arch", "torchvision:" + name]
    try:
        found = run_graft(graft, ["predict", file, *images, *arch, "--format", "json", "--logits"])
        counted = run_graft(graft, ["summary", file, *arch, "--format", "json"])["total_params"]
    except RuntimeError as error:
        return f"{parameters:,}", "", f"fails: {error}"
    finally:
        os.remove(file)
    logits = torch.tensor([image["logits"] for image in found], dtype=torch.float64)
    spread = expected.std(1, keepdim=True)
    share = ((logits - expected).abs() / spread).max().item()
    equal = counted == parameters
    result = "pass" if share < LIMIT and equal else "FAIL" if equal else f"FAIL: {counted:,} parameters"
    return f"{parameters:,}", f"{share:.1e}", result


def read(path):
    rows = {}
    if os.path.exists(path):
        for line in open(path):
            if match := ROW.match(line.strip()):
                rows[match[1]] = tuple(cell.strip() for cell in match[2].split("|"))
    return rows


def write(path, rows):
    with open(path, "w") as f:
        f.write(HEAD)
        f.write("| Model | Parameters | Largest difference | |\n|---|--:|--:|---|\n")
        for name in sorted(rows, key=lambda n: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", n)]):
            f.write(f"| `{name}` | " + " | ".join(rows[name]) + " |\n")
        passed = sum(row[-1] == "pass" for row in rows.values())
        f.write(f"\n{passed} of {len(rows)} pass (torch {torch.__version__}, torchvision {torchvision.__version__}).\n")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--images", required=True, help="a folder of photographs; the first two .jpg by name are taken")
    arguments.add_argument("--models", nargs="*", default=[""], help="names, or beginnings of names")
    arguments.add_argument("--graft", default=os.path.join(here, "../../graft"), help="the command to run")
    arguments.add_argument("--out", default=os.path.join(here, "../../docs/torchvision-parity.md"))
    given = arguments.parse_args()
    images = [os.path.join(given.images, f) for f in sorted(os.listdir(given.images)) if f.endswith(".jpg")][:2]
    rows, failed = read(given.out), 0
    for name in list_models(module=torchvision.models):
        if not name.startswith(FAMILIES) or not name.startswith(tuple(given.models)):
            continue
        started = time.time()
        with tempfile.TemporaryDirectory() as folder:
            rows[name] = compare(name, images, shlex.split(given.graft), folder)
        print(f"{name:24} {rows[name][0]:>13} {rows[name][1]:>8} {rows[name][2]}  ({time.time() - started:.0f} s)", flush=True)
        failed += rows[name][2] != "pass"
        write(given.out, rows)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
