namespace Graft.Models.Tests;

public class NameMapTests
{
    static readonly NameMap map =
    [
        ("blocks.*.attn.qkv", "layer.*.attention.{query,key,value}"),
        ("blocks.*.attn.{q_bias,-,v_bias}", "layer.*.attention.both"),
        ("blocks.*.mlp", "layer.*.dense"),
        ("head", "classifier"),
    ];

    [Fact]
    public void Ours_is_theirs_stacked()
    {
        Assert.Equal(
            [new("layer.3.attention.query.weight"), new("layer.3.attention.key.weight"), new("layer.3.attention.value.weight")],
            map.Parts("blocks.3.attn.qkv.weight"));
        Assert.Equal("blocks.3.attn.qkv.bias", map.ToOurs("layer.3.attention.key.bias"));
        Assert.Equal("layer.3.attention.query.bias", map.ToTheirs("blocks.3.attn.qkv.bias"));
    }

    [Fact]
    public void Theirs_is_ours_stacked_with_zeros()
    {
        Assert.Equal([new TensorPart("layer.0.attention.both", 0, 3)], map.Parts("blocks.0.attn.q_bias"));
        Assert.Equal([new TensorPart("layer.0.attention.both", 2, 3)], map.Parts("blocks.0.attn.v_bias"));
        Assert.Equal("blocks.0.attn.q_bias", map.ToOurs("layer.0.attention.both"));
        Assert.Empty(map.Parts("blocks.0.attn.-"));
    }

    [Fact]
    public void Braces_in_a_files_names_are_letters()
    {
        Assert.Equal("blocks.0.mlp.we{ight", map.ToOurs("layer.0.dense.we{ight"));
        Assert.Equal("blocks.0.mlp.{a,b}", map.ToOurs("layer.0.dense.{a,b}"));
    }

    [Fact]
    public void Others_are_renamed()
    {
        Assert.Equal([new TensorPart("layer.12.dense.weight")], map.Parts("blocks.12.mlp.weight"));
        Assert.Equal([new TensorPart("classifier.bias")], map.Parts("head.bias"));
        Assert.Empty(map.Parts("stem.weight"));
    }
}
