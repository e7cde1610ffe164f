"""Graft against plain PyTorch scripts (bench/peers) on the same jobs, in turn, several times. Start it with bench/run.

Jobs: first   a whole process from its start to the printed prediction of one image, mobilenet_v2, weights in a file
      loader  images a second: decode, random resized crop to 224, flip, normalise, batches of 32; again with AutoAugment
      pixels  milliseconds of each operation of augmentation on an image of 500 x 375, one thread, the least of many runs
      probe   a whole process: head trained on a frozen body for 5 epochs, validated each epoch, saved
      load    a file of 350 MB to a network in evaluation mode: safetensors and .pth, against torch.load alone and into a network
      segment training on masks: crops of 480 (or --crop) from files, loss with the auxiliary head, SGD, poly; images a second
      steps   fine-tuning steps a second, all parameters, batch 16 at 224 px, AdamW, float32 or --precision bf16
Wall time, CPU time (user and system, children included) and peak memory are taken of every process. CPU time is less disturbed by
what else the machine does; wall time is what a user waits for.
"""
import argparse
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PYTHON = "/usr/bin/python3"
PEERS = os.path.join(HERE, "peers")
BENCH = os.path.join(ROOT, "build/bench")
ARCHS = ["mobilenet_v2", "resnet50", "convnext_tiny"]
LARGE = "vit_b_16"  # 346 MB


def default_data():
    shared = os.environ.get("GRAFT_SHARED") or os.path.join(ROOT, "../shared")
    return os.path.normpath(os.path.join(shared, "data/hymenoptera"))


def tree(pid):
    """The process and all that came from it."""
    found, at = [pid], 0
    while at < len(found):
        try:
            for task in os.listdir(f"/proc/{found[at]}/task"):
                with open(f"/proc/{found[at]}/task/{task}/children") as f:
                    found += [int(p) for p in f.read().split()]
        except OSError:
            pass
        at += 1
    return found


def memory(pid):
    """Megabytes that the process tree holds, shared pages counted once (proportional set size)."""
    total = 0
    for one in tree(pid):
        try:
            with open(f"/proc/{one}/smaps_rollup") as f:
                total += int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1))
        except (OSError, AttributeError):
            pass
    return total / 1024


def run(command, sample=False):
    """Runs a process to its end: seconds, CPU seconds, peak MB, its standard output."""
    peak, done = [0.0], threading.Event()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors, stdin=subprocess.DEVNULL, cwd=ROOT)

        def watch():
            while not done.wait(0.5):
                peak[0] = max(peak[0], memory(child.pid))
        watcher = threading.Thread(target=watch, daemon=True)
        if sample:
            watcher.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            raise
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        if sample:
            watcher.join()
        out.seek(0)
        errors.seek(0)
        text = out.read()
        if child.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}\nexit {child.returncode}\n{text[-1500:]}\n{errors.read()[-3000:]}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": peak[0] if sample else usage.ru_maxrss / 1024,
            "out": text}


def last_json(text):
    return json.loads(text[text.index("["):]) if text.lstrip().startswith("[") else json.loads(text.strip().splitlines()[-1])


