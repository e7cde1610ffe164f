using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft.Tests;

public class TestTimeAugmentationTests
{
    static double[] Probabilities(SavedModel model, Image image, bool shaped)
    {
        Preprocess preprocess = model.Preprocess;
        float[] values = new float[3 * preprocess.Height * preprocess.Width];
        if (shaped) preprocess.Normalize(image, values);
        else preprocess.Apply(image, values);
        using var scope = new TensorScope();
        Tensor input = Tensor.FromArray(values, [1, 3, preprocess.Height, preprocess.Width]);
        return [.. model.Logits(input).Softmax(-1).ToArray<float>().Select(value => (double)value)];
    }

    static void Same(double[] expected, ImagePrediction prediction)
    {
        Assert.Null(prediction.Error);
        foreach (Prediction one in prediction.Predictions) Assert.Equal(expected[one.Index], one.Probability, 1e-5);
        Assert.Equal(1, prediction.Predictions.Sum(one => one.Probability), 1e-5);
    }

    [Fact]
    public void FlippingIsTheMeanOfTheImageAndItsMirror()
    {
        using Workshop workshop = new();
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu", threads: 1);
        string file = workshop.Photo(2, 5, "one.png");
        using Image image = ImageCodec.Load(file), shaped = model.Preprocess.ApplyGeometry(image);
        using Image mirror = RandomHorizontalFlip.Flip(shaped);
        double[] plain = Probabilities(model, shaped, true), flipped = Probabilities(model, mirror, true);
        Assert.NotEqual(plain[0], flipped[0], 1e-4);
        double[] expected = [.. plain.Zip(flipped, (one, two) => (one + two) / 2)];
        Same(expected, new Predictor(model) { TestTime = TestTimeAugmentation.Flip }.Predict(file));
    }

    [Fact]
    public void FastaisMeanIsAQuarterPlainAndTheRestAugmented()
    {
        using Workshop workshop = new();
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu", threads: 1);
        string first = workshop.Photo(0, 1, "a.png"), second = workshop.Photo(2, 5, "b.png");
        TestTimeAugmentation views = new() { Views = 3, Seed = 7 };
        FastaiAugmentation transform = new(model.Preprocess.Height, model.Preprocess.Width);
        using Image image = ImageCodec.Load(second);
        double[] expected = [.. Probabilities(model, image, false).Select(value => value * 0.25)];
        for (ulong view = 1; view <= 3; view++)
        {
            SampleRandom random = new(7, view, sample: 1);
            using Image changed = transform.Apply(image, ref random);
            double[] its = Probabilities(model, changed, true);
            for (int k = 0; k < its.Length; k++) expected[k] += its[k] * 0.25;
        }
        foreach (int workers in new[] { 1, 2, 4 })
        {
            Predictor predictor = new(model) { TestTime = views, Workers = workers, BatchSize = workers };
            Same(expected, predictor.Predict([first, second])[1]);
        }
    }

    [Fact]
    public void AnEvaluationUsesItAndLeaksNothing()
    {
        using Workshop workshop = new();
        string photos = workshop.Photos(perClass: 5, classes: ["x", "y", "z"]);
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu", threads: 1);
        EvaluationResult plain = Evaluation.Run(model, photos, new() { Workers = 2 });
        long before = Tensor.LiveCount;
        EvaluationResult viewed = Evaluation.Run(model, photos, new() { Workers = 2, TestTime = new() });
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(15, viewed.Images);
        Assert.NotEqual(plain.Loss, viewed.Loss);
        Assert.True(double.IsFinite(viewed.Loss));
    }

    [Fact]
    public void SeparateProbabilitiesAreMeantAsSuch()
    {
        using var scope = new TensorScope();
        TestTimeAugmentation views = new() { Views = 1, PlainShare = 0.5 };
        Tensor batch = Tensor.FromArray<float>([1, 3], [1, 2, 1, 1]); // one image of two views with one channel
        Tensor Logits(Tensor images) => Tensor.Cat([images.Reshape(-1, 1), -images.Reshape(-1, 1)], 1);
        static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
        float[] result =
            views.Forward(batch, 1, Logits, MemoryFormat.Contiguous, ProblemType.MultiLabel).Sigmoid().ToArray<float>();
        Assert.Equal((Sigmoid(1) + Sigmoid(3)) / 2, result[0], 1e-6);
        Assert.Equal((Sigmoid(-1) + Sigmoid(-3)) / 2, result[1], 1e-6);
        Assert.Equal([2f, -2f],
            views.Forward(batch, 1, Logits, MemoryFormat.Contiguous, ProblemType.Regression).ToArray<float>());
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Assert.Contains("test-time views",
            Assert.Throws<ArgumentException>(() => new TestTimeAugmentation { Views = 0 }.Validate()).Message);
        Assert.Contains("plain share",
            Assert.Throws<ArgumentException>(() => new TestTimeAugmentation { PlainShare = 2 }.Validate()).Message);
    }
}
