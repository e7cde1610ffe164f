using System.Text.Json;

namespace Graft.Imaging.Tests;

/// <summary>AutoAugment, RandAugment, TrivialAugmentWide and AugMix against torchvision's tables and pixels.</summary>
public class AutomaticAugmentationTests
{
    static AugmentSpace Space(string name) => name switch
    {
        "autoaugment" or "randaugment" => AugmentSpace.Standard,
        "trivialaugment" => AugmentSpace.Trivial,
        _ => AugmentSpace.AugMix,
    };

    static int Bins(string name) => name is "autoaugment" or "augmix" ? 10 : 31;

    [Fact]
    public void EveryOperationAtEveryMagnitudeGivesTorchvisionsBytes()
    {
        List<string> wrong = [];
        HashSet<AugmentOperation> seen = [];
        int count = 0;
        foreach (JsonElement row in PixelGoldenTests.Golden.GetProperty("applied").EnumerateArray())
        {
            string policy = row[0].GetString()!;
            AugmentOperation operation = Enum.Parse<AugmentOperation>(row[1].GetString()!);
            using Image source = PixelGoldenTests.Source(row, 4);
            double magnitude = row[3].GetInt32() * Space(policy).Magnitude(
                operation, row[2].GetInt32(), Bins(policy), source.Width, source.Height);
            Interpolation filter = (Interpolation)row[8].GetInt32();
            RgbColor fill = filter == Interpolation.Nearest ? default : new(9, 8, 7);
            using Image result = new AugmentStep(operation, magnitude).Apply(source, filter, fill);
            if (Crc.Of(result.Rgb) != row[9].GetUInt32()) wrong.Add(row.GetRawText());
            seen.Add(operation);
            count++;
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} differ:\n" + string.Join('\n', wrong.Take(20)));
        Assert.Equal(Enum.GetValues<AugmentOperation>().Length, seen.Count);
        Assert.True(count > 3000);
    }

    [Fact]
    public void MagnitudesAreTorchvisions()
    {
        foreach (JsonProperty entry in PixelGoldenTests.Golden.GetProperty("spaces").EnumerateObject())
        {
            string[] words = entry.Name.Split(' '), size = words[1].Split('x');
            (string policy, int width, int height) = (words[0], int.Parse(size[0]), int.Parse(size[1]));
            AugmentSpace space = Space(policy);
            List<AugmentOperation> names = [];
            foreach (JsonProperty row in entry.Value.EnumerateObject())
            {
                AugmentOperation operation = Enum.Parse<AugmentOperation>(row.Name);
                names.Add(operation);
                Assert.Equal(row.Value.GetProperty("signed").GetBoolean(), AugmentSpace.IsSigned(operation));
                JsonElement magnitudes = row.Value.GetProperty("magnitudes");
                Assert.Equal(magnitudes.ValueKind == JsonValueKind.Array, AugmentSpace.HasMagnitude(operation));
                if (magnitudes.ValueKind != JsonValueKind.Array) continue;
                int i = 0;
                foreach (JsonElement magnitude in magnitudes.EnumerateArray())
                    Assert.Equal(magnitude.GetDouble(), space.Magnitude(operation, i++, Bins(policy), width, height));
                Assert.Equal(Bins(policy), i);
            }
            // the order is what a draw's index means; AutoAugment draws none
            if (policy != "autoaugment") Assert.Equal(names, space.Operations);
        }
    }

    [Fact]
    public void RulesAreTorchvisions()
    {
        foreach (AutoAugmentPolicy policy in Enum.GetValues<AutoAugmentPolicy>())
        {
            JsonElement table = PixelGoldenTests.Golden.GetProperty("policies").GetProperty(policy.ToString());
            ReadOnlySpan<AutoAugmentRule> rules = AutoAugmentRules.Of(policy);
            Assert.Equal(25, table.GetArrayLength());
            Assert.Equal(50, rules.Length);
            for (int i = 0; i < 50; i++)
            {
                JsonElement rule = table[i / 2][i % 2];
                int magnitude = rule[2].ValueKind == JsonValueKind.Null ? 0 : rule[2].GetInt32();
                AugmentOperation operation = Enum.Parse<AugmentOperation>(rule[0].GetString()!);
                Assert.Equal(new AutoAugmentRule(operation, rule[1].GetSingle(), magnitude), rules[i]);
            }
        }
    }

    [Fact]
    public void AutoAugmentDrawsItsPairsAsOftenAsTheySay()
    {
        AutoAugment policy = new(AutoAugmentPolicy.Svhn);
        const int Count = 50_000;
        int first = 0, second = 0, negative = 0, shears = 0;
        SampleRandom random = new(5, 0, 0);
        for (int i = 0; i < Count; i++)
        {
            foreach (AugmentStep step in policy.Draw(100, 80, ref random))
            {
                if (step.Operation == AugmentOperation.Contrast) first++;
                if (step.Operation == AugmentOperation.ShearX)
                {
                    shears++;
                    if (step.Magnitude < 0) negative++;
                    Assert.InRange(Math.Abs(step.Magnitude), 0.06, 0.3001);
                }
                if (step.Operation == AugmentOperation.TranslateX) second++;
            }
        }
        // one pair of 25 each: Contrast with probability 0.3, TranslateX with 0.9; ShearX in six pairs, 0.9 x 3 + 0.1 + 0.7 x 2
        Assert.InRange(first / (double)Count, 0.3 / 25 - 0.002, 0.3 / 25 + 0.002);
        Assert.InRange(second / (double)Count, 0.9 / 25 - 0.004, 0.9 / 25 + 0.004);
        Assert.InRange(shears / (double)Count, 4.2 / 25 - 0.008, 4.2 / 25 + 0.008);
        Assert.InRange(negative / (double)shears, 0.47, 0.53);
    }

