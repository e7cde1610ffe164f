using Graft.Models;
using Graft.Torch;

namespace Graft.Tests;

public sealed class PredictorTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void Images_come_back_in_their_order_with_the_unreadable_ones_named()
    {
        string first = workshop.Photo(0, 1, "one.png"), last = workshop.Photo(1, 2, "two.png");
        string broken = workshop.Path("broken.jpg"), empty = workshop.Path("empty.png");
        File.WriteAllText(broken, "not an image");
        File.WriteAllBytes(empty, []);
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        IReadOnlyList<ImagePrediction> predictions =
            new Predictor(model) { BatchSize = 2 }.Predict([broken, first, empty, last, broken], Stop);
        Assert.Equal([broken, first, empty, last, broken], predictions.Select(prediction => prediction.Image));
        Assert.Equal([true, false, true, false, true], predictions.Select(prediction => prediction.Error is not null));
        Assert.Equal(3, predictions[1].Logits.Count);
        Assert.Throws<InvalidDataException>(() => predictions[0].Best);
        Assert.Throws<InvalidDataException>(() => new Predictor(model).Predict(broken));
    }

    [Fact]
    public void A_model_without_a_head_is_refused_since_features_are_no_logits()
    {
        string weights = SharedFiles.Require("data/weights/mobilenetv2_035_timm");
        string photo = workshop.Photo(0, 1, "one.png");
        using SavedModel model = SavedModel.Open(weights, device: "cpu");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => model.Predict(photo));
        Assert.Contains("expected a model with a head", error.Message);
    }

    [Fact]
    public void Probabilities_are_the_softmax_of_the_logits_largest_first()
    {
        string photo = workshop.Photo(0, 1, "one.png");
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        ImagePrediction prediction = model.Predict(photo);
        double[] exponentials = [.. prediction.Logits.Select(logit => Math.Exp(logit))];
        Assert.Equal(["x", "y", "z"], prediction.Predictions.Select(each => each.Label).Order());
        foreach (Prediction each in prediction.Predictions)
        {
            Assert.Equal(exponentials[each.Index] / exponentials.Sum(), each.Probability, 1e-9);
            Assert.Equal(model.Labels[each.Index], each.Label);
        }
        Assert.Equal(prediction.Predictions.OrderByDescending(each => each.Probability), prediction.Predictions);
        Assert.Equal(prediction.Predictions[0], prediction.Best);
    }

    [Fact]
    public void Calibrated_probabilities_are_those_of_the_divided_logits()
    {
        string photo = workshop.Photo(0, 1, "one.png");
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        Assert.Throws<InvalidDataException>(() => new Predictor(model) { Calibrate = true }.Predict(photo));
        ImagePrediction plain = model.Predict(photo);
        model.Network.Task = new ModelTask { Temperature = 3 };
        ImagePrediction calibrated = new Predictor(model) { Calibrate = true }.Predict(photo);
        Assert.Equal(plain.Logits, calibrated.Logits);
        Assert.Equal(plain.Label, calibrated.Label);
        double[] exponentials = [.. plain.Logits.Select(logit => Math.Exp(logit / 3))];
        foreach (Prediction each in calibrated.Predictions)
            Assert.Equal(exponentials[each.Index] / exponentials.Sum(), each.Probability, 1e-6);
    }

    [Fact]
    public void A_model_abstains_where_it_is_not_sure_enough()
    {
        string photo = workshop.Photo(0, 1, "one.png");
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        double highest = model.Predict(photo).Best.Probability;
        ImagePrediction unsure = new Predictor(model) { MinimumConfidence = highest + 1e-9 }.Predict(photo);
        Assert.True(unsure.IsUnsure);
        Assert.Null(unsure.Label);
        Assert.Equal(highest, unsure.Best.Probability);
        ImagePrediction sure = new Predictor(model) { MinimumConfidence = highest }.Predict(photo);
        Assert.False(sure.IsUnsure);
        Assert.Equal(sure.Best.Label, sure.Label);
    }

    [Fact]
    public void A_folder_gives_every_image_below_it_by_name()
    {
        string b = workshop.Photo(0, 1, "album", "b.png"), a = workshop.Photo(0, 2, "album", "deep er", "å.png");
        File.WriteAllText(workshop.Path("album", "notes.txt"), "no image by its name");
        Assert.Equal([b, a], Predictor.FindImages([workshop.Path("album")]));
        Assert.Equal([a, b, a], Predictor.FindImages([a, workshop.Path("album")]));
        Assert.Throws<FileNotFoundException>(() => Predictor.FindImages([workshop.Path("nothing")]));
        Directory.CreateDirectory(workshop.Path("bare"));
        Assert.Throws<InvalidDataException>(() => Predictor.FindImages([workshop.Path("bare")]));
    }

    [Fact]
    public void Predicting_leaves_no_tensor_behind()
    {
        string photos = workshop.Photos(perClass: 5);
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        long before = Tensor.LiveCount;
        for (int i = 0; i < 3; i++) new Predictor(model) { BatchSize = 4 }.Predict([photos], Stop);
        new Predictor(model) { BatchSize = 2 }.Stream([photos], Stop).Take(3).Count();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Batches_and_workers_do_not_change_what_is_predicted()
    {
        string photos = workshop.Photos(perClass: 5);
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        IReadOnlyList<ImagePrediction> single = new Predictor(model) { BatchSize = 1, Workers = 1 }.Predict([photos], Stop);
        IReadOnlyList<ImagePrediction> many = new Predictor(model) { BatchSize = 10, Workers = 3 }.Predict([photos], Stop);
        for (int i = 0; i < single.Count; i++)
            for (int k = 0; k < 3; k++) Assert.Equal(single[i].Logits[k], many[i].Logits[k], 1e-5f);
    }

    [Fact]
    public void A_weights_file_by_itself_opens_too()
    {
        using SavedModel folder = SavedModel.Open(workshop.Model(), device: "cpu");
        using ImageModel resnet = ModelZoo.Create("timm:resnet18", ["a", "b"], seed: 1);
        ModelSaver.SaveTimm(resnet, workshop.Path("resnet18"));
        string file = workshop.Path("resnet18", "model.safetensors");
        File.Delete(workshop.Path("resnet18", "config.json"));
        File.Delete(workshop.Path("resnet18", "preprocessor_config.json"));
        using SavedModel opened = SavedModel.Open(file, "timm:resnet18", "cpu");
        Assert.Equal("timm:resnet18", opened.Architecture);
        Assert.Equal(2, opened.Labels.Count);
        Assert.NotEmpty(opened.Notes);
    }
}
