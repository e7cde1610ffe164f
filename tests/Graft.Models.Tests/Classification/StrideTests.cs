using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Classification;

/// <summary>How far each stage is halved: what weights and their shapes don't tell.</summary>
public class StrideTests
{
    static readonly ResNet.Config resNet = new()
    {
        Depths = [1, 1, 1, 1],
        Widths = [8, 8, 8, 8],
        Bottlenecks = [true, true, true, true],
        StemWidths = [8],
        Classes = 0,
    };

    [Theory]
    [InlineData(false, 32, 4)]
    [InlineData(true, 32, 2)] // a strided first stage goes to 64, and nothing is dilated for it
    [InlineData(false, 16, 8)]
    [InlineData(false, 8, 16)]
    public void ResNets_last_stage(bool firstStageStrides, int outputStride, int size) => Assert.Equal(size, LastSize(
        new ResNet(), resNet with { FirstStageStrides = firstStageStrides, OutputStride = outputStride }, "layer4"));

    [Theory]
    [InlineData(32, 4)]
    [InlineData(16, 8)]
    [InlineData(8, 16)]
    public void MobileNetV2s_last_stage(int outputStride, int size) => Assert.Equal(size, LastSize(
        new MobileNetV2(),
        new MobileNetV2.Config { Widths = [8, 8, 8, 8, 8, 8, 8], Features = 8, OutputStride = outputStride, Classes = 0 },
        "blocks.6"));

    static long LastSize(ModelFamily family, ModelConfig config, string path)
    {
        using ImageModel model = ModelZoo.Create(family, config, Origin.Timm, Preprocess.ImageNet());
        using var scope = new TensorScope();
        var sizes = new Sizes();
        using (Autograd.NoGrad())
        using (Module.Observe(sizes)) model.Forward(Tensor.Randn([1, 3, 128, 128]));
        return sizes.Heights[path];
    }

    sealed class Sizes : IModuleObserver
    {
        public Dictionary<string, long> Heights { get; } = [];

        public void OnEntering(Module module, Tensor input) { }

        public void OnLeaving(Module module, Tensor input, Tensor output)
        {
            if (output.Rank == 4) Heights[module.Path.Name] = output.Size(2);
        }
    }
}
