using System.Text.RegularExpressions;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests.Zoo;

/// <summary>
/// The table of multiply-adds is what the networks do. <c>GRAFT_ACCEPT=1</c> writes it anew, which runs each variant once.
/// </summary>
public partial class MultiplyAddTests
{
    const int CheckedOfEachFamily = 3;
    const long MostChecked = 20_000_000_000; // more takes too long here; torchvision's are held against what it publishes

    static string TablePath =>
        Path.Combine(SharedFiles.Repository, "src", "Graft.Models", "Zoo", "multiply-adds.txt");

    static Dictionary<string, string> Lines() => File.Exists(TablePath)
        ? File.ReadAllLines(TablePath).ToDictionary(line => line[..line.IndexOf(' ')]) : [];

    [Fact]
    public void The_table_is_what_the_networks_do()
    {
        Dictionary<string, string> lines = Lines();
        if (Environment.GetEnvironmentVariable("GRAFT_ACCEPT") == "1") lines = Renewed(lines);
        foreach (string name in lines.Keys) Assert.NotNull(ModelZoo.TryFindVariant(name));
        foreach (ModelFamily family in ModelZoo.Families)
        {
            IEnumerable<ModelVariant> smallest = family.Variants.Where(variant => lines.ContainsKey(variant.FullName))
                .OrderBy(Count).Where(variant => Count(variant) <= MostChecked).Take(CheckedOfEachFamily);
            foreach (ModelVariant variant in smallest)
                Assert.Equal(MultiplyAdds.Line(variant, MultiplyAdds.Count(variant)), lines[variant.FullName]);
        }

        long Count(ModelVariant variant) => long.Parse(lines[variant.FullName].Split(' ')[^1]);
    }

    /// <summary>What is not in the table, or there for another size, is counted; what is no variant any more goes.</summary>
    static Dictionary<string, string> Renewed(Dictionary<string, string> lines)
    {
        var renewed = new Dictionary<string, string>();
        List<ModelVariant> missing = [];
        foreach (ModelVariant variant in ModelZoo.Variants)
            if (lines.GetValueOrDefault(variant.FullName) is { } line && line.StartsWith(MultiplyAdds.Line(variant, 0)[..^1]))
                renewed[variant.FullName] = line;
            else missing.Add(variant);
        // the smallest first, and each kept at once: the largest take minutes
        foreach (ModelVariant variant in missing.OrderBy(one => one.Parameters * one.Preprocess.Height * one.Preprocess.Width))
        {
            renewed[variant.FullName] = MultiplyAdds.Line(variant, MultiplyAdds.Count(variant));
            File.WriteAllText(TablePath, string.Concat(renewed.Values.Order(StringComparer.Ordinal).Select(line => line + "\n")));
        }
        return renewed;
    }

    [Fact]
    public void What_torchvision_publishes_is_what_is_counted()
    {
        Dictionary<string, string> lines = Lines();
        int compared = 0;
        foreach (PublishedWeights weights in PublishedWeights.All)
        {
            string name = $"{weights.Origin.ShortName()}:{weights.Model}";
            if (weights.Origin != Origin.TorchVision) continue; // papers round more than the digits they show
            if (weights.MultiplyAdds is not { } published || !lines.TryGetValue(name, out string? line)) continue;
            string[] words = line.Split(' ');
            if (words[1] != $"{weights.InputSize}") continue;
            // torchvision states them in billions to three places, authors in their read-mes to one or two
            double allowed = weights.Origin == Origin.TorchVision ? 500_000 : Math.Max(50_000_000, 0.02 * published);
            Assert.True(Math.Abs(published - long.Parse(words[3])) <= allowed, $"{weights}: {published}, counted {words[3]}");
            compared++;
        }
        Assert.True(compared >= 15, $"only {compared} were compared");
    }

    [Fact]
    public void Every_operator_that_multiplies_matrices_is_counted()
    {
        using ImageModel model = ModelZoo.Create("torchvision:resnet18", 2); // so that operators are declared
        IEnumerable<string> products = Operator.Declared.Select(op => op.Name).Where(name => Products().IsMatch(name));
        Assert.Contains("aten::linear", products);
        Assert.All(products, name => Assert.Contains(name, MultiplyAddCounter.Counted));
    }

    [GeneratedRegex("::_?(conv|.*linear$|.*mm$|matmul|einsum|.*attention|dot$|mv$)")]
    private static partial Regex Products();

    [Fact]
    public void Shapes_decide()
    {
        using var scope = new TensorScope();
        Tensor images = Tensor.Zeros([2, 4, 8, 8]), kernel = Tensor.Zeros([6, 2, 3, 3]);
        // 2 images, 6 x 4 x 4 outputs, each of 2 x 3 x 3 inputs
        Assert.Equal(2 * 96 * 18, MultiplyAddCounter.Of(() => images.Conv2d(kernel, null, [2, 2], [1, 1], [1, 1], groups: 2)));
        Tensor tokens = Tensor.Zeros([2, 5, 3]), weight = Tensor.Zeros([7, 3]);
        Assert.Equal(2 * 5 * 7 * 3, MultiplyAddCounter.Of(() => tokens.Linear(weight)));
        Assert.Equal(2 * 5 * 5 * 3, MultiplyAddCounter.Of(() => tokens.MatMul(tokens.Transpose(1, 2))));
    }
}
