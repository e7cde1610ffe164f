using Graft.Training;

namespace Graft;

/// <summary>What a run started from, kept in its checkpoints: a resume with other images or other weights is refused.</summary>
/// <param name="trainListing">names, classes and sizes of the training images, as a hash</param>
/// <param name="validationListing">those of the validation images</param>
/// <param name="weights">the weights that training started from, as a hash; empty for random ones</param>
sealed class RunIdentity(Lazy<string> trainListing, Lazy<string> validationListing, Lazy<string> weights) : IStateful
{
    public string Key => "origin";

    public string TrainListing => trainListing.Value;

    public string ValidationListing => validationListing.Value;

    public string Weights => weights.Value;

    public void Save(StateWriter to)
    {
        to.Write("train_listing_sha256", TrainListing);
        to.Write("val_listing_sha256", ValidationListing);
        to.Write("weights_sha256", Weights);
    }

    public void Load(StateReader from)
    {
        Check(from.Text("train_listing_sha256") == TrainListing, "the training images are not those");
        Check(from.Text("val_listing_sha256") == ValidationListing, "the validation images are not those");
        Check(from.Text("weights_sha256") == Weights, "the pretrained weights are not those");
    }

    static void Check(bool same, string what)
    {
        if (!same)
            throw new InvalidDataException($"{what} with which this run began: it can't be resumed exactly. Start a new run.");
    }
}
