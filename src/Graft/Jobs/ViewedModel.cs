using Graft.Data;
using Graft.Models;
using Graft.Torch;

namespace Graft;

/// <summary>How images are read for a saved model and run through it, with or without test-time augmentation.</summary>
static class ViewedModel
{
    /// <summary>What reads images, what makes logits of a batch of them, and how they are batched.</summary>
    public static (ISampleReader Reader, Func<Tensor, Tensor> Forward, DataLoaderOptions Options) Of(
        SavedModel model, SamplePipeline plain, TestTimeAugmentation? testTime, int batchSize, int workers)
    {
        MemoryFormat format = ModelOpening.FormatOn(model.Device);
        var options = new DataLoaderOptions { BatchSize = batchSize, Workers = workers, MemoryFormat = format };
        if (testTime is null) return (plain, model.Logits, options);
        ProblemType problem = model.Network.Task.Problem;
        ViewReader reader = testTime.Reader(plain);
        // as many images at once as without it: a batch has several of each
        options = options with { BatchSize = Math.Max(1, batchSize / reader.Views), MemoryFormat = MemoryFormat.Contiguous };
        return (reader, views => testTime.Forward(views, plain.Channels, model.Logits, format, problem), options);
    }
}
