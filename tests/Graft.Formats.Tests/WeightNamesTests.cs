namespace Graft.Formats.Tests;

public class WeightNamesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("weight", "")]
    [InlineData("fc.weight", "fc.")]
    [InlineData("fc.weight fc.bias", "fc.")]
    [InlineData("model.conv.weight model.fc.weight", "model.")]
    [InlineData("model.conv1.weight model.conv2.weight", "model.")]
    [InlineData("model.conv model.conv.weight", "model.")]
    [InlineData("a.b modelx.c", "")]
    public void The_common_prefix_is_of_whole_segments(string names, string prefix) =>
        Assert.Equal(prefix, WeightNames.CommonPrefix(names.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Wrappers_are_taken_off_and_nothing_else()
    {
        Assert.Equal(["conv.w", "fc.w"], WeightNames.StripWrappers(["module.conv.w", "module.fc.w"], out string prefix));
        Assert.Equal("module.", prefix);
        Assert.Equal(["a.b", "a.c"], WeightNames.StripWrappers(["module._orig_mod.a.b", "module._orig_mod.a.c"], out prefix));
        Assert.Equal("module._orig_mod.", prefix);
        Assert.Equal(["model.a", "model.b"], WeightNames.StripWrappers(["model.a", "model.b"], out prefix));
        Assert.Equal("", prefix);
        Assert.Equal(["module.a", "b"], WeightNames.StripWrappers(["module.a", "b"], out prefix));
        Assert.Equal(["a", "b"], WeightNames.StripCommonPrefix(["model.a", "model.b"], out prefix));
        Assert.Equal("model.", prefix);
    }

    [Fact]
    public void Every_element_type_has_its_names()
    {
        Assert.Equal(Enum.GetValues<ElementType>(), ElementTypes.All);
        foreach (ElementType type in ElementTypes.All)
        {
            Assert.True(ElementTypes.TryParseSafetensors(type.SafetensorsName(), out ElementType again) && again == type);
            Assert.True(ElementTypes.TryParseTorch(type.TorchName(), out again) && again == type);
        }
        Assert.Equal(2, ElementType.BFloat16.Size());
        Assert.False(ElementTypes.TryParseSafetensors("f32", out _));
        Assert.Throws<OverflowException>(() => new ArrayEntry("a", ElementType.Float32, [1L << 62]).ByteLength);
        Assert.Throws<OverflowException>(() => new ArrayEntry("a", ElementType.Float32, [-1]).ElementCount);
    }
}