class Bench:
    def __init__(self, args):
        self.args = args
        self.data = os.path.abspath(args.data)
        self.weights = os.path.join(BENCH, "weights")
        self.scratch = os.path.join(BENCH, "scratch")
        self.graft = [os.path.join(ROOT, "graft")]
        self.tool = [os.path.join(HERE, "Graft.Bench/bin/Release/net10.0/Graft.Bench")]
        self.results = {}
        self.facts = {}

    def prepare(self, jobs):
        if "segment" in jobs and not os.path.isdir(os.path.join(self.args.masks, "trainannot")):
            sys.exit(f"{self.args.masks}: expected train/, trainannot/, val/, valannot/ and classes.json. Pass one with --masks.")
        photos, nets = {"first", "loader", "pixels", "probe"} & set(jobs), {"first", "probe", "steps"} & set(jobs)
        if photos and not os.path.isdir(os.path.join(self.data, "train")):
            sys.exit(f"{self.data}: expected a folder with train/CLASS and val/CLASS. Pass one with --data.")
        if nets:
            archs = dict.fromkeys(["mobilenet_v2", *self.args.archs])
            subprocess.run([PYTHON, "-B", os.path.join(PEERS, "make_weights.py"), self.weights, *archs], check=True)
        if "graft" in self.args.sides:
            # builds the native libraries, which all jobs need
            subprocess.run([*self.graft, "--version"], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["dotnet", "build", os.path.join(HERE, "Graft.Bench"), "-c", "Release", "-v", "q", "--nologo"],
                           check=True, stdout=subprocess.DEVNULL)

    def pair(self, job, case, graft, peer, measure, sample=False, once=None):
        """One round of one case: both sides, the order changing from round to round."""
        sides = [s for s in [("graft", graft), ("pytorch", peer)] if s[0] in self.args.sides]
        if self.round % 2:
            sides.reverse()
        for side, command in sides:
            shutil.rmtree(self.scratch, ignore_errors=True)
            os.makedirs(self.scratch)
            print(f"  round {self.round + 1} {job} {case} {side} ...", end=" ", file=sys.stderr, flush=True)
            try:
                result = run(command, sample)
            except RuntimeError as e:
                print(f"failed: {e}", file=sys.stderr, flush=True)
                self.facts.setdefault("failures", []).append(f"{job} {case} {side}")
                continue
            values = measure(result)
            for key, value in values.items():
                self.results.setdefault((job, case, key), {}).setdefault(side, []).append(value)
            if once:
                self.facts[f"{job} {case} {side}"] = once(side, result)
            print("  ".join(f"{k} {v:.3g}" for k, v in values.items()), file=sys.stderr, flush=True)

    def first(self):
        image = sorted(os.path.join(d, f) for d, _, fs in os.walk(os.path.join(self.data, "val")) for f in fs)[0]
        weights = os.path.join(self.weights, "mobilenet_v2.pth")

        def logits(side, result):
            answer = last_json(result["out"])
            return (answer[0] if side == "graft" else answer)["logits"]
        self.pair("first", "mobilenet_v2",
                  [*self.graft, "predict", weights, image, "--arch", "torchvision:mobilenet_v2", "--format", "json", "--logits"],
                  [PYTHON, "-B", os.path.join(PEERS, "predict.py"), "mobilenet_v2", weights, image],
                  lambda r: {"seconds": r["wall"], "CPU seconds": r["cpu"], "peak MB": r["memory"]}, once=logits)
        both = [self.facts.get(f"first mobilenet_v2 {s}") for s in ("graft", "pytorch")]
        if all(isinstance(b, list) for b in both):
            spread = statistics.pstdev(both[1])
            self.facts["first: largest difference of the logits / their spread"] = max(abs(a - b) for a, b in zip(*both)) / spread

    def loader(self):
        for workers, extra in ((1, []), (2, []), (2, ["autoaugment"])):
            job = [self.data, str(workers), str(self.args.loader_epochs), *extra]
            self.pair("loader", f"{workers} workers" + (", AutoAugment" if extra else ""),
                      [*self.tool, "loader", *job], [PYTHON, "-B", os.path.join(PEERS, "loader.py"), *job],
                      lambda r: {"images/s": last_json(r["out"])["images_per_second"], "CPU seconds": r["cpu"]})

    def pixels(self):
        image = sorted(os.path.join(d, f) for d, _, fs in os.walk(os.path.join(self.data, "val")) for f in fs)[0]
        self.pair("pixels", "500 x 375", [*self.tool, "pixels", image],
                  [PYTHON, "-B", os.path.join(PEERS, "pixels.py"), image],
                  lambda r: {f"{name}: ms": value for name, value in last_json(r["out"]).items()})

    def load(self):
        base = os.path.join(self.weights, LARGE)
        subprocess.run([PYTHON, "-B", os.path.join(PEERS, "make_weights.py"), self.weights, LARGE], check=True)
        subprocess.run([PYTHON, "-B", os.path.join(PEERS, "to_safetensors.py"), base + ".pth", base + ".safetensors"], check=True)
        for what, kind in (("dict", "safetensors"), ("network", "safetensors"), ("network", "pth")):
            for read in ([], ["read"]):
                name = {"dict": "torch.load alone", "network": "into a network"}[what]
                self.pair("load", f"{kind}, {name}" + (", all read" if read else ""),
                          [*self.tool, "load", f"{base}.{kind}", LARGE, *read],
                          [PYTHON, "-B", os.path.join(PEERS, "load.py"), LARGE, base + ".pth", what, *read],
                          lambda r: {"seconds": last_json(r["out"])["seconds"], "seconds, process": r["wall"],
                                     "CPU seconds": r["cpu"], "peak MB": r["memory"]})

    def probe(self):
        for arch in [a for a in self.args.archs if a != "convnext_tiny"]:
            weights = os.path.join(self.weights, arch + ".pth")
            peer = [PYTHON, "-B", os.path.join(PEERS, "probe.py"), arch, weights, self.data, "5",
                    os.path.join(self.scratch, "best.pth")]
            mine = [*self.graft, "train", self.data, "--model", weights, "--arch", "torchvision:" + arch, "--mode", "probe",
                    "--epochs", "5", "--batch-size", "32", "--workers", "2", "--out", os.path.join(self.scratch, "run")]

            def accuracy(side, result):
                if side == "pytorch":
                    return last_json(result["out"])["best_accuracy"]
                with open(os.path.join(self.scratch, "run/summary.json")) as f:
                    return json.load(f)
            measure = lambda r: {"seconds": r["wall"], "CPU seconds": r["cpu"], "peak MB": r["memory"]}
            self.pair("probe", arch, mine, peer, measure, sample=True, once=accuracy)
            if self.args.augment and "graft" in self.args.sides:
                graft_only, self.args.sides = self.args.sides, ["graft"]
                self.pair("probe", arch + ", augmented", [*mine, "--augment"], peer, measure, sample=True)
                self.args.sides = graft_only
                # the peer always augments: its own figures serve both rows
                for key in ("seconds", "CPU seconds", "peak MB"):
                    peers = self.results.get(("probe", arch, key), {}).get("pytorch")
                    if peers:
                        self.results.setdefault(("probe", arch + ", augmented", key), {})["pytorch"] = peers

    def steps(self):
        for arch in self.args.archs:
            weights = os.path.join(self.weights, arch + ".pth")
            what = [arch, weights, "16", str(self.args.steps)] + (["bf16"] if self.args.precision == "bf16" else [])
            case = arch + (", bf16" if self.args.precision == "bf16" else "")
            self.pair("steps", case, [*self.tool, "steps", *what], [PYTHON, "-B", os.path.join(PEERS, "steps.py"), *what],
                      lambda r: {"steps/s": last_json(r["out"])["steps_per_second"], "CPU seconds": r["cpu"],
                                 "peak MB": r["memory"]})

    def segment(self):
        crop, batch, epochs, workers = self.args.crop, 4, 2, 2
        folder = os.path.join(BENCH, "masks")
        shutil.rmtree(folder, ignore_errors=True)
        for part, count in (("train", self.args.segment_images), ("val", 2)):
            for name in (part, part + "annot"):
                os.makedirs(os.path.join(folder, name))
                for file in sorted(os.listdir(os.path.join(self.args.masks, name)))[:count]:
                    os.symlink(os.path.join(self.args.masks, name, file), os.path.join(folder, name, file))
        shutil.copy(os.path.join(self.args.masks, "classes.json"), folder)
        for arch in self.args.segment_archs:
            mine = [*self.graft, "train", folder, "--model", arch, "--from-scratch", "--aux", "--mode", "full",
                    "--epochs", str(epochs), "--optimizer", "sgd", "--lr", "0.01", "--momentum", "0.9",
                    "--weight-decay", "1e-4", "--schedule", "poly",
                    "--warmup-epochs", "0", "--aux-lr", "10", "--crop", f"{crop},{crop}", "--image-size", str(crop * 520 // 480),
                    "--batch-size", str(batch), "--workers", str(workers), "--precision", self.args.precision,
                    "--out", os.path.join(self.scratch, "run")]
            peer = [PYTHON, "-B", os.path.join(PEERS, "segmentation.py"), arch, folder, str(crop), str(batch), str(epochs),
                    str(workers)]

            def measure(result):
                if result["out"].lstrip().startswith(("{", "[")) or '"images_per_second"' in result["out"]:
                    speed = last_json(result["out"])["images_per_second"]
                else:
                    with open(os.path.join(self.scratch, "run/metrics.jsonl")) as f:
                        speed = json.loads(f.readlines()[-1])["images_per_second"]
                return {"images/s": speed, "CPU seconds": result["cpu"], "peak MB": result["memory"]}
            self.pair("segment", f"{arch}, {crop} px", mine, peer, measure, sample=True)

    def rows(self):
        for (job, case, unit), sides in self.results.items():
            row = {"job": job, "case": case, "unit": unit}
            for side, values in sides.items():
                row[side] = {"median": statistics.median(values), "min": min(values), "max": max(values), "values": values}
            if len(sides) == 2:
                a, b = row["graft"]["median"], row["pytorch"]["median"]
                row["ratio"] = a / b if unit.endswith("/s") else b / a
            yield row


def output(*command):
    """What a program prints; nothing where there is no such program."""
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def machine():
    def text(path):
        try:
            with open(path) as f:
                return f.read()
        except OSError:
            return ""
    cpu = text("/proc/cpuinfo")
    flags = re.search(r"^flags\s*:(.*)$", cpu, re.M)
    flags = flags.group(1).split() if flags else []
    packages = ["libtorch1.13", "libdnnl2", "libopenblas0-pthread", "libjpeg62-turbo", "python3-torchvision", "python3-pil"]
    versions = output("dpkg-query", "-W", "-f", "${Package} ${Version}\n", *packages)
    pretty = re.search(r'^PRETTY_NAME="(.*)"', text("/etc/os-release"), re.M)
    commit = output("git", "-C", ROOT, "rev-parse", "--short", "HEAD")
    dotnet = output("dotnet", "--version")
    return {"cpu": (re.search(r"^model name\s*:\s*(.*)$", cpu, re.M) or [None, platform.machine()])[1], "cores": os.cpu_count(),
            "isa": [f for f in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16") if f in flags],
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
            "system": pretty.group(1) if pretty else platform.platform(), "kernel": platform.release(), "dotnet": dotnet,
            "packages": versions.split("\n"), "commit": commit}


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(rows):
    cell = lambda s: f"{number(s['median'])} ({number(s['min'])} - {number(s['max'])})" if s else "-"
    lines = ["| Job | Case | Unit | Graft | PyTorch | Graft is better by |", "|---|---|---|---|---|---|"]
    for r in rows:
        ratio = f"**{r['ratio']:.2f}x**" if "ratio" in r else "-"
        lines.append(f"| {r['job']} | {r['case']} | {r['unit']} | {cell(r.get('graft'))} | {cell(r.get('pytorch'))} | {ratio} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="bench/run")
    parser.add_argument("--data", default=default_data(), help="class folders in train/ and val/ (default: %(default)s)")
    parser.add_argument("--jobs", default="first,loader,pixels,load,probe,segment,steps",
                        help="which jobs (default: %(default)s)")
    parser.add_argument("--archs", default=",".join(ARCHS), help="which nets for probe and steps (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, 
                        help="how often each case runs on each side; first runs three times as often (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=8, help="measured steps of a process (default: %(default)s)")
    parser.add_argument("--precision", default="fp32", choices=["fp32", "bf16"],
                        help="the type in which steps multiplies; the peer's is torch.autocast's (default: %(default)s)")
    parser.add_argument("--masks", default=os.path.join(os.path.dirname(default_data()), "camvid"),
                        help="train/ with trainannot/ and so on, for segment (default: %(default)s)")
    parser.add_argument("--segment-archs", default="deeplabv3_mobilenet_v3_large",
                        help="which nets of torchvision for segment (default: %(default)s)")
    parser.add_argument("--segment-images", type=int, default=24, help="images to train on in segment (default: %(default)s)")
    parser.add_argument("--crop", type=int, default=480, help="side of the crops of segment (default: %(default)s)")
    parser.add_argument("--loader-epochs", type=int, default=4, help="passes over train/ (default: %(default)s)")
    parser.add_argument("--no-augment", dest="augment", action="store_false", help="leave out Graft's probe with augmentation")
    parser.add_argument("--sides", default="graft,pytorch", help="graft, pytorch or both (default: %(default)s)")
    parser.add_argument("--name", default=platform.node().split(".")[0] or "machine",
                        help="the machine's name in the results' file name (default: %(default)s)")
    parser.add_argument("--no-save", action="store_true",
                        help="print only; otherwise bench/results/DATE-NAME.md and .json are written")
    args = parser.parse_args()
    args.masks, args.segment_archs = os.path.abspath(args.masks), args.segment_archs.split(",")
    args.archs, args.sides = args.archs.split(","), args.sides.split(",")
    jobs = args.jobs.split(",")
    bench = Bench(args)
    for job in jobs:
        if job not in ("first", "loader", "pixels", "load", "probe", "segment", "steps"):
            parser.error(f"--jobs: expected first, loader, pixels, load, probe, segment or steps, came {job}")
    bench.prepare(jobs)
    load = os.getloadavg()[0]
    for bench.round in range(args.rounds):
        for job in jobs:
            for _ in range(3 if job == "first" else 1):
                getattr(bench, job)()
    shutil.rmtree(bench.scratch, ignore_errors=True)
    rows, facts = list(bench.rows()), machine()
    facts["load_at_start"] = round(load, 2)
    notes = {k: v for k, v in bench.facts.items() if not isinstance(v, (list, dict)) or k == "failures"}
    for key, value in bench.facts.items():
        if isinstance(value, dict):
            found = [f"{k} {v:.4g}" for k, v in value.items() if "ccuracy" in k and isinstance(v, (int, float))]
            notes[key] = ", ".join(found)
    notes = {k: v for k, v in notes.items() if v != ""}
    report = "\n".join([
        f"# Graft and PyTorch on the same jobs, {datetime.date.today()}", "",
        f"`bench/run --jobs {args.jobs} --archs {','.join(args.archs)} --rounds {args.rounds} --steps {args.steps}`: "
        "median (min - max)", "",
        table(rows), "",
        f"Machine: {facts['cpu']}, {facts['cores']} cores ({', '.join(facts['isa'])}), {facts['memory_gb']} GB; "
        f"{facts['system']}, Linux {facts['kernel']}, .NET {facts['dotnet']}; "
        f"{', '.join(facts['packages'])}; commit {facts['commit']}; "
        f"load average at the start {facts['load_at_start']}.", "",
        *[f"- {k}: {v}" for k, v in notes.items()], ""])
    print(report)
    if not args.no_save:
        folder = os.path.join(HERE, "results")
        os.makedirs(folder, exist_ok=True)
        base = os.path.join(folder, f"{datetime.date.today()}-{args.name}")
        with open(base + ".md", "w") as f:
            f.write(report)
        with open(base + ".json", "w") as f:
            arguments = {k: v for k, v in vars(args).items() if k != "data"}
            json.dump({"machine": facts, "arguments": arguments, "rows": rows, "notes": notes}, f, indent=1)
            f.write("\n")


if __name__ == "__main__":
    main()
