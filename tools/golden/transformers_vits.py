#!/usr/bin/python3
"""Runs transformers' own vision transformers at tiny widths, and writes them as save_pretrained does, with their logits.

    python3 tools/golden/transformers_vits.py [FOLDER]

Needs transformers 4.46 or newer (the numbers here are of 5.12). Each folder holds config.json and model.safetensors of
save_pretrained, and expected.safetensors: images input.HxW (bytes; x = (input - 128) / 64), logits logits.HxW. Sizes other
than the model's own are run with interpolate_pos_encoding where there is such a switch. See README.md beside this file.
"""
import inspect
import os
import shutil
import sys

import torch
import transformers as T

import safetensors_io

SIZES = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "num_labels": 4}
PLAIN = {**SIZES, "intermediate_size": 40, "image_size": 32, "patch_size": 8}
DINO = {**SIZES, "image_size": 42, "patch_size": 14}
TOWER = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 40, "image_size": 32,
         "patch_size": 8, "projection_dim": 12}
TEXT = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8, "vocab_size": 12,
        "max_position_embeddings": 4, "projection_dim": 12}

MODELS = {
    "vit": lambda: T.ViTForImageClassification(T.ViTConfig(**PLAIN)),
    "vit_no_bias": lambda: T.ViTForImageClassification(T.ViTConfig(**PLAIN, qkv_bias=False, hidden_act="gelu_new")),
    "deit": lambda: T.DeiTForImageClassification(T.DeiTConfig(**PLAIN)),
    "deit_teacher": lambda: T.DeiTForImageClassificationWithTeacher(T.DeiTConfig(**PLAIN)),
    "beit": lambda: T.BeitForImageClassification(T.BeitConfig(**PLAIN, use_relative_position_bias=True)),
    "beit_shared": lambda: T.BeitForImageClassification(T.BeitConfig(
        **PLAIN, use_relative_position_bias=True, use_shared_relative_position_bias=True,
        use_absolute_position_embeddings=True, use_mean_pooling=False, layer_scale_init_value=0.0)),
    "dinov2": lambda: T.Dinov2ForImageClassification(T.Dinov2Config(**DINO, mlp_ratio=2)),
    "dinov2_gated": lambda: T.Dinov2ForImageClassification(T.Dinov2Config(**DINO, use_swiglu_ffn=True)),
    "dinov2_registers": lambda: T.Dinov2WithRegistersForImageClassification(T.Dinov2WithRegistersConfig(
        **DINO, mlp_ratio=2, num_register_tokens=2)),
    "clip": lambda: T.CLIPForImageClassification(T.CLIPConfig(text_config=TEXT, vision_config=TOWER, num_labels=4)),
    "clip_projection": lambda: T.CLIPVisionModelWithProjection(T.CLIPVisionConfig(**TOWER, hidden_act="gelu")),
}


def randomise(model):
    """Makes every weight non-trivial, so that mistakes show."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "token" in name or "position" in name or "class_embedding" in name:
                p.uniform_(-0.5, 0.5)
            elif p.dim() > 1:
                p.normal_(std=1.2 / p[0].numel() ** 0.5)
            elif "norm" in name and name.endswith("weight"):
                p.uniform_(0.5, 1.5)
            elif "lambda" in name:
                p.uniform_(0.2, 1.2)
            else:
                p.uniform_(-0.4, 0.4)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../tests/Graft.Models.Tests/Golden/transformers")
    torch.set_num_threads(1)
    for index, (name, build) in enumerate(MODELS.items()):
        torch.manual_seed(2000 + index)
        model = build().eval()
        randomise(model)
        folder = os.path.join(out, name)
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        vision = getattr(model.config, "vision_config", model.config)
        own, patch, arrays = vision.image_size, vision.patch_size, {}
        switch = "interpolate_pos_encoding" in inspect.signature(model.forward).parameters
        free = switch or name.startswith("dinov2")
        for height, width in [(own, own)] + [(own + 2 * patch, own + 2 * patch), (own - patch, own + patch)] * free:
            image = torch.randint(0, 256, (2, 3, height, width), dtype=torch.uint8)
            asks = switch and not name.startswith("beit") and (height, width) != (own, own)
            how = {"interpolate_pos_encoding": True} if asks else {}
            with torch.no_grad():
                outputs = model((image.float() - 128) / 64, **how)
            logits = outputs.image_embeds if name == "clip_projection" else outputs.logits
            arrays |= {f"input.{height}x{width}": image, f"logits.{height}x{width}": logits}
        safetensors_io.write(os.path.join(folder, "expected.safetensors"), arrays)
        size = sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder))
        print(f"{name:20} {sum(p.numel() for p in model.parameters()):7} parameters {size // 1024:4} KB  "
              f"logits {logits.std().item():.2f}")


if __name__ == "__main__":
    main()
