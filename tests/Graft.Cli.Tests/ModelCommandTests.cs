using System.Text.Json;
using Graft.Cli.Commands;
using Graft.Formats;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;

namespace Graft.Cli.Tests;

public class ModelCommandTests
{
    [Theory]
    [InlineData("timm:resnet18", "resnet", true)]
    [InlineData("timm:resnet18", "", true)]
    [InlineData("timm:resnet18", "TIMM:*18", true)]
    [InlineData("timm:resnet18", "18*resnet", false)]
    [InlineData("timm:resnet18", "convnext", false)]
    public void A_filter_matches_parts_of_names(string name, string filter, bool expected) =>
        Assert.Equal(expected, ModelsCommand.Matches(name, filter));

    [Fact]
    public void The_list_can_be_filtered_and_read_by_programs()
    {
        (int code, string output, string error) = Shell.Run("models", "torchvision:resnet", "--format", "json");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        List<string> names = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()
            .Select(entry => entry.GetProperty("model").GetString()!)];
        Assert.Contains("torchvision:resnet50", names);
        Assert.All(names, name => Assert.StartsWith("torchvision:", name));

        (code, output, _) = Shell.Run("models");
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("timm:mobilenetv2_100 ", output);
    }

    [Theory]
    [InlineData("parameters")]
    [InlineData("multiply-adds")]
    [InlineData("accuracy")]
    public void The_list_can_be_sorted(string order)
    {
        (int code, string output, string error) =
            Shell.Run("models", "--origin", "torchvision", "--family", "resnet", "--sort", order, "--format", "json");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        List<JsonElement> entries = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.All(entries, entry => Assert.Equal("resnet", entry.GetProperty("family").GetString()));
        string key = order == "accuracy" ? "top1" : order.Replace('-', '_');
        double[] values = [.. entries.Where(entry => entry.TryGetProperty(key, out _))
            .Select(entry => entry.GetProperty(key).GetDouble())];
        Assert.True(values.Length >= 7);
        Assert.Equal(order == "accuracy" ? values.OrderDescending() : values.Order(), values);
        JsonElement known = entries.Single(entry => entry.GetProperty("model").GetString() == "torchvision:resnet50");
        Assert.Equal(80.858, known.GetProperty("top1").GetDouble());
        Assert.Equal("torchvision 0.27.0", known.GetProperty("accuracy_source").GetString());
        Assert.Contains(known.GetProperty("weights").EnumerateArray(),
            name => name.GetString() == "torchvision:resnet50:IMAGENET1K_V1");
    }

    [Fact]
    public void Networks_for_segmentation_are_marked_and_measured_by_their_own_figures()
    {
        (int code, string output, string error) = Shell.Run("models", "--task", "segmentation", "--format", "json");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        JsonElement[] entries = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.All(entries, entry => Assert.Equal("segmentation", entry.GetProperty("task").GetString()));
        JsonElement deepLab = entries.Single(one => one.GetProperty("model").GetString() == "torchvision:deeplabv3_resnet50");
        Assert.Equal(66.4, deepLab.GetProperty("mean_iou").GetDouble());
        Assert.Equal(42_004_074, deepLab.GetProperty("parameters").GetInt64());
        Assert.False(deepLab.TryGetProperty("top1", out _));

        (code, output, _) = Shell.Run("models", "--task", "segmentation", "--origin", "torchvision");
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("mean IoU", output);
        Assert.DoesNotContain("top-1", output);
        (code, output, _) = Shell.Run("models", "resnet50", "--origin", "torchvision");
        Assert.Contains("top-1", output);
        Assert.Contains("mean IoU", output); // deeplabv3_resnet50 has it in its name

        (code, output, _) = Shell.Run("models", "show", "lraspp_mobilenet_v3_large");
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("task          segmentation", output);
        Assert.Contains("pixel accuracy", output);
        Assert.Contains("decoder (", output);
        (code, _, error) = Shell.Run("models", "--task", "segmentatoin");
        Assert.NotEqual(ExitCode.Success, code);
        Assert.Contains("segmentation", error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_summary_has_the_auxiliary_head_where_it_is_asked_for(bool auxiliary)
    {
        string[] arguments =
            ["summary", "deeplabv3_mobilenet_v3_large", "--classes", "2", "--input", "1,3,33,33", "--format", "json"];
        (int code, string output, string error) = Shell.Run([.. arguments, .. auxiliary ? ["--aux"] : (string[])[]]);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Equal(auxiliary, output.Contains("aux_classifier"));
    }

    [Theory]
    [InlineData("resnet18", "resnet101", -1)]
    [InlineData("b2", "b10", -1)]
    [InlineData("b02", "b2", -1)]
    [InlineData("a", "B", -1)]
    [InlineData("x", "x", 0)]
    [InlineData("x1", "x", 1)]
    public void Numbers_in_names_sort_as_numbers(string left, string right, int expected)
    {
        Assert.Equal(expected, Math.Sign(NaturalOrder.Instance.Compare(left, right)));
        Assert.Equal(-expected, Math.Sign(NaturalOrder.Instance.Compare(right, left)));
    }

    [Theory]
    [InlineData("--origin", "torchvison", "Did you mean torchvision?")]
    [InlineData("--family", "convnxt", "Did you mean convnext?")]
    public void An_unknown_origin_or_family_gets_the_nearest(string option, string value, string expected)
    {
        (int code, _, string error) = Shell.Run("models", option, value);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains(expected, error);
    }

    [Fact]
    public void All_about_one_is_shown()
    {
        (int code, string output, string error) = Shell.Run("models", "show", "resnet18:IMAGENET1K_V1", "--format", "json");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        JsonElement shown = JsonDocument.Parse(output).RootElement;
        Assert.Equal("torchvision:resnet18", shown.GetProperty("model").GetString());
        Assert.Equal(11_689_512, shown.GetProperty("parameters").GetInt64());
        Assert.Equal(513_000, shown.GetProperty("head_parameters").GetInt64());
        Assert.Equal(11_689_512, shown.GetProperty("layer_groups").EnumerateArray()
            .Sum(group => group.GetProperty("parameters").GetInt64()));
        Assert.Equal(1_814_073_344, shown.GetProperty("multiply_adds").GetInt64()); // torchvision says 1.814 billion
        Assert.Equal(
            "shorter side to 256 by bilinear, centre crop of 224x224, RGB in [0, 1], mean 0.485 0.456 0.406, " +
            "std 0.229 0.224 0.225", shown.GetProperty("preprocessing").GetString());
        JsonElement weights = shown.GetProperty("weights").EnumerateArray().Single();
        Assert.Equal("resnet18-f37072fd.pth", weights.GetProperty("location").GetString());
        Assert.Equal("graft download torchvision:resnet18:IMAGENET1K_V1", shown.GetProperty("fetch").GetString());
        Assert.Equal(
            "graft train FOLDER --model torchvision:resnet18:IMAGENET1K_V1", shown.GetProperty("use").GetString());

        (code, output, _) = Shell.Run("models", "show", "resnet18");
        Assert.Equal(ExitCode.Success, code);
        Assert.StartsWith("torchvision:resnet18\n  task          classification\n  family        resnet\n", output);
        Assert.Contains("torchvision:resnet18:IMAGENET1K_V1  69.76  89.08  224x224  BSD-3-Clause  torchvision 0.27.0", output);
    }

    [Fact]
    public void A_verb_of_a_verb_has_its_own_help_and_mistakes()
    {
        string help = Shell.Run("models", "show", "--help").Output;
        Assert.Contains("Usage: graft models show NAME [options]", help);
        Assert.Equal(help, Shell.Run("help", "models", "show").Output);
        Assert.Contains("graft models show NAME", Shell.Run("models", "--help").Output);
        Assert.Equal((ExitCode.Usage, "", "graft: models show: NAME is missing. See graft models show --help.\n"),
            Shell.Run("models", "show"));
    }

    [Fact]
    public void A_whole_file_has_a_receipt()
    {
        using var folder = new TemporaryFolder();
        using (ImageModel model = Small()) ModelSaver.Save(model, folder.Root);
        (int code, string output, string error) = Shell.Run("models", "receipt", folder.Root);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Contains("renamed   conv1.weight [4, 3, 7, 7] from resnet.embedder.embedder.convolution.weight\n", output);
        (_, output, _) = Shell.Run("models", "receipt", folder.Root, "--format", "json");
        JsonElement receipt = JsonDocument.Parse(output).RootElement;
        Assert.True(receipt.GetProperty("complete").GetBoolean());
        Assert.Equal(receipt.GetProperty("tensors").GetArrayLength(),
            receipt.GetProperty("counts").GetProperty("renamed").GetInt32());
    }

    [Fact]
    public void An_incomplete_file_has_its_receipt_and_code_1()
    {
        using var folder = new TemporaryFolder();
        using (ImageModel model = Small()) ModelSaver.Save(model, folder.Root);
        const string Lost = "resnet.encoder.stages.1.layers.0.layer.0.convolution.weight";
        string weights = folder.Path("model.safetensors");
        using (ArrayFile file = WeightFile.Open(weights))
            SafetensorsWriter.Write(weights, [.. file.Entries.Select(entry => (
                new ArrayEntry(entry.Name == Lost ? Lost.Replace("layer.0", "layr.0") : entry.Name, entry.Type, [.. entry.Shape]),
                (ReadOnlyMemory<byte>)file.Bytes(entry).ToArray()))]);
        (int code, string output, string error) = Shell.Run("models", "receipt", folder.Root);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("1 missing", output);
        Assert.Contains($"missing   layer2.0.conv1.weight [8, 8, 3, 3] as {Lost}. Did the file mean it by " +
            $"{Lost.Replace("layer.0", "layr.0")}?\n", output);
        Assert.Contains("incomplete: 1 of the", error);

        (code, output, _) = Shell.Run("models", "receipt", folder.Root, "--format", "json");
        Assert.Equal(ExitCode.Failure, code);
        JsonElement missing = JsonDocument.Parse(output).RootElement.GetProperty("tensors").EnumerateArray()
            .Single(tensor => tensor.GetProperty("status").GetString() == "missing");
        Assert.Equal(Lost, missing.GetProperty("wanted").GetString());
        Assert.Equal(ExitCode.Failure, Shell.Run("summary", folder.Root).Code); // and it still does not open
    }

    static ImageModel Small() => ModelZoo.Create(
        new ResNet(), new ResNet.Config
        {
            Depths = [1, 1, 1, 1],
            Widths = [8, 8, 16, 16],
            Bottlenecks = [false, false, false, false],
            StemWidths = [4],
        }, Origin.TorchVision, Preprocess.ImageNet(32), ["ant", "bee"], seed: 1);

    [Fact]
    public void An_unknown_name_gets_the_nearest_ones()
    {
        (int code, _, string error) = Shell.Run("models", "resnet1o1");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("Did you mean resnet101", error);
    }

    [Fact]
    public void A_summary_counts_the_weights_of_ResNet_18()
    {
        (int code, string output, string error) = Shell.Run("summary", "torchvision:resnet18", "--input", "1,3,32,32");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        // torchvision: sum(p.numel() for p in resnet18().parameters())
        Assert.Contains("Total params: 11,689,512\n", output);
        Assert.Contains("[1, 1000]", output);

        string[] smaller = ["summary", "torchvision:resnet18", "--input", "1,3,32,32", "--classes", "10", "--format", "json"];
        (_, output, _) = Shell.Run(smaller);
        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(11_689_512 - 990 * 513, json.GetProperty("total_params").GetInt64());
    }

    [Fact]
    public void A_summary_has_the_columns_the_batch_and_the_page_that_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        string page = folder.Path("page.html");
        string[] words =
        [
            "summary", "torchvision:mobilenet_v2", "--input", "1,3,32,32", "--batch", "2", "--mode", "train", "--depth", "1",
            "--columns", "mult_adds,output_size", "--html", page,
        ];
        (int code, string output, string error) = Shell.Run(words);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        string[] lines = output.Split('\n');
        Assert.Equal("Layer (type:depth-idx)                   Mult-Adds            Output Shape", lines[1]);
        Assert.Equal("├─Conv2d: 1-1                            442,368              [2, 32, 16, 16]", lines[4]);
        Assert.DoesNotContain("│", output);
        string html = File.ReadAllText(page);
        Assert.Contains("<h1>torchvision:mobilenet_v2, 2 x 3 x 32 x 32</h1>", html);
        Assert.Contains("<details", html);
    }

    [Fact]
    public void A_summary_shows_a_decoder_on_a_classifier()
    {
        string[] words = ["summary", "timm:mobilenetv2_035", "--decoder", "fpn", "--classes", "4", "--input", "1,3,50,70"];
        (int code, string output, string error) = Shell.Run(words);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Contains("[1, 4, 50, 70]", output);
        Assert.Contains("GroupNorm", output);
        (code, _, error) = Shell.Run(words[..4]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--decoder: a decoder is new: say for how many classes, with --classes.", error);
    }

    [Theory]
    [InlineData("--columns", "mult_add", "--columns: expected some of input_size, output_size, ", "Did you mean mult_adds?")]
    [InlineData("--columns", "trainable,trainable", "--columns: trainable is there twice.", "")]
    [InlineData("--input", "1,4,32,32", "--input: torchvision:resnet18 takes 3 channels, got 4.", "")]
    [InlineData("--mode", "test", "--mode: expected one of eval, train, got 'test'.", "")]
    [InlineData("--batch", "0", "--batch: expected a whole number of at least 1, got '0'.", "")]
    public void A_summarys_mistakes_say_what_was_expected(string option, string value, string expected, string hint)
    {
        (int code, string output, string error) = Shell.Run("summary", "torchvision:resnet18", option, value);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(expected, error);
        Assert.Contains(hint, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }
}
