using System.Text.Json;
using Graft.Cli.Commands;

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
}
