using Graft.Nn;
using Graft.Torch;

namespace Graft.Training.Tests;

/// <summary>Batches in parts, where memory runs out.</summary>
public class MicroBatchingTests
{
    [Fact]
    public void A_batch_falls_into_parts_as_equal_as_can_be()
    {
        var micro = new MicroBatching();
        Assert.Equal([(0, 10)], micro.Parts(10));
        micro.Limit = 4;
        Assert.Equal([(0, 3), (3, 6), (6, 10)], micro.Parts(10));
        Assert.Equal([(0, 4)], micro.Parts(4));
        micro.Limit = 1;
        Assert.Equal([(0, 1), (1, 2)], micro.Parts(2));
    }

    [Fact]
    public void Where_memory_runs_out_the_same_batch_goes_on_in_parts_with_the_same_gradient()
    {
        (float[] whole, double wholeLoss, _) = Train(room: int.MaxValue);
        (float[] parts, double partsLoss, List<string> told) = Train(room: 3);
        for (int i = 0; i < whole.Length; i++) Assert.Equal(whole[i], parts[i], 1e-5);
        Assert.Equal(wholeLoss, partsLoss, 1e-5);
        Assert.Equal(2, told.Count); // 10 to 5, 5 to 3
        Assert.Contains("memory ran out with 5 images at once: from here on at most 3", told[1]);
    }

    [Fact]
    public void What_does_not_fit_one_by_one_is_told()
    {
        var error = Assert.Throws<TorchException>(() => Train(room: 0));
        Assert.True(error.IsOutOfMemory);
    }

    [Fact]
    public void Another_mistake_is_not_taken_for_a_lack_of_memory()
    {
        using var blobs = new Blobs();
        var trainer = new Trainer();
        trainer.MicroBatches.Attempting = _ => throw new TorchException("aten::linear: shapes cannot be multiplied");
        using TrainingPhase phase = PhaseOf(blobs, 1);
        Assert.Throws<TorchException>(() => trainer.Run(phase, TestContext.Current.CancellationToken));
        Assert.Null(trainer.MicroBatches.Limit);
    }

    [Fact]
    public void Gradients_added_up_over_batches_survive_parts()
    {
        (float[] whole, _, _) = Train(room: int.MaxValue, accumulate: 2);
        (float[] parts, _, _) = Train(room: 4, accumulate: 2);
        for (int i = 0; i < whole.Length; i++) Assert.Equal(whole[i], parts[i], 1e-5);
    }

    [Fact]
    public void The_limit_is_remembered_in_a_checkpoint()
    {
        var written = new StateWriter();
        new MicroBatching { Limit = 5 }.Save(written);
        var resumed = new MicroBatching();
        resumed.Load(new StateReader(written));
        Assert.Equal(5, resumed.Limit);
    }

    [Fact]
    public void What_a_model_makes_of_a_batch_in_parts_is_what_it_makes_of_the_whole()
    {
        List<string> told = [];
        List<int> tried = [];
        var micro = new MicroBatching
        {
            Changed = told.Add,
            Attempting = size =>
            {
                tried.Add(size);
                if (size > 3) throw new TorchException("CUDA out of memory. Tried to allocate 2.00 GiB");
            },
        };
        using var scope = new TensorScope();
        Tensor inputs = Tensor.FromArray([.. Enumerable.Range(0, 14).Select(i => (float)i)], [7, 2]);
        Tensor outputs = micro.Run(inputs, part => part * 2 + 1);
        Assert.Equal([7, 2], outputs.Shape);
        Assert.Equal((inputs * 2 + 1).ToArray<float>(), outputs.ToArray<float>());
        Assert.Equal([7, 3, 4, 1, 2, 2, 2], tried);
        Assert.Equal(2, told.Count);
        tried.Clear();
        micro.Run(inputs, part => part);
        Assert.Equal([1, 2, 2, 2], tried); // it is remembered
    }

    [Fact]
    public void Validation_goes_on_in_parts_too_and_measures_the_same()
    {
        (double loss, double accuracy) Validate(int room)
        {
            using var blobs = new Blobs();
            var trainer = new Trainer();
            trainer.EvaluationBatches.Attempting = size =>
            {
                if (size > room) RunOut();
            };
            using TrainingPhase phase = PhaseOf(blobs, 1);
            trainer.Run(phase, TestContext.Current.CancellationToken);
            Assert.Equal(room < 10 ? 3 : null, trainer.EvaluationBatches.Limit);
            Assert.Null(trainer.MicroBatches.Limit);
            return (trainer.Epochs[^1].ValidationLoss, trainer.Epochs[^1].ValidationAccuracy);
        }
        (double whole, double right) = Validate(int.MaxValue);
        (double parts, double rightInParts) = Validate(3);
        Assert.Equal(whole, parts, 1e-6);
        Assert.Equal(right, rightInParts);
    }

    // no process has that many addresses: libtorch really fails
    static void RunOut() => Tensor.Zeros([1L << 46]).Dispose();

    static (float[] Weights, double Loss, List<string> Told) Train(int room, int accumulate = 1)
    {
        using var blobs = new Blobs();
        List<string> told = [];
        var trainer = new Trainer();
        trainer.MicroBatches.Changed = told.Add;
        trainer.MicroBatches.Attempting = size =>
        {
            if (size > room) RunOut();
        };
        using TrainingPhase phase = PhaseOf(blobs, accumulate);
        long before = Tensor.LiveCount;
        trainer.Run(phase, TestContext.Current.CancellationToken);
        Assert.True(Tensor.LiveCount <= before + 2 * blobs.Store.All.Count, "tensors were left behind");
        return ([.. blobs.Store.Weights.SelectMany(weight => weight.Value.ToArray<float>())], trainer.Epochs[^1].TrainLoss, told);
    }

    static TrainingPhase PhaseOf(Blobs blobs, int accumulate)
    {
        var source = new FeatureSource(blobs.Sample(30, seed: 1), 10);
        return new()
        {
            Name = "all",
            Epochs = 3,
            Model = blobs,
            Source = source,
            Validation = source,
            Optimizer = new Sgd(blobs.Store.Weights, 0.05),
            AccumulateSteps = accumulate,
        };
    }
}
