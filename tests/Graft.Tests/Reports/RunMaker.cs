using System.Text;
using System.Text.Json;
using Graft.Data;
using Graft.Imaging;

namespace Graft.Tests;

/// <summary>Folders as runs leave them, without a run.</summary>
static class RunMaker
{
    /// <summary>Names in several scripts, long ones, and ones that would be markup.</summary>
    public static string[] Names(int count)
    {
        string[] odd =
        [
            "<script>alert('x')</script>", "a & \"b\"", "Käfer", "蜜蜂", "نحلة", "пчела", "हाथी", "<img src=x onerror=alert(1)>",
            "a-name-that-is-much-longer-than-any-cell-of-a-table-would-like-it-to-be-and-has-no-place-to-break", "' onclick='x",
        ];
        return [.. Enumerable.Range(0, count).Select(k => k < odd.Length ? odd[k] : $"class {k}")];
    }

    /// <summary>A run of one class an image.</summary>
    public static string Single(string folder, int classes, int perClass, string data, bool withImages = false)
    {
        string[] labels = Names(classes);
        int count = classes * perClass;
        float[] outputs = new float[count * classes];
        long[] right = new long[count];
        var images = new string[count];
        for (int i = 0; i < count; i++)
        {
            right[i] = i % classes;
            // most are right; some are taken for the next class, more surely the further on
            int taken = Draw(i, 1) < 0.2 ? (int)((right[i] + 1) % classes) : (int)right[i];
            for (int k = 0; k < classes; k++) outputs[i * classes + k] = Draw(i, k + 2) * 3;
            outputs[i * classes + taken] += 2 + 4 * Draw(i, 0);
            images[i] = $"val/{i % classes}/{i}.png";
            if (withImages && i < 60) Picture(Path.Combine(data, images[i]), i);
        }
        Write(folder, labels, data, count);
        new RunPredictions { Kind = LabelKind.Single, Labels = labels, Images = images, Outputs = outputs, Classes = right }
            .Write(Path.Combine(folder, RunPredictions.FileName));
        return folder;
    }

    /// <summary>A run of several labels an image, or of numbers.</summary>
    public static string Other(string folder, LabelKind kind, int labels, int count, string data)
    {
        string[] names = Names(labels);
        float[] outputs = new float[count * labels], targets = new float[count * labels];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = kind == LabelKind.Multiple ? (Draw(i, 1) < 0.3 ? 1 : 0) : Draw(i, 1) * 10 - 3;
            outputs[i] = kind == LabelKind.Multiple ? 4 * targets[i] - 2 + Draw(i, 2) * 3 - 1.5f : targets[i] + Draw(i, 2) - 0.5f;
        }
        Write(folder, names, data, count);
        string[] images = [.. Enumerable.Range(0, count).Select(i => $"{i}.png")];
        new RunPredictions { Kind = kind, Labels = names, Images = images, Outputs = outputs, Targets = targets }
            .Write(Path.Combine(folder, RunPredictions.FileName));
        return folder;
    }

    static void Write(string folder, string[] labels, string data, int validation)
    {
        Directory.CreateDirectory(folder);
        var lines = new StringBuilder();
        for (int epoch = 1; epoch <= 6; epoch++)
            lines.Append(JsonSerializer.Serialize(new
            {
                epoch,
                phase = epoch < 3 ? "head" : "all",
                train_loss = 2.0 / epoch,
                train_accuracy = 1 - 0.5 / epoch,
                val_loss = 2.2 / epoch,
                val_accuracy = 1 - 0.6 / epoch,
                val_macro_f1 = 1 - 0.7 / epoch,
                lr = Math.Pow(10, -epoch),
                seconds = 2.5,
                images_per_second = 31.5,
                wait_share = 0.25,
                best = epoch == 5,
            })).Append('\n');
        File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), lines.ToString());
        File.WriteAllText(Path.Combine(folder, "command.txt"), "./graft train '<photos>' --model resnet18\n");
        File.WriteAllText(Path.Combine(folder, "summary.json"), JsonSerializer.Serialize(new
        {
            metrics = new { val_accuracy = 0.8, val_loss = 0.5, best_epoch = 5, epochs = 6 },
            seconds = 123.4,
            cancelled = false,
            data = new
            {
                path = data,
                train_images = 4 * validation,
                val_images = validation,
                skipped_images = 0,
                classes = labels,
            },
            model = new
            {
                path = "model",
                architecture = "timm:resnet18",
                input = "32x32",
                parameters = 1000,
                trainable_parameters = 250,
            },
            settings = new { mode = "finetune", lr = 0.0005, epochs = 5, ignore_orientation = false },
            versions = new { graft = "0.1.0" },
        }));
        new RunFacts
        {
            Parts =
            [
                new("train", 4 * validation, [.. labels.Select((_, k) => 4 + k % 7)]),
                new("val", validation, [.. labels.Select((_, k) => k % 3)]),
            ],
            Sizes = [.. Enumerable.Range(0, 40).Select(i => new[] { 300 + 7 * i, 200 + 11 * (i % 9) })],
            Layers = [new("stem", 750, 0), new("head", 250, 250)],
        }.Write(Path.Combine(folder, RunFacts.FileName));
    }

    static void Picture(string path, int number)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var image = new Image(48, 36);
        for (int i = 0; i < image.Rgb.Length; i++) image.Rgb[i] = (byte)((i / 3 % 48 * 5 + number * 37 + i % 3 * 60) % 256);
        File.WriteAllBytes(path, ImageCodec.EncodePng(image));
    }

    /// <summary>A number in [0, 1) that is always the same for the same two.</summary>
    static float Draw(int first, int second)
    {
        uint mixed = (uint)first * 2654435761u ^ (uint)second * 2246822519u;
        mixed ^= mixed >> 15;
        mixed *= 3266489917u;
        mixed ^= mixed >> 13;
        return (mixed & 0xFFFFFF) / (float)0x1000000;
    }
}