    [Fact]
    public void RandAugmentDrawsEveryOperationAlikeAndOneMagnitude()
    {
        RandAugment policy = new(operations: 3, magnitude: 30);
        Dictionary<AugmentOperation, int> counts = [];
        SampleRandom random = new(6, 0, 0);
        for (int i = 0; i < 10_000; i++)
        {
            AugmentStep[] steps = policy.Draw(331, 100, ref random);
            Assert.Equal(3, steps.Length);
            foreach (AugmentStep step in steps)
            {
                counts[step.Operation] = counts.GetValueOrDefault(step.Operation) + 1;
                double magnitude = step.Operation switch
                {
                    AugmentOperation.ShearX or AugmentOperation.ShearY => 0.3f,
                    AugmentOperation.TranslateX => 150,
                    AugmentOperation.TranslateY => (float)(150.0 / 331 * 100),
                    AugmentOperation.Rotate => 30,
                    AugmentOperation.Posterize => 4,
                    >= AugmentOperation.Brightness and <= AugmentOperation.Sharpness => 0.9f,
                    _ => 0,
                };
                Assert.Equal(magnitude, Math.Abs(step.Magnitude));
            }
        }
        Assert.Equal(14, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 1900, 2400));
        Assert.DoesNotContain(AugmentOperation.Invert, counts.Keys);
        Assert.Throws<ArgumentException>(() => new RandAugment(magnitude: 31));
    }

    [Fact]
    public void TrivialAugmentDrawsAllMagnitudes()
    {
        TrivialAugmentWide policy = new();
        HashSet<AugmentStep> steps = [];
        SampleRandom random = new(7, 0, 0);
        for (int i = 0; i < 60_000; i++) steps.Add(policy.Draw(40, 30, ref random));
        // nine signed operations of 61 values (0 has no sign: -0 equals 0), posterize of 7, solarize of 31, three plain ones
        Assert.Equal(9 * 61 + 7 + 31 + 3, steps.Count);
        Assert.Equal(135, steps.Where(s => s.Operation == AugmentOperation.Rotate).Max(s => s.Magnitude));
        Assert.Equal(-135, steps.Where(s => s.Operation == AugmentOperation.Rotate).Min(s => s.Magnitude));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    [InlineData(4.0)]
    public void AugMixWeightsAreDirichlet(double alpha)
    {
        AugMix policy = new(alpha: alpha);
        SampleRandom random = new(8, 0, 0);
        const int Count = 20_000;
        double sum = 0, squares = 0, share = 0;
        HashSet<int> lengths = [];
        for (int i = 0; i < Count; i++)
        {
            AugMixDraw draw = policy.Draw(60, 50, ref random);
            Assert.Equal(1, draw.Original + draw.Weights.Sum(), 1e-5);
            (sum, squares) = (sum + draw.Original, squares + draw.Original * draw.Original);
            share += draw.Weights[0];
            foreach (AugmentStep[] chain in draw.Chains)
            {
                lengths.Add(chain.Length);
                foreach (AugmentStep step in chain)
                    if (step.Operation == AugmentOperation.ShearX) Assert.InRange(Math.Abs(step.Magnitude), 0, 0.0667);
            }
        }
        Assert.Equal([1, 2, 3], lengths.Order());
        double mean = sum / Count;
        Assert.Equal(0.5, mean, 0.01);
        // of Beta(a, a): 1 / (4 (2 a + 1))
        Assert.Equal(1 / (4 * (2 * alpha + 1)), squares / Count - mean * mean, 0.004);
        Assert.Equal(1 / 6.0, share / Count, 0.005);
    }

    [Fact]
    public void AugMixIsTheTruncatedWeightedSum()
    {
        using Image image = SyntheticImage.Make("smooth", 37, 23, 4);
        AugMixDraw draw = new(
            0.35f, [0.4f, 0.25f],
            [
                [new(AugmentOperation.Rotate, 20), new(AugmentOperation.Solarize, 100)],
                [new(AugmentOperation.Equalize, 0)],
            ]);
        AugMix policy = new(width: 2, fill: new(1, 2, 3));
        using Image turned = Warp.Rotate(image, 20, Interpolation.Bilinear, fill: new(1, 2, 3));
        using Image one = Tone.Solarize(turned, 100), two = Tone.Equalize(image);
        using Image mixed = policy.Mix(image, draw);
        for (int i = 0; i < mixed.Rgb.Length; i++)
        {
            float sum = 0.35f * image.Rgb[i];
            sum += 0.4f * one.Rgb[i];
            sum += 0.25f * two.Rgb[i];
            Assert.Equal((byte)sum, mixed.Rgb[i]);
        }
    }

    [Fact]
    public void TheSameSampleGetsTheSame()
    {
        IImageTransform[] policies = [new AutoAugment(), new RandAugment(), new TrivialAugmentWide(), new AugMix()];
        using Image image = SyntheticImage.Make("narrow", 61, 45, 3);
        byte[] before = image.Rgb.ToArray();
        foreach (IImageTransform policy in policies)
        {
            HashSet<uint> results = [];
            for (ulong sample = 0; sample < 30; sample++)
            {
                SampleRandom one = new(1, 2, sample), again = new(1, 2, sample);
                Image first = policy.Apply(image, ref one), second = policy.Apply(image, ref again);
                Assert.Equal(Crc.Of(first.Rgb), Crc.Of(second.Rgb));
                Assert.Equal((61, 45), (first.Width, first.Height));
                results.Add(Crc.Of(first.Rgb));
            }
            Assert.True(results.Count > 8, $"{policy}: {results.Count} different results of 30");
        }
        Assert.Equal(before, image.Rgb.ToArray());
    }
}
